"""What is asked by hand is what the ORM would have found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, areas, persons, prepared
from lachan.core.models import Actor, ActorKind, Area, Person, PlaceKind, Role
from lachan.core.persons import Identity
from lachan.core.places import open_place

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 1, tzinfo=UTC)
TOKEN = b"t" * 32


def somebody(name: str = "Lê Thị Hoa") -> Person:
    return persons.register(Identity(name=name), actor=actors.system(at=AT), at=AT)


def test_an_instance_is_the_row_as_the_orm_reads_it() -> None:
    root = areas.country()
    [row] = prepared.rows(f"SELECT {prepared.columns(Area, 'a')} FROM core_area a WHERE a.id = %s", [root.pk])  # noqa: S608
    [found, nothing] = prepared.instances([*row, None], Area, Area)
    read = Area.objects.get(pk=root.pk)
    assert (found, nothing) == (read, None)
    assert {f.attname: getattr(found, f.attname) for f in Area._meta.concrete_fields} == {
        f.attname: getattr(read, f.attname) for f in Area._meta.concrete_fields
    }


def test_statements_are_counted_and_belong_to_the_transaction() -> None:
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        prepared.run("UPDATE core_area SET name = %s", ["another"])
        transaction.set_rollback(True)
    assert any("UPDATE core_area" in each["sql"] for each in asked.captured_queries)
    assert not Area.objects.filter(name="another").exists()


def test_refusals_of_the_database_are_those_of_django() -> None:
    area = areas.country()
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.run("UPDATE core_area SET valid_to = valid_from WHERE id = %s", [area.pk])
    with pytest.raises(DataError), transaction.atomic():
        prepared.run("UPDATE core_area SET level = %s", [10**6])


def test_a_token_leads_to_its_actor_and_the_postings_of_the_moment() -> None:
    guard = Actor.objects.create(kind=ActorKind.DEVICE, name="gate", token_hash=TOKEN, created_at=AT)
    place = open_place(kind=PlaceKind.CONTROL_POST, name="Gate", area=areas.country(), at=AT)
    later = actors.post(guard, Role.GATE_GUARD, at=AT + timedelta(hours=2), place=place)
    over = actors.post(guard, Role.HEALTH_OFFICER, at=AT, area=areas.country())
    over.ends_at = AT + timedelta(hours=3)
    over.save()
    for hours, expected in ((0, [over]), (2, [over, later]), (3, [later])):
        actor, postings = actors.of_token(TOKEN, at=AT + timedelta(hours=hours))
        assert (actor, postings) == (guard, expected)
        assert list(actors.postings_of(guard, at=AT + timedelta(hours=hours))) == expected
    assert postings[0].place == place
    assert postings[0].place.area == areas.country()


def test_a_token_that_was_revoked_leads_to_nobody() -> None:
    Actor.objects.create(
        kind=ActorKind.DEVICE, name="gate", token_hash=TOKEN, created_at=AT, revoked_at=AT + timedelta(days=1)
    )
    assert actors.of_token(TOKEN, at=AT) == (None, [])
    assert actors.of_token(b"another", at=AT) == (None, [])


def test_people_are_held_as_their_roots() -> None:
    one, other = somebody(), somebody("Trần Văn Nam")
    assert persons.people_locked([one.pk, other.pk, 10**9]) == {one.pk: one, other.pk: other}
    persons.merge(kept=one, merged=other, reason="same", actor=actors.system(at=AT), at=AT)
    assert persons.people_locked([one.pk, other.pk]) == {one.pk: one, other.pk: one}
    assert persons.of_codes([other.code, one.code, "no"]) == {other.code: one, one.code: one}
