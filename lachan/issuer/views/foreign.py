"""Whose certificates of other countries verify here: their lists, with the age of each; loaded and removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.codecs.hcert.verdict import lists_count
from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.issuer import commands, fields, queries
from lachan.issuer.forms import TrustListForm
from lachan.issuer.models import ForeignList
from lachan.issuer.queries.affected import keeps_keys
from lachan.issuer.queries.reach import CertificateNotVisible
from lachan.issuer.views.desk import answers
from lachan.platform.pages import answering

FORMS = {"eu": "EU DCC", "lachan": "Lá Chắn", "did": "DID"}
GONE_SHOWN = 20


@door(Permission.VIEW_CERTIFICATES)
@require_safe
@never_cache
def foreign(request: DeskRequest) -> HttpResponse:
    """The lists in force, and those before."""
    return _page(request, TrustListForm())


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
def load(request: DeskRequest) -> HttpResponse:
    """Another list, or a new one of the same country."""
    form = TrustListForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _require_wide(request)
            row = _load(request, form, clock.now())
            said = _("The signers of %(country)s are trusted: %(n)d keys.") % {
                "country": fields.country_name(row.country), "n": row.signers.count()
            }  # fmt: skip
            return answers.done(request, said, "foreign")
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(request, form)


class NotOverAProvince(Refusal):
    """not-over-a-province: whom we trust is trusted at every gate."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "not-over-a-province",
            _("Lists of other countries are loaded and removed by officers over a province or more."),
        )


def _require_wide(request: DeskRequest) -> None:
    if not keeps_keys(request.posting):
        raise NotOverAProvince


def _page(request: DeskRequest, form: TrustListForm) -> HttpResponse:
    at, gone = clock.now(), ForeignList.objects.filter(removed_at__isnull=False).order_by("-removed_at")
    may_load = access.may(request.posting, Permission.REVOKE_CERTIFICATES) and keeps_keys(request.posting)
    context = {
        "form": form, "at": at, "may_load": may_load,
        "lists": _shown(queries.foreign_lists(), at), "gone": _shown(gone[:GONE_SHOWN], at),
    }  # fmt: skip
    return render(request, "certificates/foreign.html", context, status=422 if form.errors else 200)


def _load(request: DeskRequest, form: TrustListForm, at: datetime) -> ForeignList:
    given = form.cleaned_data
    file, revoked = given["file"], given["revoked"]
    return commands.load_trust_list(
        country=given["country"], content=file.read(), source=given["source"], fetched_at=at, actor=request.actor,
        at=at, revoked=revoked.read() if revoked else None,
    )  # fmt: skip


def _shown(lists: Any, at: datetime) -> Sequence[dict[str, Any]]:
    rows = lists.select_related("loaded_by", "removed_by").annotate(
        keys=Count("signers"), first=Min("signers__not_before"), last=Max("signers__not_after")
    )
    return [
        {
            "list": row, "country": fields.country_name(row.country), "form": FORMS[row.form], "keys": row.keys,
            "first": row.first, "last": row.last, "age": fields.age_text(row.as_of, at),
            "old": not lists_count(row.as_of, at), "digest": bytes(row.digest).hex()[:16],
        }
        for row in rows.defer("revoked")
    ]  # fmt: skip


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
@answering
def remove(request: DeskRequest, number: int) -> HttpResponse:
    """Trust nobody on this list any more."""
    row = queries.foreign_lists().filter(pk=number).first()
    if row is None:
        raise CertificateNotVisible
    try:
        _require_wide(request)
        commands.remove_trust_list(row=row, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return answers.refused(request, refusal, "foreign")
    said = _("The signers of %(country)s are trusted no more.") % {
        "country": fields.country_name(row.country)
    }
    return answers.done(request, said, "foreign")
