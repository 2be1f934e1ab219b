"""What stands at a moment, by unit, and not older than a minute."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.centre.situation import queries
from lachan.centre.situation.rules.measures import LEVELS
from lachan.centre.situation.rules.signs import Lately, pain, signs
from lachan.centre.situation.tests.conftest import NINE, commune, later
from lachan.core import actors
from lachan.systems.feedback.tests.conftest import filed
from lachan.systems.vaccination.commands import hold_lot, open_store, record_receipt
from lachan.systems.vaccination.models import Lot
from tests.town import build, moment

pytestmark = pytest.mark.django_db


def here(measure: str) -> int:
    queries.forget()
    return queries.levels(NINE).of(frozenset({commune().pk}))[measure]


def test_reports_are_open_until_answered_and_overdue_when_their_time_is_over() -> None:
    filed(area=commune(), at=later(days=-3))
    filed(area=commune("Phường Đa Kao"), at=NINE)
    assert (here("reports_open"), here("reports_overdue")) == (1, 1)
    assert queries.levels(NINE).of(None)["reports_open"] == 2


def test_doses_of_a_held_lot_are_no_stock() -> None:
    officer = actors.system(at=NINE)
    store = open_store(name="Kho xã", area=commune(), parent=None, actor=officer, at=later(days=-9))
    for number in ("A1", "A2"):
        record_receipt(
            store=store, product="vaxzevria", number=number, expires_on=date(2027, 3, 1), doses=100, actor=officer,
            at=later(days=-8),
        )  # fmt: skip
    assert here("stock") == 200
    hold_lot(lot=Lot.objects.get(number="A1"), reason="serious reaction", actor=officer, at=NINE)
    assert here("stock") == 100


def test_beds_orders_and_guests_are_counted() -> None:
    build()
    queries.forget()
    found = queries.levels(moment(0)).of(None)
    assert (found["beds"], found["free_beds"], found["orders_in_force"]) == (4, 4, 0)


def test_they_are_asked_for_once_a_minute_in_as_many_statements_as_measures() -> None:
    with CaptureQueriesContext(connection) as first:
        queries.levels(NINE)
    with CaptureQueriesContext(connection) as again:
        kept = queries.levels(later(hours=0) + timedelta(seconds=59))
    assert len(first) <= len(LEVELS) + 2
    assert (len(again), kept.as_of) == (0, NINE)
    assert queries.levels(NINE + timedelta(seconds=60)).as_of > NINE
    assert queries.levels(NINE - timedelta(seconds=1)).as_of < NINE


def lately(**said: dict[str, int]) -> Lately:
    return Lately(said.get("week", {}), said.get("before", {}), said.get("now", {}))


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"week": {"cases": 5}}, ["rising"]),
        ({"week": {"cases": 4}}, []),
        ({"week": {"cases": 14}, "before": {"cases": 10}}, []),
        ({"week": {"cases": 15}, "before": {"cases": 10}}, ["rising"]),
        ({"week": {"positives": 1, "negatives": 19}}, []),
        ({"week": {"positives": 2, "negatives": 18}}, ["positivity"]),
        ({"week": {"positives": 1, "negatives": 3}}, []),
        ({"week": {"contacts": 10, "contacts_in_time": 7}}, ["contacts-late"]),
        ({"week": {"contacts": 10, "contacts_in_time": 8}}, []),
        ({"week": {"tests": 10, "results_in_time": 1}}, ["results-late"]),
        ({"now": {"in_facilities": 3, "free_beds": 0}}, ["no-bed"]),
        ({"now": {"in_facilities": 3, "free_beds": 1}}, []),
        ({"now": {"in_facilities": 0, "free_beds": 0}}, []),
        ({"now": {"reports_overdue": 1}}, ["reports-overdue"]),
        ({"week": {"doses": 1}, "now": {"stock": 0}}, ["no-stock"]),
        ({"week": {"doses": 1}, "now": {"stock": 6}}, []),
    ],
)  # fmt: skip
def test_what_hurts_is_said(said: dict[str, dict[str, int]], codes: list[str]) -> None:
    assert signs(lately(**said)) == codes


def test_more_signs_hurt_more_then_more_cases() -> None:
    two = lately(week={"cases": 9}, now={"reports_overdue": 1})
    one = lately(week={"cases": 900}, before={"cases": 800}, now={"reports_overdue": 1})
    many = lately(week={"cases": 50}, before={"cases": 50})
    few = lately(week={"cases": 40}, before={"cases": 50})
    assert sorted([few, many, two, one], key=pain, reverse=True) == [two, one, many, few]
