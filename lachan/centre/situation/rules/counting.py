"""What one subject adds to the counters: a pure function of all that is told of it.

A subject is a case, a contact, a dose, a result with its amendments, a citizen's report, an arrival with its
corrected decisions, or an event that stands alone. Since it is a function of the *set* of its events, they may come
late, twice or in any order: who counts adds the difference between what the set said before and what it says now.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from lachan.centre.situation.rules.measures import RESULT_HOURS
from lachan.core import events as ev
from lachan.core.events import Event

Cell = tuple[date, str]
Subject = tuple[str, Any]
Cells = Counter[tuple[int, date, str]]
"""Numbers by area, day and measure."""
NEVER_A_CONTACT = ("case-withdrawn", "source-cleared", "merged", "no-exposure")
"""Why a contact is cleared who, as it turned out, had not been one."""

ALONE = (ev.OrderIssued, ev.PersonReleased, ev.DosesWasted)
OF_PERSONS = (
    ev.CaseConfirmed, ev.CaseWithdrawn, ev.ResultReported, ev.ResultAmended, ev.ContactFound, ev.ContactChanged,
    ev.ContactCleared, ev.ContactCalled, ev.ArrivalCleared, ev.DoseGiven, ev.DoseWithdrawn,
)  # fmt: skip
OF_REPORTS = (ev.ReportFiled, ev.ReportAnswered, ev.ReportRefused, ev.ReportEscalated)
COUNTED: tuple[type[Event], ...] = (*ALONE, *OF_PERSONS, *OF_REPORTS)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what counting depends besides events: the local day of an instant, and within how many hours a contact found
    on a day is to be called (None where no rule says so)."""

    local_date: Callable[[datetime], date]
    call_hours: Callable[[date], int | None]


def in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (e.happened_at, e.id))


def by_subject(events: Iterable[Event]) -> dict[Subject, list[Event]]:
    """The events of one person (or of one thing), parted by what they tell of, each part in order."""
    told = in_order(events)
    first = _first_of_chains(told)
    parted: dict[Subject, list[Event]] = {}
    for event in told:
        parted.setdefault(_key(event, first), []).append(event)
    return parted


def _first_of_chains(told: Sequence[Event]) -> dict[Subject, int]:
    """Of each result and decision that takes the place of another: the number of the first."""
    first: dict[Subject, int] = {}
    for kind, number, before in filter(None, map(_link, told)):
        first[kind, number] = first.get((kind, before), before)
    return first


def _link(event: Event) -> tuple[str, int, int] | None:
    if isinstance(event, ev.ResultAmended):
        return "result", event.result_id, event.amends_id
    if isinstance(event, ev.ArrivalCleared) and event.replaces_id:
        return "clearance", event.clearance_id, event.replaces_id
    return None


NUMBERS = (("case_id", "case"), ("contact_id", "contact"), ("report_id", "report"))


def _key(event: Event, first: dict[Subject, int]) -> Subject:
    if isinstance(event, ev.ResultReported | ev.ResultAmended):
        return "result", first.get(("result", event.result_id), event.result_id)
    if isinstance(event, ev.ArrivalCleared):
        return "clearance", first.get(("clearance", event.clearance_id), event.clearance_id)
    if isinstance(event, ev.DoseGiven | ev.DoseWithdrawn):
        return "dose", event.given_id if isinstance(event, ev.DoseWithdrawn) else event.id
    for fact, kind in NUMBERS:
        if hasattr(event, fact):
            return kind, getattr(event, fact)
    return "event", event.id


def tally(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """What the events of one subject, in order, add to the measures of which days. Never less than nothing."""
    if not subject:
        return Counter()
    found: Counter[Cell] = Counter()
    for part in PARTS:
        found.update(part(subject, terms))
    return found


def _cases(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day on which it was confirmed, or confirmed again after it had been withdrawn."""
    day = None
    for event in subject:
        if isinstance(event, ev.CaseConfirmed):
            day = day or terms.local_date(event.happened_at)
        elif isinstance(event, ev.CaseWithdrawn):
            day = None
    return Counter({(day, "cases"): 1}) if day else Counter()


def _results(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day of the first report, with the outcome that holds now."""
    told = [e for e in subject if isinstance(e, ev.ResultReported | ev.ResultAmended)]
    if not told:
        return Counter()
    day, first = terms.local_date(told[0].happened_at), told[0]
    took = max(first.happened_at - first.collected_at, timedelta())
    found = {"tests": 1, "result_minutes": int(took / timedelta(minutes=1))}
    if took <= timedelta(hours=RESULT_HOURS):
        found["results_in_time"] = 1
    if told[-1].outcome in ("positive", "negative"):
        found[f"{told[-1].outcome}s"] = 1
    return Counter({(day, measure): n for measure, n in found.items()})


def _contacts(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day on which the contact was found, with the level that holds now, and whether a call got through."""
    found = next((e for e in subject if isinstance(e, ev.ContactFound)), None)
    if found is None or any(
        isinstance(e, ev.ContactCleared) and e.reason in NEVER_A_CONTACT for e in subject
    ):
        return Counter()
    day = terms.local_date(found.happened_at)
    levels = [e.level for e in subject if isinstance(e, ev.ContactFound | ev.ContactChanged)]
    cells = Counter({(day, "contacts"): 1, (day, "contacts_near"): int(levels[-1] == 1)})
    reached = [e for e in subject if isinstance(e, ev.ContactCalled) and e.outcome == "reached"]
    if reached:
        hours = terms.call_hours(day)
        timely = hours is not None and reached[0].happened_at - found.happened_at <= timedelta(hours=hours)
        cells.update({(day, "contacts_reached"): 1, (day, "contacts_in_time"): int(timely)})
    return +cells


FIRST_OF: tuple[tuple[str, tuple[type[Event], ...]], ...] = (
    ("reports", (ev.ReportFiled,)),
    ("reports_answered", (ev.ReportAnswered, ev.ReportRefused)),
    ("reports_late", (ev.ReportEscalated,)),
    ("orders", (ev.OrderIssued,)),
    ("releases", (ev.PersonReleased,)),
)


def _firsts(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day of the first event of its kinds: what counts once, however often it happens."""
    found: Counter[Cell] = Counter()
    for measure, kinds in FIRST_OF:
        first = next((e for e in subject if isinstance(e, kinds)), None)
        if first:
            found[terms.local_date(first.happened_at), measure] += 1
    return found


def _doses(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day on which it was given, unless it was taken back; doses of a store on the day they were written off."""
    found: Counter[Cell] = Counter()
    for event in subject:
        day = terms.local_date(event.happened_at)
        if isinstance(event, ev.DosesWasted):
            found[day, "wasted_doses"] += event.doses
        elif isinstance(event, ev.DoseGiven):
            found.update(dict.fromkeys(((day, measure) for measure in _kinds_of_dose(event)), 1))
        elif isinstance(event, ev.DoseWithdrawn):
            return Counter()
    return found


def _kinds_of_dose(dose: ev.DoseGiven) -> list[str]:
    """Of a primary course of one dose the first is the last."""
    kinds = ["doses"]
    if dose.dose_number == 1:
        kinds.append("first_doses")
    if dose.dose_number == dose.primary_doses:
        kinds.append("last_doses")
    elif dose.dose_number > dose.primary_doses:
        kinds.append("more_doses")
    return kinds


def _arrivals(subject: Sequence[Event], terms: Terms) -> Counter[Cell]:
    """On the day of the first decision at the gate, with the duty that holds now."""
    told = [e for e in subject if isinstance(e, ev.ArrivalCleared)]
    if not told:
        return Counter()
    day = terms.local_date(told[0].happened_at)
    return +Counter(
        {(day, "arrivals"): 1, (day, "arrivals_apart"): int(told[-1].duty in ("home", "facility"))}
    )


PARTS = (_cases, _results, _contacts, _firsts, _doses, _arrivals)


@dataclass(slots=True)
class Change:
    """What is to be added to `cells` (area, day, measure), and for which area each new event was counted."""

    cells: Cells
    counted: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Known:
    """The events counted `before`, with their areas; those to be counted `now`; where an event counts of whose
    subject nothing was counted before (None: nowhere). `afresh`: count as if nothing had been."""

    before: Mapping[UUID, int]
    now: Set[UUID]
    area_of: Callable[[Event], int | None]
    terms: Terms
    afresh: bool = False


def change(stories: Iterable[Sequence[Event]], known: Known) -> Change:
    """What counting changes. A story is a list of events that may belong together: of one person, one report."""
    made = Change(Counter(), {})
    for story in stories:
        for subject in by_subject(story).values():
            if known.afresh or any(e.id in known.now and e.id not in known.before for e in subject):
                _count(subject, known, made)
    return made


def _count(subject: Sequence[Event], known: Known, made: Change) -> None:
    counted = [e for e in subject if e.id in known.before]
    new = [e for e in subject if e.id in known.before or e.id in known.now]
    area = known.before[counted[0].id] if counted else known.area_of(new[0])
    if area is None:
        return
    difference = tally(new, known.terms)
    if not known.afresh:
        difference.subtract(tally(counted, known.terms))
    for (day, measure), n in difference.items():
        made.cells[area, day, measure] += n
    made.counted.update({e.id: area for e in new if e.id not in known.before})
