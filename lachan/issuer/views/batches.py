"""Certificates for many records at once: ordered here, carried out by a worker, with progress."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.issuer import queries
from lachan.issuer.commands import ordering
from lachan.issuer.forms import LotForm, PlaceForm
from lachan.issuer.models import BatchOrder, SignerKey
from lachan.issuer.queries.affected import places
from lachan.issuer.queries.reach import CertificateNotVisible
from lachan.issuer.views.desk import answers
from lachan.issuer.views.recalls import about
from lachan.platform.pages import answering

SHOWN = 30


@door(Permission.ISSUE_CERTIFICATE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def batches(request: DeskRequest) -> HttpResponse:
    """POST `of` = lot or place: certificates for all records there that have none."""
    of = request.POST.get("of", "")
    lot = LotForm(request.POST if of == "lot" else None, auto_id="lot_%s")
    place = PlaceForm(
        request.POST if of == "place" else None, places=places(request.posting), auto_id="place_%s"
    )
    form: Any = {"lot": lot, "place": place}.get(of)
    if form is not None and form.is_valid():
        wanted = {"lot": form.cleaned_data["lot"]} if of == "lot" else form.period()
        try:
            order = ordering.order_batch(actor=request.actor, at=clock.now(), **wanted)
            return answers.done(request, _("Ordered: %(n)d certificates.") % {"n": order.total}, "batches")
        except Refusal as refusal:
            form.refuse(refusal)
    newest = BatchOrder.objects.select_related("place", "key", "ordered_by").order_by("-ordered_at", "-pk")[
        :SHOWN
    ]
    context = {
        "lot_form": lot, "place_form": place, "orders": [_shown(order) for order in newest],
        "backlog": queries.backlog(), "at": clock.now(), "void": _void(),
    }  # fmt: skip
    return render(
        request, "certificates/batches.html", context, status=422 if request.method == "POST" else 200
    )


@door(Permission.ISSUE_CERTIFICATE)
@require_POST
@answering
def reissue(request: DeskRequest, number: int) -> HttpResponse:
    """New certificates for all that a compromised key signed."""
    key = SignerKey.objects.filter(pk=number, purpose="certificates").first()
    if key is None:
        raise CertificateNotVisible
    try:
        order = ordering.order_reissue(key=key, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return answers.refused(request, refusal, "batches")
    return answers.done(request, _("Ordered: %(n)d certificates.") % {"n": order.total}, "batches")


def _void() -> list[dict[str, Any]]:
    """Compromised keys whose certificates nobody has ordered anew, with how many are void."""
    running = BatchOrder.objects.filter(key__isnull=False, finished_at__isnull=True).values("key")
    lost = SignerKey.objects.filter(purpose="certificates", compromise__isnull=False).exclude(pk__in=running)
    counts = ((key, ordering.void(key, clock.now()).count()) for key in lost)
    return [{"key": key, "kid": bytes(key.kid).hex(), "count": count} for key, count in counts if count]


def _shown(order: BatchOrder) -> dict[str, Any]:
    if order.key:
        what = _("anew for key %(kid)s") % {"kid": bytes(order.key.kid).hex()}
    else:
        what = about(order.lot, order.place.name if order.place else "", order.starts_on, order.ends_on)
    return {"order": order, "what": what, "percent": min(100 * order.done // order.total, 100)}
