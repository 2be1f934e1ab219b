"""What tracers do in the morning: ask new cases, call contacts, hand cases over."""

from datetime import datetime, timedelta

import numpy as np

from lachan.core import clock
from lachan.core.models import Area, Person, Place
from lachan.simulation.mobility import Visits
from lachan.simulation.outbreak.contacts import MINUTES
from lachan.simulation.play.stage import Stage
from lachan.simulation.venues import Kind
from lachan.systems.tracing.commands import calls, cases, handovers, interviews
from lachan.systems.tracing.commands.cases import Report
from lachan.systems.tracing.commands.interviews import NamedContact
from lachan.systems.tracing.models import CallOutcome, Case, Contact, FollowUpCall

REMEMBERED = 3
CALLS_A_DAY = 75
_LONG_TALK = 30  # minutes at one table that a case remembers
_SYMPTOMS = (("fever", "cough"), ("cough", "sore_throat"), ("fever", "fatigue"), ("cough",))
_REACHED = (0.82, 0.12, 0.03, 0.03)
_OUTCOMES = (CallOutcome.REACHED, CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER, CallOutcome.REFUSED)


def interview_new_cases(stage: Stage, at: datetime) -> None:
    """Everybody confirmed since yesterday's round says when it began, and with whom they sat."""
    since = at - timedelta(days=1)
    found = Case.objects.filter(confirmed_at__gt=since, confirmed_at__lte=at, closed_at__isnull=True)
    for case in found.order_by("root"):
        index = int(stage.indices([case.root_id])[0])
        if index >= 0:
            _tell_onset(stage, case, index, at)
            _tell_contacts(stage, case, index, at)


def _tell_onset(stage: Stage, case: Case, index: int, at: datetime) -> None:
    row = int(stage.outbreak.rows_of(np.array([index]))[0])
    onset = stage.outbreak.truth.onset[row] if row >= 0 else np.nan
    if np.isnan(onset) or stage.loaded.moment(onset) > at:
        return
    report = Report(
        symptoms=_SYMPTOMS[int(stage.draws.pick((1, 1, 1, 1), "symptoms", index)[0])],
        onset_on=clock.local_date(stage.loaded.moment(onset)),
    )
    cases.report_case(person=Person(pk=case.root_id), report=report, actor=stage.cast.staff["tracer"], at=at)


def _tell_contacts(stage: Stage, case: Case, index: int, at: datetime) -> None:
    """Some of those with whom the case sat at a table in the last days, scanned or not."""
    met = [c for day, visits in stage.lately for c in _companions(stage, day, visits, index)]
    named = [
        c for c in met if c.ends_at <= at
    ]  # today is lived through already, the morning knows nothing of it
    if named:
        interviews.add_exposures(
            case=case, contacts=named[:REMEMBERED], actor=stage.cast.staff["tracer"], at=at
        )


def _companions(stage: Stage, day: int, visits: Visits, index: int) -> list[NamedContact]:
    found = []
    for own in np.flatnonzero(visits.person == index):
        venue = int(visits.venue[own])
        if stage.loaded.country.venues.kind[venue] != Kind.RESTAURANT:
            continue
        start, end = np.maximum(visits.start, visits.start[own]), np.minimum(visits.end, visits.end[own])
        near = np.flatnonzero(
            (visits.venue == venue) & (end - start >= _LONG_TALK) & (visits.person != index)
        )
        if len(near):
            other = near[0]
            met = (int(visits.person[other]), int(start[other]), int(end[other]))
            found.append(_named(stage, day, venue, met))
    return found


def _named(stage: Stage, day: int, venue: int, met: tuple[int, int, int]) -> NamedContact:
    person, start, end = met
    return NamedContact(
        person=Person(pk=stage.loaded.person + person), place=Place(pk=stage.loaded.homes.venue + venue),
        starts_at=stage.loaded.moment(day + start / MINUTES), ends_at=stage.loaded.moment(day + end / MINUTES),
        setting="friend", masked=False, closed_space=bool(stage.loaded.country.venues.indoor[venue]),
    )  # fmt: skip


def call_contacts(stage: Stage, at: datetime) -> None:
    """First calls to close contacts, the nearest and longest waiting first."""
    called = FollowUpCall.objects.values("contact__person")
    waiting = Contact.objects.filter(ended_at__isnull=True).exclude(person__in=called)
    waiting = waiting.order_by("level", "found_at", "person")
    for contact in waiting[:CALLS_A_DAY]:
        key = (int(stage.numbers([contact.person_id])[0]), stage.minute_at(at))
        outcome = _OUTCOMES[int(stage.draws.pick(_REACHED, "call", *key)[0])]
        ill = outcome == CallOutcome.REACHED and stage.draws.happens(0.04, "ill at the call", *key)
        calls.record_call(
            contact=contact, outcome=outcome, actor=stage.cast.staff["tracer"], at=at,
            symptoms=("fever", "cough") if ill else (),
            next_at=None if outcome == CallOutcome.REACHED else at + timedelta(days=1),
        )  # fmt: skip


def hand_over(stage: Stage, at: datetime, count: int = 2) -> None:
    """Cases who turn out to stay in another commune; one of them is already acknowledged."""
    found = Case.objects.filter(
        classification="confirmed", closed_at__isnull=True, person__home_area__isnull=False
    )
    latest = found.select_related("person__home_area").order_by("-confirmed_at", "root")
    for number, case in enumerate(latest[:count]):
        home = case.person.home_area
        elsewhere = next(pk for pk in stage.loaded.area_ids if home is not None and pk != home.pk)
        if home is None:
            continue
        sent = handovers.send_handover(
            from_area=home, to_area=Area.objects.get(pk=elsewhere), case=case, actor=stage.cast.staff["tracer"], at=at,
            reason="Người bệnh đang lưu trú tại địa bàn này",
        )  # fmt: skip
        if number:
            handovers.acknowledge_handover(handover=sent, actor=stage.cast.staff["signer"], at=at)
