"""The desk: what waits, where the keys and lists stand, the stop button."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.issuer import commands, fields, queries, rules
from lachan.issuer.forms import PersonForm, StopForm
from lachan.issuer.models import ListKind, SignerKey
from lachan.issuer.queries import reach
from lachan.issuer.queries.affected import open_requests, signed_by_key
from lachan.issuer.queries.trust import key_of
from lachan.platform.pages import Answers
from lachan.platform.screen import Badge, Column, Row, Tone

answers = Answers("certificates")
OLD = timedelta(hours=24)
LATE = timedelta(minutes=15)


@door(Permission.VIEW_CERTIFICATES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def home(request: DeskRequest) -> HttpResponse:
    """What waits and what is wrong; by POST, the way to a person's certificates."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return answers.go("person", form.cleaned_data["person"])
    at = clock.now()
    context = {
        "form": form, "at": at, "stop": queries.stop_in_force(), "backlog": queries.backlog(), "stop_form": StopForm(),
        "lists": [_list(kind, at) for kind in (ListKind.REVOKED, ListKind.TRUST)],
        "requests": open_requests(request.posting).count(), "keys_late": _keys_late(at),
        "idle": _idle(at),
        "may_issue": access.may(request.posting, Permission.ISSUE_CERTIFICATE),
        "may_revoke": access.may(request.posting, Permission.REVOKE_CERTIFICATES), "late": _late(at),
    }  # fmt: skip
    return render(request, "certificates/home.html", context, status=422 if form.errors else 200)


def _idle(at: datetime) -> list[str]:
    """What no key in use signs at this moment, though there are keys for it."""
    names = {"certificates": _("certificates"), "lists": _("lists")}
    found = {purpose: [key_of(row) for row in queries.signer_keys(purpose=purpose)] for purpose in names}
    return [names[purpose] for purpose, keys in found.items() if keys and rules.key_to_use(keys, at) is None]


def _late(at: datetime) -> bool:
    oldest = queries.backlog().oldest_at
    return oldest is not None and at - oldest > LATE


def _list(kind: ListKind, at: datetime) -> dict[str, Any]:
    """A list with its age; one older than a day makes every verifier amber."""
    found = reach.newest(kind)
    names = {ListKind.REVOKED: _("List of what was taken back"), ListKind.TRUST: _("List of trusted signers")}
    return {
        "label": names[kind], "age": fields.age_text(found.made_at, at) if found else _("never published"),
        "made_at": found.made_at if found else None, "entries": found.entries if found else 0,
        "old": found is None or at - found.made_at > OLD,
    }  # fmt: skip


def _keys_late(at: datetime) -> bool:
    return rules.plan_next([key_of(row) for row in queries.signer_keys()], at)


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
def stop(request: DeskRequest) -> HttpResponse:
    """Let nothing be signed from this moment on."""
    form = StopForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        commands.stop_issuing(reason=reason, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return answers.refused(request, refusal, "home")
    return answers.done(request, _("Issuing is stopped. A colleague can resume it."), "home")


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
def resume(request: DeskRequest) -> HttpResponse:
    try:
        commands.resume_issuing(actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return answers.refused(request, refusal, "home")
    return answers.done(request, _("Issuing goes on."), "home")


@door(Permission.VIEW_CERTIFICATES)
@require_safe
@never_cache
def keys(request: DeskRequest) -> HttpResponse:
    """Keys and where each stands by its dates. Read only: ceremonies happen on the issuer's own machine."""
    at, signed = clock.now(), signed_by_key()
    columns = [
        Column(_("Key")), Column(_("Stands")), Column(_("For")), Column(_("Published")), Column(_("Signs from")),
        Column(_("Signs until")), Column(_("Ends")), Column(_("Certificates"), numeric=True),
    ]  # fmt: skip
    known = [*queries.signer_keys(), *queries.signer_keys(purpose="lists")]
    rows = [_key_row(row, at, signed.get(row.pk)) for row in reversed(known)]
    context = {"columns": columns, "rows": rows, "at": at, "late": _keys_late(at), "next": _next_rotation(at)}
    return render(request, "certificates/keys.html", context)


def _next_rotation(at: datetime) -> datetime | None:
    """When the next key has to be published: a month before the last but one stops signing."""
    ends = sorted(
        (row.use_until for row, where in queries.known_keys(at).values()
         if row.use_until and where in (rules.KeyStage.IN_USE, rules.KeyStage.PUBLISHED)), reverse=True,
    )  # fmt: skip
    return ends[1] - rules.ROTATE_BEFORE if len(ends) > 1 else None


def _key_row(row: SignerKey, at: datetime, signed: int | None) -> Row:
    where = rules.stage(key_of(row), at)
    cells = (
        bytes(row.kid).hex(), _stage(where), _("lists") if row.purpose == "lists" else _kinds(row),
        _day(row.published_at), _day(row.use_from), _day(row.use_until), _day(row.not_after), signed,
    )  # fmt: skip
    return Row(cells, late=where == rules.KeyStage.COMPROMISED)


def _kinds(row: SignerKey) -> str:
    return ", ".join(str(fields.KINDS[kind]) for kind in row.uses) or _("all certificates")


def _day(moment: datetime | None) -> str:
    return f"{clock.local_date(moment):%d/%m/%Y}" if moment else ""


def _stage(where: rules.KeyStage) -> Badge:
    words: dict[rules.KeyStage, tuple[str, Tone]] = {
        rules.KeyStage.CREATED: (_("made"), ""),
        rules.KeyStage.PUBLISHED: (_("published"), "accent"),
        rules.KeyStage.IN_USE: (_("signs"), "ok"),
        rules.KeyStage.RETIRED: (_("signs no more"), ""),
        rules.KeyStage.ENDED: (_("has ended"), ""),
        rules.KeyStage.COMPROMISED: (_("compromised"), "stop"),
    }
    return Badge(*words[where])
