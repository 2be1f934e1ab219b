"""Counters move with events: once for each, in any order, with as many statements for many as for few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.centre.models import Counted
from lachan.centre.situation.handlers import count
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    amended,
    called,
    commune,
    confirmed,
    country,
    counts,
    dose,
    found,
    later,
    passed,
    person,
    result,
    taken_back,
    told,
    withdrawn,
)
from lachan.core import events as ev
from lachan.core.codes import new_code
from lachan.core.events import Event
from lachan.core.models import Area, Place, PlaceKind
from tests.rows import residents

pytestmark = pytest.mark.django_db
HERE = "Phường Bến Nghé"
YESTERDAY = TODAY - timedelta(days=1)


def gate(area: Area) -> Place:
    return Place.objects.create(
        code=new_code(), kind=PlaceKind.BORDER_GATE, name="Nội Bài", area=area, opened_at=later(days=-9)
    )


def test_events_count_where_the_person_lives() -> None:
    she, he = person(), person(commune("Phường Đa Kao"))
    count(told(confirmed(she), confirmed(he, 2)), NINE)
    assert counts() == {(HERE, TODAY, "cases"): 1, ("Phường Đa Kao", TODAY, "cases"): 1}


def test_the_same_event_twice_counts_once() -> None:
    events = told(confirmed(person()))
    count([*events, *events], NINE)
    count(events, later(hours=1))
    assert counts() == {(HERE, TODAY, "cases"): 1}
    assert Counted.objects.count() == 1


def test_a_late_event_counts_on_the_day_it_happened() -> None:
    count(told(confirmed(person(), at=later(days=-1))), NINE)
    assert counts() == {(HERE, YESTERDAY, "cases"): 1}


def test_what_is_taken_back_leaves_the_day_on_which_it_counted() -> None:
    she = person()
    count(told(confirmed(she, at=later(days=-1)), result(she, 1, at=later(days=-1), hours=0)), NINE)
    assert (HERE, YESTERDAY, "cases") in counts()
    count(told(withdrawn(she), amended(she, 2, 1, "negative", "positive")), NINE)
    assert counts() == {
        (HERE, YESTERDAY, "tests"): 1, (HERE, YESTERDAY, "negatives"): 1, (HERE, YESTERDAY, "results_in_time"): 1
    }  # fmt: skip


def test_a_dose_taken_back_before_it_was_counted_counts_nowhere() -> None:
    given = dose(person())
    both = told(given, taken_back(given))
    count(both[1:], NINE)
    count(both[:1], NINE)
    assert counts() == {}


def test_who_moves_stays_counted_where_they_lived() -> None:
    she = person()
    count(told(confirmed(she)), NINE)
    she.home_area = commune("Phường Đa Kao")
    she.save()
    count(told(withdrawn(she)), NINE)
    assert counts() == {}


def test_what_is_told_of_a_merged_record_belongs_to_the_one_that_is_kept() -> None:
    kept, other = person(), person()
    count(told(result(other, 1, hours=0)), NINE)
    other.merged_into = kept
    other.save()
    count(told(amended(kept, 2, 1, "negative", "positive")), NINE)
    assert counts() == {
        (HERE, TODAY, "tests"): 1,
        (HERE, TODAY, "negatives"): 1,
        (HERE, TODAY, "results_in_time"): 1,
    }


def test_arrivals_count_for_the_gate_and_who_has_no_home_for_the_country() -> None:
    she = person()
    she.home_area = None
    she.save()
    hanoi = commune("Xã Nội Bài")
    count(told(passed(she, 1, "none", gate=gate(hanoi).pk), dose(she, 3)), NINE)
    assert counts(area=hanoi) == {("Xã Nội Bài", TODAY, "arrivals"): 1}
    assert counts(area=country()) == {
        ("Việt Nam", TODAY, "doses"): 1, ("Việt Nam", TODAY, "more_doses"): 1
    }  # fmt: skip


def test_a_batch_of_many_takes_as_many_statements_as_one_of_few() -> None:
    def batch(n: int, first: int) -> list[Event]:
        people = residents(n, area=commune(), at=later(days=-9))
        return told(
            *[
                e
                for i, p in enumerate(people, first)
                for e in (result(p, i), found(p, i), called(p, i), dose(p))
            ]
        )

    few, many = batch(2, 100), batch(60, 200)
    with CaptureQueriesContext(
        connection,
    ) as one:
        count(few, NINE)
    with CaptureQueriesContext(connection) as other:
        count(many, NINE)
    assert len(one) == len(other) <= 12
    assert counts()[HERE, TODAY, "contacts_in_time"] == 62


def test_a_citizens_report_counts_for_its_area() -> None:
    from lachan.systems.feedback.tests.conftest import filed

    report = filed(area=commune("Phường Đa Kao"))
    events = told(
        ev.ReportEscalated(report_id=report.pk, step=1, ref=f"feedback.report:{report.pk}", happened_at=NINE)
    )
    count(events, NINE)
    assert counts() == {("Phường Đa Kao", TODAY, "reports_late"): 1}
