"""One tube with everything that happened to it."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages
from lachan.platform.screen import Badge, Entry
from lachan.systems.testing import commands, queries, rules
from lachan.systems.testing.forms import RejectForm
from lachan.systems.testing.models import Pool, Result, Tube
from lachan.systems.testing.views import pieces


@door(Permission.VIEW_TESTS)
@require_safe
def find(request: DeskRequest) -> HttpResponse:
    """GET ?code=: scan any tube or pool."""
    barcode = rules.read_barcode(pages.line(request.GET.get("code"), 64))
    if barcode is None:
        messages.error(request, _("A barcode has 4 to 32 letters, digits and hyphens, at least one digit."))
        return pieces.go("home")
    return pieces.go("tube", barcode)


@door(Permission.VIEW_TESTS)
@require_safe
def tube(request: DeskRequest, barcode: str) -> HttpResponse:
    """The history of a tube or pool, and what may be done with it now."""
    code = rules.read_barcode(barcode) or ""
    pool = queries.pool(request.posting, code)
    return _pool_page(request, pool) if pool else _tube_page(request, queries.tube(request.posting, code))


def _tube_page(request: DeskRequest, found: Tube) -> HttpResponse:
    members = list(found.members.select_related("person__merged_into", "order").order_by("pk"))
    roots = [m.person.merged_into or m.person for m in members]
    at = clock.now()
    access.note_reads([p.pk for p in roots], request.posting, purpose=Purpose.TESTING, part="tube", at=at)
    pooled = getattr(found, "pooling", None)
    of_pool = list(_results(pooled.pool)) if pooled else []
    results = list(_results(found))
    context = {
        "subject": found,
        "tube": found,
        "state": _state(found, results, of_pool),
        "pool": pooled.pool if pooled else None,
        "members": [(pieces.who(request.posting, p), m.order) for p, m in zip(roots, members, strict=True)],
        "entries": _newest_first(_story(found, results + of_pool)),
        "amendable": _amendable(request, results),
        "reject": RejectForm() if _may_reject(request, found, results) else None,
    }
    return render(request, "testing/tube.html", context)


def _pool_page(request: DeskRequest, found: Pool) -> HttpResponse:
    results = list(_results(found))
    made = Entry(found.made_at, _("Pooled"), found.laboratory.name, "accent")
    context = {
        "subject": found,
        "state": _result_state(results) or Badge(_("Waits for a result"), "warn"),
        "tubes": [m.tube for m in found.tubes.select_related("tube").order_by("tube__barcode")],
        "entries": _newest_first([made, *map(_result_entry, results)]),
        "amendable": _amendable(request, results),
    }
    return render(request, "testing/tube.html", context)


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What happened at the same moment is told in the order of the work, reversed like the rest."""
    return sorted(entries, key=lambda e: e.at)[::-1]


def _results(subject: Tube | Pool) -> Iterator[Result]:
    return iter(
        subject.results.select_related("entered_by", "verified_by", "amends").order_by("entered_at", "pk")
    )


def _amendable(request: DeskRequest, results: list[Result]) -> Result | None:
    """The result in force, where this desk may correct it."""
    if not access.may(request.posting, Permission.ENTER_RESULT):
        return None
    live = next((r for r in results if r.verified_at and not r.closed_at), None)
    try:
        return queries.result(request.posting, live.pk) if live else None
    except queries.NotHere:
        return None


def _may_reject(request: DeskRequest, tube: Tube, results: list[Result]) -> bool:
    rules_allow = not hasattr(tube, "rejection") and all(r.closed_at for r in results)
    return rules_allow and (
        access.may(request.posting, Permission.RECEIVE_SAMPLE)
        or access.may(request.posting, Permission.COLLECT_SAMPLE)
    )


def _state(tube: Tube, results: list[Result], of_pool: list[Result]) -> Badge:
    """Computed from the rows, most telling first."""
    if hasattr(tube, "rejection"):
        return Badge(_("Turned down"), "stop")
    own = _result_state(results)
    if own:
        return own
    if any(r.outcome == "negative" and r.verified_at and not r.closed_at for r in of_pool):
        return Badge(_("Negative with its pool"), "ok")
    if tube.assay == "antigen":
        return Badge(_("Waits for a result"), "warn")
    journey = getattr(tube, "journey", None)
    if journey is None:
        return Badge(_("Waits to be sent"), "warn")
    return Badge(_("Waits for a result") if journey.batch.received_at else _("Under way"), "warn")


def _result_state(results: list[Result]) -> Badge | None:
    live = [r for r in results if not r.closed_at]
    if any(r.verified_at for r in live):
        return pieces.outcome_badge(next(r for r in live if r.verified_at))
    return Badge(_("Waits for verification"), "warn") if live else None


def _story(tube: Tube, results: list[Result]) -> Iterator[Entry]:
    yield Entry(
        tube.collected_at, _("Sample taken"), f"{tube.place.name} · {tube.collected_by.name}", "accent"
    )
    journey = getattr(tube, "journey", None)
    if journey:
        box = journey.batch
        url = reverse("testing:batch", args=[box.pk])
        yield Entry(box.sent_at, _("Sent in box #%(n)d") % {"n": box.pk}, box.laboratory.name, url=url)
        if box.received_at:
            yield Entry(box.received_at, _("Received in the laboratory"), box.laboratory.name)
    pooled = getattr(tube, "pooling", None)
    if pooled:
        url = reverse("testing:tube", args=[pooled.pool.barcode])
        yield Entry(pooled.pool.made_at, _("Pooled as %(code)s") % {"code": pooled.pool.barcode}, url=url)
    if hasattr(tube, "rejection"):
        yield Entry(tube.rejection.rejected_at, _("Turned down"), tube.rejection.get_reason_display(), "stop")
    yield from map(_result_entry, results)


def _result_entry(result: Result) -> Entry:
    """A result as it stands: entered, verified by whom, replaced, sent back."""
    parts = [pieces.ct_text(result), _("entered by %(name)s") % {"name": result.entered_by.name}]
    if result.verified_by:
        parts.append(_("verified by %(name)s") % {"name": result.verified_by.name})
    if result.closed_as:
        parts.append(str(result.get_closed_as_display()))
    what = result.get_outcome_display()
    if result.amends:
        what = _("Amendment: %(outcome)s") % {"outcome": what}
    live = result.verified_at is not None and not result.closed_at
    return Entry(
        result.verified_at or result.entered_at, what, " · ".join(p for p in parts if p),
        pieces.TONES[result.outcome] if live else "", why=result.reason or result.closing_note,
    )  # fmt: skip


@door(Permission.VIEW_TESTS)
@require_POST
def reject(request: DeskRequest, barcode: str) -> HttpResponse:
    """Turn a tube down that cannot be tested; its people are asked for another swab."""
    found = queries.tube(request.posting, rules.read_barcode(barcode) or "")
    if not _may_reject(request, found, list(_results(found))):
        raise queries.NotHere
    form = RejectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason from the list."))
        return pieces.go("tube", found.barcode)
    try:
        commands.reject_tubes(
            tubes=[found], reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return pieces.go("tube", found.barcode)
    return pieces.done(
        request, _("Turned down. Another swab was ordered for each person."), "tube", found.barcode
    )
