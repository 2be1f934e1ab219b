"""What one subject adds to the counters, case by case."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from lachan.centre.situation.rules.counting import Known, Terms, by_subject, change, tally
from lachan.centre.situation.rules.measures import FLOWS, RATIOS, ratio
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    amended,
    called,
    cleared,
    confirmed,
    dose,
    found,
    issued,
    later,
    moved,
    passed,
    released,
    result,
    taken_back,
    withdrawn,
)
from lachan.core import events as ev
from lachan.core.events import Event
from lachan.core.models import Person

SHE = Person(pk=7)
YESTERDAY = TODAY - timedelta(days=1)


def terms(hours: int | None = 24) -> Terms:
    return Terms(local_date=lambda at: (at + timedelta(hours=7)).date(), call_hours=lambda _day: hours)


def of(*events: Event, hours: int | None = 24) -> dict[tuple[date, str], int]:
    """What all subjects of these events add, without what adds nothing."""
    cells: Counter[tuple[date, str]] = Counter()
    for subject in by_subject(events).values():
        cells.update(tally(subject, terms(hours)))
    return dict(+cells)


def today(**measures: int) -> dict[tuple[date, str], int]:
    return {(TODAY, measure): n for measure, n in measures.items()}


def report(kind: type[Event], at: datetime = NINE) -> Event:
    return kind(report_id=4, ref="feedback.report:4", happened_at=at, **FACTS.get(kind, {}))  # type: ignore[call-arg, arg-type]


FACTS = {ev.ReportFiled: {"category": "crowd", "channel": "web"}, ev.ReportEscalated: {"step": 1}}


@pytest.mark.parametrize(
    ("events", "cells"),
    [
        ([confirmed(SHE)], today(cases=1)),
        ([confirmed(SHE), confirmed(SHE, at=later(hours=1))], today(cases=1)),
        ([confirmed(SHE, at=later(days=-1))], {(YESTERDAY, "cases"): 1}),
        ([confirmed(SHE, at=later(days=-1)), withdrawn(SHE)], {}),
        ([confirmed(SHE, at=later(days=-1)), withdrawn(SHE), confirmed(SHE, at=later(hours=2))], today(cases=1)),
        ([withdrawn(SHE)], {}),
        ([confirmed(SHE, 1), confirmed(SHE, 2)], today(cases=2)),
    ],
)  # fmt: skip
def test_a_case_counts_on_the_day_it_was_confirmed_unless_withdrawn(
    events: list[Event], cells: dict[tuple[date, str], int]
) -> None:
    assert of(*events) == cells


@pytest.mark.parametrize(
    ("events", "cells"),
    [
        ([result(SHE)], today(tests=1, positives=1, results_in_time=1, result_minutes=360)),
        ([result(SHE, hours=25)], today(tests=1, positives=1, result_minutes=1500)),
        ([result(SHE, outcome="invalid", hours=0)], today(tests=1, results_in_time=1)),
        ([result(SHE, hours=-2)], today(tests=1, positives=1, results_in_time=1)),
        (
            [result(SHE, 1, hours=0), amended(SHE, 2, 1, "negative", "positive", at=later(days=1))],
            today(tests=1, negatives=1, results_in_time=1),
        ),
        (
            [result(SHE, 1, hours=0), amended(SHE, 2, 1, "negative", "positive", at=later(days=1)),
             amended(SHE, 3, 2, "positive", "negative", at=later(days=2))],
            today(tests=1, positives=1, results_in_time=1),
        ),
        (
            [result(SHE, 1, hours=0), result(SHE, 9, "negative", hours=0)],
            today(tests=2, positives=1, negatives=1, results_in_time=2),
        ),
    ],
)  # fmt: skip
def test_a_result_counts_on_the_day_of_its_first_report_with_the_outcome_that_holds_now(
    events: list[Event], cells: dict[tuple[date, str], int]
) -> None:
    assert of(*events) == cells


@pytest.mark.parametrize(
    ("events", "cells"),
    [
        ([found(SHE)], today(contacts=1, contacts_near=1)),
        ([found(SHE, level=2)], today(contacts=1)),
        ([found(SHE), moved(SHE, level=2, at=later(hours=1))], today(contacts=1)),
        ([found(SHE, level=2), moved(SHE, level=1, at=later(days=2))], today(contacts=1, contacts_near=1)),
        ([found(SHE), cleared(SHE, reason="case-withdrawn", at=later(days=2))], {}),
        ([found(SHE), cleared(SHE, reason="source-cleared", at=later(days=2))], {}),
        ([found(SHE), cleared(SHE, reason="became-case", at=later(days=2))], today(contacts=1, contacts_near=1)),
        ([found(SHE), cleared(SHE, reason="follow-up-ended", at=later(days=9))], today(contacts=1, contacts_near=1)),
        (
            [found(SHE, level=2), called(SHE, outcome="no_answer"), called(SHE, at=later(hours=23))],
            today(contacts=1, contacts_reached=1, contacts_in_time=1),
        ),
        ([found(SHE, level=2), called(SHE, at=later(hours=25))], today(contacts=1, contacts_reached=1)),
        (
            [found(SHE, level=2), called(SHE, at=later(hours=25)), called(SHE, at=later(hours=3))],
            today(contacts=1, contacts_reached=1, contacts_in_time=1),
        ),
    ],
)  # fmt: skip
def test_a_contact_counts_on_the_day_it_was_found(
    events: list[Event], cells: dict[tuple[date, str], int]
) -> None:
    assert of(*events) == cells


def test_where_no_rule_says_by_when_to_call_nobody_was_called_in_time() -> None:
    assert of(found(SHE, level=2), called(SHE), hours=None) == today(contacts=1, contacts_reached=1)


@pytest.mark.parametrize(
    ("number", "of_primary", "measures"),
    [(1, 2, "first_doses"), (2, 2, "last_doses"), (3, 2, "more_doses"), (1, 1, "first_doses last_doses")],
)
def test_doses_are_told_apart(number: int, of_primary: int, measures: str) -> None:
    assert of(dose(SHE, number, of_primary)) == today(doses=1, **dict.fromkeys(measures.split(), 1))


def test_a_dose_that_was_taken_back_counts_nowhere() -> None:
    wrong, right = dose(SHE, at=later(days=-1)), dose(SHE, at=later(days=-1))
    assert of(wrong, taken_back(wrong), right) == {(YESTERDAY, "doses"): 1, (YESTERDAY, "first_doses"): 1}


def test_wasted_doses_are_added_up() -> None:
    lost = [ev.DosesWasted(lot_id=1, doses=n, reason="broken", happened_at=later()) for n in (3, 4)]
    assert of(*lost) == today(wasted_doses=7)


def test_orders_and_releases_count_on_their_days() -> None:
    assert of(issued(SHE, at=later(days=-1)), released(SHE)) == {
        (YESTERDAY, "orders"): 1,
        (TODAY, "releases"): 1,
    }


def test_a_report_counts_once_for_filing_answering_and_being_late() -> None:
    told = [
        report(ev.ReportFiled, later(days=-1)), report(ev.ReportEscalated), report(ev.ReportEscalated, later(hours=4)),
        report(ev.ReportAnswered, later(hours=5)), report(ev.ReportAnswered, later(days=3)),
    ]  # fmt: skip
    assert of(*told) == {(YESTERDAY, "reports"): 1} | today(reports_late=1, reports_answered=1)


def test_a_corrected_decision_at_the_gate_counts_once_with_the_duty_that_holds() -> None:
    first, corrected = passed(SHE, 1, "facility"), passed(SHE, 2, "none", of=1, at=later(days=1))
    assert of(first) == today(arrivals=1, arrivals_apart=1)
    assert of(first, corrected) == today(arrivals=1)


def test_every_measure_is_counted_by_something() -> None:
    everything = [
        confirmed(SHE), result(SHE, 1), result(SHE, 2, "negative"), found(SHE), called(SHE), dose(SHE, 1, 1),
        dose(SHE, 3),
        ev.DosesWasted(lot_id=1, doses=1, reason="broken", happened_at=later()), issued(SHE), released(SHE),
        report(ev.ReportFiled), report(ev.ReportAnswered), report(ev.ReportEscalated), passed(SHE, 1, "home"),
    ]  # fmt: skip
    assert {measure for _, measure in of(*everything)} == set(FLOWS)


def known(before: dict[UUID, int], *now: Event) -> Known:
    return Known(before, {e.id for e in now}, lambda _event: 5, terms())


def test_an_event_that_was_counted_changes_nothing_and_keeps_its_area() -> None:
    first, last = result(SHE, 1), amended(SHE, 2, 1, "negative", "positive", at=later(days=1))
    story = [last, first]
    assert not change([story], known({first.id: 3, last.id: 3}, first, last)).counted
    made = change([story], known({first.id: 3}, last))
    assert made.counted == {last.id: 3}
    assert made.cells[3, TODAY, "positives"] == -1
    assert made.cells[3, TODAY, "negatives"] == 1
    assert made.cells[3, TODAY, "tests"] == 0


@pytest.mark.parametrize(
    ("name", "flows", "value"),
    [
        ("positivity", {"positives": 1, "negatives": 3}, 25.0),
        ("positivity", {"tests": 9}, None),
        ("result_hours", {"result_minutes": 180, "tests": 2}, 1.5),
        ("tests_timely", {"results_in_time": 3, "tests": 4}, 75.0),
        ("contacts_timely", {}, None),
    ],
)
def test_shares_and_means_are_made_of_sums(name: str, flows: dict[str, int], value: float | None) -> None:
    assert ratio(name, flows) == value


def test_ratios_are_made_of_flows() -> None:
    assert {m for r in RATIOS.values() for m in (r.part, *r.wholes)} <= set(FLOWS)
