"""Where a person stands now, line by line, each with the event on which it rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core import events as ev
from lachan.core.events import Event
from lachan.platform import policies
from lachan.platform.screen import Tone
from lachan.policy import NoPolicyInForce
from lachan.site.words import TERMS
from lachan.systems.checkpoints.rules import Evidence, evidence_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

E = TypeVar("E", bound=Event)
Result = ev.ResultReported | ev.ResultAmended


@dataclass(frozen=True, slots=True)
class Line:
    """One answer about a person. `event` is what it rests on; None where nothing is recorded."""

    label: StrOrPromise
    answer: str
    tone: Tone = ""
    event: Event | None = None


def standing(told: Sequence[Event], *, at: datetime) -> list[Line]:
    """Case, contact, order, last result, symptoms, doses as of `at`, from the person's events, oldest first.

    The same reading of the evidence as at a gate (`checkpoints.rules.evidence_of`).
    """
    known = [e for e in told if e.happened_at <= at]
    evidence = evidence_of(known, at.astimezone(clock.zone()), case_days=_case_days(at))
    order = _order(known, evidence, clock.local_date(at))
    lines = [_case(known, evidence), _contact(known, evidence), order, _result(known)]
    if evidence.symptoms_at:
        lines.append(_symptoms(known, evidence.symptoms_at))
    return [*lines, _doses(known, evidence)]


def _case_days(at: datetime) -> int:
    """How long a confirmed case counts as one; where no rule is in force no case is taken back by time alone."""
    try:
        return policies.at(clock.local_date(at)).tracing.max_window_days
    except NoPolicyInForce:
        return 36_500


def _case(known: Sequence[Event], evidence: Evidence) -> Line:
    label = _("Case")
    confirmed = _last(known, ev.CaseConfirmed)
    if evidence.active_case:
        return Line(label, gettext("confirmed (F0)"), "stop", confirmed)
    reported = _last(known, ev.CaseReported)
    if reported is not None and not _decided(known, reported):
        words = {"suspect": gettext("suspect, not confirmed"), "probable": gettext("probable, not confirmed")}
        return Line(label, words[reported.classification], "warn", reported)
    if evidence.recovered_on:
        words_of = gettext("recovered, released on %(day)s") % {"day": f"{evidence.recovered_on:%d/%m/%Y}"}
        return Line(label, words_of, "ok", _last(known, ev.PersonReleased))
    return Line(label, gettext("not a case"), "", _last(known, ev.CaseWithdrawn))


def _decided(known: Sequence[Event], reported: ev.CaseReported) -> bool:
    return any(
        isinstance(e, ev.CaseConfirmed | ev.CaseWithdrawn) and e.case_id == reported.case_id for e in known
    )


def _contact(known: Sequence[Event], evidence: Evidence) -> Line:
    label = _("Contact")
    if not evidence.contacts:
        return Line(label, gettext("not a contact"), "", _last(known, ev.ContactCleared))
    nearest = evidence.contacts[0]
    answer = gettext("F%(level)s, last exposed on %(day)s") % {
        "level": nearest.level,
        "day": f"{clock.local_date(nearest.exposed_at):%d/%m/%Y}",
    }

    def says_so(event: Event) -> bool:
        if not isinstance(event, ev.ContactFound | ev.ContactChanged):
            return False
        return (event.level, event.exposed_at) == (nearest.level, nearest.exposed_at)

    return Line(label, answer, "warn", _last(known, Event, says_so))


def _order(known: Sequence[Event], evidence: Evidence, today: date) -> Line:
    """An order whose last day has passed but which nobody has ended yet still waits for its release."""
    label, order = _("Quarantine order"), evidence.order
    if order is None:
        return Line(label, gettext("none in force"), "", _last(known, Event, _ends_an_order))

    def sets_its_dates(event: Event) -> bool:
        return isinstance(event, ev.OrderIssued | ev.OrderChanged) and event.order_id == order.order_id

    rests_on = _last(known, Event, sets_its_dates)
    facts = {"kind": TERMS.get(order.kind, order.kind), "day": f"{order.ends_on:%d/%m/%Y}"}
    if not order.runs(today):
        return Line(label, gettext("reached its end on %(day)s, not yet released") % facts, "warn", rests_on)
    return Line(label, gettext("%(kind)s, until %(day)s") % facts, "accent", rests_on)


def _ends_an_order(event: Event) -> bool:
    return isinstance(event, ev.OrderLifted | ev.PersonReleased)


def _result(known: Sequence[Event]) -> Line:
    label, last = _("Last test result"), last_result(known)
    if last is None:
        return Line(label, gettext("no result yet"))
    tones: dict[str, Tone] = {"positive": "stop", "negative": "ok"}
    facts = {
        "outcome": TERMS[last.outcome],
        "assay": TERMS[last.assay],
        "day": f"{clock.local_date(last.collected_at):%d/%m/%Y}",
    }
    answer = gettext("%(outcome)s (%(assay)s), sample of %(day)s") % facts
    return Line(label, answer, tones.get(last.outcome, "warn"), last)


def last_result(known: Sequence[Event]) -> Result | None:
    """The result of the latest sample, as amended."""
    holding: dict[int, Result] = {}
    for event in known:
        if isinstance(event, ev.ResultAmended):
            holding.pop(event.amends_id, None)
        if isinstance(event, Result):
            holding[event.result_id] = event
    return max(holding.values(), key=lambda e: (e.collected_at, e.happened_at), default=None)


def _symptoms(known: Sequence[Event], declared_at: datetime) -> Line:
    answer = gettext("declared on %(day)s") % {"day": f"{clock.local_date(declared_at):%d/%m/%Y}"}
    return Line(_("Symptoms"), answer, "warn", _last(known, ev.SymptomsDeclared))


def _doses(known: Sequence[Event], evidence: Evidence) -> Line:
    label = _("Vaccine doses")
    if not evidence.shots:
        return Line(label, gettext("none known"))
    gone = {e.given_id for e in known if isinstance(e, ev.DoseWithdrawn)}
    facts = {
        "count": max(s.number for s in evidence.shots),
        "day": f"{max(s.given_on for s in evidence.shots):%d/%m/%Y}",
    }
    return Line(
        label,
        gettext("%(count)s, the last on %(day)s") % facts,
        "ok",
        _last(known, ev.DoseGiven, lambda e: e.id not in gone),
    )


def _last(known: Sequence[Event], kind: type[E], holds: Callable[[E], bool] | None = None) -> E | None:
    for event in reversed(known):
        if isinstance(event, kind) and (holds is None or holds(event)):
            return event
    return None
