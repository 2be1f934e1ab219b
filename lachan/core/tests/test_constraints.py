"""What the rules would refuse, the database refuses too: each constraint of the core, violated on purpose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lachan.core import actors
from lachan.core.codes import new_code
from lachan.core.ids import uuid7
from lachan.core.models import (
    Actor,
    ActorKind,
    Area,
    AreaSuccessor,
    Delivery,
    EventRow,
    Identifier,
    Lane,
    Person,
    PersonMerge,
    Place,
    Posting,
    Residence,
)  # fmt: skip

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
DAY = date(2025, 7, 1)
pytestmark = pytest.mark.django_db


def area(**more: Any) -> Area:
    given = {
        "code": new_code()[:8],
        "level": 1,
        "name": "A",
        "search_key": "a",
        "path": "/1/",
        "valid_from": DAY,
    }
    return Area.objects.create(**given | more)


def person(**more: Any) -> Person:
    return Person.objects.create(
        **{"code": new_code(), "name": "Lê Hoa", "search_key": "le hoa", "registered_at": AT} | more
    )


def place(**more: Any) -> Place:
    return Place.objects.create(
        **{"code": new_code(), "kind": "venue", "name": "Chợ", "area": area(), "opened_at": AT} | more
    )


def event(**more: Any) -> EventRow:
    given = {
        "id": uuid7(),
        "kind": "PersonRegistered",
        "version": 1,
        "actor": actors.system(at=AT),
        "facts": {},
    }
    return EventRow.objects.create(**given | {"happened_at": AT, "recorded_at": AT} | more)


def staff() -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name="Officer", created_at=AT)


def period(days: int) -> DateTimeTZRange:
    return DateTimeTZRange(AT, AT + timedelta(days=days))


def same_area_twice() -> None:
    area(code="48")
    area(code="48")


def successor_twice() -> None:
    old, new = area(), area()
    AreaSuccessor.objects.create(old=old, new=new)
    AreaSuccessor.objects.create(old=old, new=new)


def identifier(whose: Person, **more: Any) -> Identifier:
    given = {"kind": "national_id", "blind_index": b"0" * 16, "sealed": b"1", "recorded_at": AT}
    return Identifier.objects.create(person=whose, **given | more)


def same_identifier_twice() -> None:
    whose = person()
    identifier(whose)
    identifier(whose)


def one_number_verified_for_two() -> None:
    identifier(person(), verified_at=AT)
    identifier(person(), verified_at=AT)


def merged(kept: Person, other: Person, **more: Any) -> PersonMerge:
    return PersonMerge.objects.create(
        kept=kept, merged=other, reason="r", merged_at=AT, merged_by=staff(), **more
    )


def merged_twice_at_once() -> None:
    other = person()
    merged(person(), other)
    merged(person(), other)


def merged_into_itself() -> None:
    one = person()
    merged(one, one)


def person_merged_into_itself() -> None:
    one = person()
    Person.objects.filter(pk=one.pk).update(merged_into=one)


def two_households_at_once() -> None:
    whose = person()
    for days in (3, 5):
        Residence.objects.create(
            person=whose, place=place(), kind="household", period=period(days), recorded_at=AT
        )


def two_systems() -> None:
    for _ in range(2):
        Actor.objects.create(kind=ActorKind.SYSTEM, name="x", created_at=AT)


def its_own_cause() -> None:
    key = uuid7()
    event(id=key, caused_by_id=key)


def delivery(**more: Any) -> Delivery:
    return Delivery.objects.create(
        **{"event": event(), "subscriber": "s", "handler": "s.h", "lane": 1} | more
    )


def delivered_twice_to_one_handler() -> None:
    told = event()
    delivery(event=told)
    delivery(event=told)


def lane_twice() -> None:
    Lane.objects.create(subscriber="s", number=1)
    Lane.objects.create(subscriber="s", number=1)


def presence(until: str, row_from: int | None = None, row_to: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE core_presence_all PARTITION OF core_presence DEFAULT")
        cursor.execute(
            "INSERT INTO core_presence VALUES"
            " (gen_random_uuid(), 1, 1, now(), now() + %s::interval, NULL, 'scan', '', now(), %s, %s)",
            [until, row_from, row_to],
        )


VIOLATIONS: dict[str, Callable[[], object]] = {
    "area_code_once_a_period": same_area_twice,
    "area_period_forward": lambda: area(valid_to=DAY),
    "successor_once": successor_twice,
    "successor_share_is_a_share": lambda: AreaSuccessor.objects.create(old=area(), new=area(), share=1.5),
    "person_has_a_name": lambda: person(name=""),
    "person_birth_day_has_month": lambda: person(birth_year=1950, birth_day=3),
    "person_birth_month_has_year": lambda: person(birth_month=3),
    "person_birth_day_is_a_day": lambda: person(birth_year=1950, birth_month=3, birth_day=32),
    "person_not_merged_into_itself": person_merged_into_itself,
    "identifier_once_a_person": same_identifier_twice,
    "identifier_verified_names_one_person": one_number_verified_for_two,
    "merge_two_different_persons": merged_into_itself,
    "merge_live_once_a_person": merged_twice_at_once,
    "merge_undone_by_somebody": lambda: merged(person(), person(), undone_at=AT),
    "place_has_a_name": lambda: place(name=""),
    "place_period_forward": lambda: place(closed_at=AT),
    "presence_period_forward": lambda: presence("0 hours"),
    "presence_at_most_a_day": lambda: presence("25 hours"),
    "presence_rows_forward": lambda: presence("1 hour", 12, 11),
    "residence_one_at_a_time": two_households_at_once,
    "residence_period_not_empty": lambda: Residence.objects.create(
        person=person(), place=place(), kind="household", period=DateTimeTZRange(AT, AT), recorded_at=AT
    ),
    "actor_one_system": two_systems,
    "actor_citizen_is_a_person": lambda: Actor.objects.create(
        kind=ActorKind.CITIZEN, name="x", created_at=AT
    ),
    "posting_over_an_area_or_at_a_place": lambda: Posting.objects.create(
        actor=staff(), role="tracer", starts_at=AT
    ),
    "posting_period_forward": lambda: Posting.objects.create(
        actor=staff(), role="tracer", area=area(), starts_at=AT, ends_at=AT
    ),
    "event_not_its_own_cause": its_own_cause,
    "lane_once": lane_twice,
    "delivery_once_a_handler": delivered_twice_to_one_handler,
    "delivery_parked_after_a_try": lambda: delivery(parked_at=AT),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VIOLATIONS[name]()
