"""What the records know of a week: cases in the community, doses, and where homes lie."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, areas
from lachan.core.eventlog import emit
from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    DoseGiven,
    Event,
    OrderIssued,
    OrderLifted,
    ResultReported,
)
from lachan.core.models import Area, AreaSuccessor, Person
from lachan.systems.riskmap import commands, queries
from lachan.systems.riskmap.models import Input
from lachan.systems.riskmap.tests.conftest import NINE, WEEK, commune, province, recorded
from tests.rows import area_in, residents

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 1, 5, 3, tzinfo=NINE.tzinfo)


def told(*events: Event) -> None:
    with transaction.atomic():
        emit(events, actor=actors.system(at=NINE))


def case(person: Person, *, days: float = 1, number: int | None = None, **more: Any) -> CaseConfirmed:
    at = MONDAY + timedelta(days=days)
    key = number or person.pk
    event = CaseConfirmed(
        case_id=key,
        infectious_from=at,
        person_id=person.pk,
        happened_at=at,
        ref=f"tracing.case:{key}",
        **more,
    )
    told(event)
    return event


def order(person: Person, *, days: float, subject: str = "F1", kind: Any = "home") -> OrderIssued:
    event = OrderIssued(
        order_id=person.pk, subject=subject, order_kind=kind, starts_on=WEEK, ends_on=WEEK + timedelta(days=14),
        test_dates=(), policy_id="x", person_id=person.pk, happened_at=MONDAY + timedelta(days=days),
    )  # fmt: skip
    told(event)
    return event


def gathered() -> dict[str, Input]:
    commands.gather_inputs(root=province(), week_on=WEEK, actor=actors.system(at=NINE), at=NINE)
    return queries.figures_of(commune(), WEEK)


def cases() -> int:
    return gathered()["cases"].amount


def test_a_case_of_the_week_counts_once_where_the_person_lives_and_above() -> None:
    [ill, *_] = residents(3, area=commune(), at=MONDAY)
    case(ill)
    assert cases() == 1
    assert queries.figures_of(province(), WEEK)["cases"].amount == 1


def test_no_case_is_a_figure_where_people_are_registered_and_none_elsewhere() -> None:
    residents(1, area=commune(), at=MONDAY)
    empty = commune("20195", "Phường Hòa Cường")
    assert cases() == 0
    assert "cases" not in queries.figures_of(empty, WEEK)


@pytest.mark.parametrize("days", [-1, 7])
def test_cases_of_other_weeks_do_not_count(days: float) -> None:
    case(residents(1, area=commune(), at=MONDAY - timedelta(days=3))[0], days=days)
    assert cases() == 0


@pytest.mark.parametrize("kind", ["home", "facility"])
def test_who_was_under_an_order_when_found_is_no_community_case(kind: str) -> None:
    [ill] = residents(1, area=commune(), at=MONDAY)
    order(ill, days=0, kind=kind)
    case(ill)
    assert cases() == 0


def test_what_leaves_people_free_or_follows_from_the_case_itself_does_not_take_it_off() -> None:
    watched, isolated, later_ordered = residents(3, area=commune(), at=MONDAY)
    order(watched, days=0, kind="monitoring")
    order(isolated, days=0, subject="F0", kind="facility")
    for person in (watched, isolated, later_ordered):
        case(person)
    order(later_ordered, days=2)
    assert cases() == 3


def test_an_order_that_had_ended_or_came_after_the_sample_does_not_take_a_case_off() -> None:
    freed, sampled = residents(2, area=commune(), at=MONDAY)
    event = order(freed, days=0)
    told(OrderLifted(order_id=event.order_id, reason="x", person_id=freed.pk, happened_at=MONDAY))
    told(OrderLifted(order_id=event.order_id, reason="x", person_id=freed.pk, happened_at=event.happened_at))
    case(freed)
    order(sampled, days=0.5)
    result = ResultReported(
        result_id=1, outcome="positive", assay="pcr", collected_at=MONDAY, person_id=sampled.pk,
        happened_at=MONDAY + timedelta(days=1),
    )  # fmt: skip
    told(result)
    case(sampled, caused_by=result.id)
    assert cases() == 2


def test_a_withdrawn_case_is_taken_off_and_one_confirmed_again_counts_in_its_first_week() -> None:
    wrong, again = residents(2, area=commune(), at=MONDAY)
    soon = MONDAY + timedelta(days=2)
    for person in (wrong, again):
        first = case(person)
        told(
            CaseWithdrawn(
                case_id=person.pk, reason="x", person_id=person.pk, ref=first.ref, happened_at=soon
            )
        )  # fmt: skip
    case(again, days=9)
    assert cases() == 1
    told(
        CaseWithdrawn(case_id=again.pk, reason="x", person_id=again.pk, ref=f"tracing.case:{again.pk}",
                      happened_at=MONDAY + timedelta(days=10))
    )  # fmt: skip
    assert cases() == 0


def test_an_order_of_a_record_that_was_merged_counts_for_the_one_that_stays() -> None:
    kept, merged = residents(2, area=commune(), at=MONDAY)
    order(merged, days=0)
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)
    case(kept)
    assert cases() == 0


def dose(person: Person, number: int, *, days: float = 0, of: int = 2) -> None:
    told(
        DoseGiven(vaccine="comirnaty", dose_number=number, primary_doses=of, person_id=person.pk,
                  happened_at=MONDAY + timedelta(days=days))
    )  # fmt: skip


def test_coverage_is_counted_from_doses_where_the_register_is_nearly_whole() -> None:
    people = residents(8, area=commune(), at=MONDAY)
    Person.objects.filter(pk__in=[people[0].pk, people[1].pk]).update(birth_year=1950)
    Person.objects.filter(pk=people[7].pk).update(birth_year=2015)
    dose(people[0], 1)
    dose(people[0], 2, days=1)
    dose(people[1], 1)
    dose(people[2], 1, of=1)
    dose(people[3], 1, days=8)
    assert "adults_one_dose" not in gathered()
    recorded(commune(), {"population": 10})
    found = gathered()
    assert (found["adults_one_dose"].amount, found["adults_one_dose"].of) == (3, 7)
    assert (found["aged_full"].amount, found["aged_full"].of) == (1, 2)
    recorded(commune(), {"population": 11})
    Input.objects.filter(figure="adults_one_dose").delete()
    assert "adults_one_dose" not in gathered()


@pytest.mark.parametrize(
    ("born", "counts"), [((2008, 1, 11), True), ((2008, 1, 12), False), ((2008, None, None), True)]
)
def test_who_is_eighteen_on_the_last_day_is_an_adult(born: tuple[int, Any, Any], counts: bool) -> None:
    [young] = residents(1, area=commune(), at=MONDAY)
    year, month, day = born
    Person.objects.filter(pk=young.pk).update(birth_year=year, birth_month=month, birth_day=day)
    recorded(commune(), {"population": 1})
    assert ("adults_one_dose" in gathered()) is counts


def test_inhabitants_of_the_list_of_units_are_taken_until_somebody_enters_others() -> None:
    residents(1, area=commune(), at=MONDAY)
    Area.objects.filter(pk=commune().pk).update(population=5_000)
    assert (gathered()["population"].amount, gathered()["population"].source) == (5_000, "areas")
    recorded(commune(), {"population": 5_100})
    assert gathered()["population"].amount == 5_100


def old_unit(code: str) -> Area:
    """A unit that had gone before the week."""
    unit = area_in(areas.country(), code, f"Xã {code}", level=3)
    Area.objects.filter(pk=unit.pk).update(valid_to=date(2025, 7, 1))
    return unit


def test_a_home_written_down_under_a_unit_of_before_counts_in_its_successor() -> None:
    old = old_unit("00001")
    AreaSuccessor.objects.create(old=old, new=commune(), share=1)
    case(residents(1, area=old, at=MONDAY)[0])
    assert cases() == 1


def test_a_home_in_a_unit_that_was_divided_counts_only_where_all_parts_lie() -> None:
    old, other = old_unit("00002"), commune("20195", "Phường Hòa Cường")
    for new in (commune(), other):
        AreaSuccessor.objects.create(old=old, new=new)
    residents(1, area=commune(), at=MONDAY)
    case(residents(1, area=old, at=MONDAY)[0])
    assert cases() == 0
    assert queries.figures_of(province(), WEEK)["cases"].amount == 1


def test_counting_again_changes_nothing_and_takes_no_more_queries_for_more_people() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as spent:
            gathered()
        return len(spent)

    residents(2, area=commune(), at=MONDAY)
    statements()
    rows = Input.objects.count()
    few = statements()
    assert Input.objects.count() == rows
    for person in residents(5, area=commune(), at=MONDAY):
        case(person)
        order(person, days=3)
    assert abs(statements() - few) <= 3  # what is news is written
