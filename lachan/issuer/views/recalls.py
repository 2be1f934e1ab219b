"""Taking many back: by lot, by place and days, by key. First the number, then the second person."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.issuer.commands import asking
from lachan.issuer.forms import RecallKeyForm, RecallLotForm, RecallPlaceForm
from lachan.issuer.models import RecallRequest, Scope
from lachan.issuer.queries.affected import (
    Aim,
    affected,
    aim_of,
    is_everywhere,
    keeps_keys,
    open_requests,
    places,
)
from lachan.issuer.queries.reach import CertificateNotVisible
from lachan.issuer.views.desk import answers
from lachan.platform.pages import answering, day_text

SENT = "sure"


@door(Permission.REVOKE_CERTIFICATES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def recalls(request: DeskRequest) -> HttpResponse:
    """POST `scope` and its fields: how many are affected; the same with `sure`: take them back, or ask for it."""
    scope = request.POST.get("scope", "")
    forms = _forms(request, scope)
    form = forms.get(scope)
    preview: dict[str, Any] | None = None
    if form is not None and form.is_valid():
        aim = form.aim()
        try:
            if request.POST.get(SENT):
                return _given(request, aim)
            count = affected(aim)
            preview = {"count": count, "alone": count <= asking.MOST_ALONE, "what": what(aim), "scope": scope}
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "forms": forms, "preview": preview, "chosen": scope, "most_alone": asking.MOST_ALONE,
        "requests": [_line(asked, request) for asked in open_requests(request.posting)],
    }  # fmt: skip
    wrong = request.method == "POST" and preview is None
    return render(request, "certificates/recalls.html", context, status=422 if wrong else 200)


def _forms(request: DeskRequest, scope: str) -> dict[str, Any]:
    def data(own: Scope) -> Any:
        return request.POST if scope == own else None

    area = None if is_everywhere(request.posting) else request.posting.area
    forms: dict[str, Any] = {
        "lot": RecallLotForm(data(Scope.LOT), area=area, auto_id="lot_%s"),
        "place": RecallPlaceForm(data(Scope.PLACE), places=places(request.posting), auto_id="place_%s"),
    }
    if keeps_keys(request.posting):
        forms["key"] = RecallKeyForm(data(Scope.KEY), auto_id="key_%s")
    return forms


def _given(request: DeskRequest, aim: Aim) -> HttpResponse:
    count = affected(aim)
    asked = asking.recall_many(aim=aim, actor=request.actor, at=clock.now())
    if asked:
        return answers.done(request, _("Asked for. A second officer has to agree."), "recalls")
    said = ngettext("%(n)d certificate is taken back.", "%(n)d certificates are taken back.", count) % {
        "n": count
    }
    return answers.done(request, said, "recalls")


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
@answering
def decide(request: DeskRequest, number: int) -> HttpResponse:
    """The second officer agrees, or does not."""
    asked = open_requests(request.posting).filter(pk=number).first()
    if asked is None:
        raise CertificateNotVisible
    agreed = request.POST.get("answer") == "agree"
    try:
        count = asking.decide_recall(request=asked, agreed=agreed, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return answers.refused(request, refusal, "recalls")
    if not agreed:
        return answers.done(request, _("Nothing is taken back."), "recalls")
    said = ngettext("%(n)d certificate is taken back.", "%(n)d certificates are taken back.", count) % {
        "n": count
    }
    return answers.done(request, said, "recalls")


def _line(asked: RecallRequest, request: DeskRequest) -> dict[str, Any]:
    return {"asked": asked, "what": what(aim_of(asked)), "may": asked.asked_by_id != request.actor.pk,
            "now": affected(aim_of(asked))}  # fmt: skip


def what(aim: Aim) -> str:
    """What an order is about, in one line."""
    if aim.scope == Scope.KEY and aim.key is not None:
        return _("all that key %(kid)s signed") % {"kid": bytes(aim.key.kid).hex()}
    line = about(aim.lot, aim.place.name if aim.place else "", aim.starts_on, aim.ends_on)
    return f"{line}, {areas.full_name(aim.area)}" if aim.area else line


def about(lot: str, place: str, starts_on: Any, ends_on: Any) -> str:
    if lot:
        return _("lot %(lot)s") % {"lot": lot}
    last = ends_on - timedelta(days=1) if ends_on else None
    return _("%(place)s, %(first)s to %(last)s") % {
        "place": place, "first": day_text(starts_on), "last": day_text(last)
    }  # fmt: skip
