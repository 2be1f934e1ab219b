"""What was decided at a border gate becomes an order, with its basis and its tests."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.events import DutyImposed, DutyWithdrawn, OrderIssued
from lachan.core.models import EventRow, Person
from lachan.systems.quarantine import handlers
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.quarantine.queries.aftercare import monitored_until
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    confirmed,
    contact_under_order,
    day,
    order_of,
    person,
    term_of,
    told,
)

pytestmark = pytest.mark.django_db


def imposed(who: Person, **other: Any) -> DutyImposed:
    facts: dict[str, Any] = {
        "clearance_id": 1, "gate": "HAN", "duty": "home", "arrived_on": day(10), "days": 7,
        "test_dates": (day(13), day(17)), "negatives_needed": 2, "home_allowed": False, "after_days": 7,
        "immune": False, "rule_id": "vn-exercise-arrivals-2026-01", "area_id": 1,
    }  # fmt: skip
    return told(DutyImposed(person_id=who.pk, happened_at=NOON, **facts | other))


def test_a_duty_becomes_an_order_with_its_days_tests_and_basis() -> None:
    who = person()
    event = imposed(who)
    handlers.impose_orders([event], NOON)
    term = term_of(who)
    assert (term.subject, term.kind, term.starts_on, term.ends_on) == ("arrival", "home", day(10), day(17))
    assert (term.test_dates, term.negatives_needed) == ([day(13), day(17)], 2)
    assert (term.policy_id, term.cause_event_id) == ("vn-exercise-arrivals-2026-01", event.id)
    row = EventRow.objects.get(kind=OrderIssued.__name__)
    assert row.caused_by_id == event.id


def test_the_same_duty_told_twice_is_one_order() -> None:
    who = person()
    event = imposed(who)
    handlers.impose_orders([event, event], NOON)
    handlers.impose_orders([event], NOON)
    assert Order.objects.filter(person=who).count() == OrderTerm.objects.count() == 1


def test_a_corrected_decision_changes_the_order() -> None:
    who = person()
    handlers.impose_orders([imposed(who)], NOON)
    handlers.impose_orders([imposed(who, duty="facility", test_dates=(day(11), day(17)))], NOON)
    term = term_of(who)
    assert (term.kind, term.test_dates) == ("facility", [day(11), day(17)])
    assert Order.objects.filter(person=who).count() == 1


def test_a_decision_taken_back_lifts_the_order_but_no_other() -> None:
    who, other = person(), contact_under_order(name="Lê Văn Bốn")
    handlers.impose_orders([imposed(who)], NOON)
    back = [
        told(DutyWithdrawn(person_id=p.pk, happened_at=NOON, clearance_id=2, gate="HAN"))
        for p in (who, other)
    ]
    handlers.lift_imposed(back, NOON)
    assert Order.objects.get(person=who).closed_how == "lifted"
    assert order_of(other).closed_at is None


def test_a_duty_whose_days_are_over_orders_nothing() -> None:
    who = person()
    handlers.impose_orders([imposed(who, arrived_on=day(1), test_dates=(day(4),), negatives_needed=1)], NOON)
    assert not Order.objects.filter(person=who).exists()


def test_isolation_as_a_case_stands_against_a_duty_after_entry() -> None:
    who = person()
    handlers.isolate_cases([confirmed(who)], NOON)
    handlers.impose_orders([imposed(who, days=30)], NOON)
    assert term_of(who).subject == "F0"


def test_of_contact_and_entry_the_later_end_holds() -> None:
    shorter, longer = contact_under_order(name="Lê Văn Năm"), contact_under_order(name="Lê Văn Sáu")
    handlers.impose_orders([imposed(shorter), imposed(longer, days=21, duty="facility")], NOON)
    ends = [term_of(who).ends_on for who in (shorter, longer)]
    assert ends == [day(23), day(23)]  # a nearer level is stricter: an F1 stays an F1


def test_self_monitoring_after_it_is_as_the_rule_of_entry_says() -> None:
    who = person()
    handlers.impose_orders([imposed(who, immune=True)], NOON)
    assert monitored_until(term_of(who)) == day(17) + timedelta(days=7)


def test_a_batch_costs_a_constant_number_of_statements() -> None:
    def cost(n: int) -> int:
        events = [imposed(person(name=f"Người {n} {i}")) for i in range(n)]
        with CaptureQueriesContext(connection) as taken:
            handlers.impose_orders(events, NOON)
        return len(taken)

    cost(1)
    assert cost(2) == cost(12)


def test_days_that_passed_are_tested_today() -> None:
    who = person()
    handlers.impose_orders([imposed(who, arrived_on=date(2026, 1, 5), test_dates=(day(6), day(12)))], NOON)
    assert term_of(who).test_dates == [day(10), day(12)]
