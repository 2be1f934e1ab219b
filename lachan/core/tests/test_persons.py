"""Registering, identifiers and reversible merges."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from lachan.core import actors, eventlog, persons
from lachan.core.dates import BirthDate
from lachan.core.events import Event, IdentityVerified, PersonRegistered, PersonsMerged, PersonsSplit
from lachan.core.models import Actor, Identifier, Person
from lachan.core.names import BadName
from lachan.core.persons import CannotMerge, CannotVerify, Identity

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
PHONE = "+84912345678"


@pytest.fixture
def actor(db: None) -> Actor:
    return actors.system(at=AT)


def somebody(actor: Actor, name: str = "Nguyễn Thị Hoà", **numbers: str) -> Person:
    return persons.register(
        Identity(name=name, birth=BirthDate(1950, None, None), identifiers=numbers), actor=actor, at=AT
    )


def test_a_person_keeps_the_spelling_and_is_found_without_marks(actor: Actor) -> None:
    person = somebody(actor)
    assert (person.name, person.search_key, person.birth_year) == ("Nguyễn Thị Hoà", "nguyen thi hoa", 1950)
    assert [type(e) for e in eventlog.of_person(person.pk, [PersonRegistered])] == [PersonRegistered]


def test_numbers_are_sealed_at_rest_and_found_by_their_value(actor: Actor) -> None:
    person = somebody(actor, phone=PHONE)
    stored = Identifier.objects.get()
    assert PHONE.encode() not in bytes(stored.sealed) + bytes(stored.blind_index)
    assert persons.identifier_value(stored) == PHONE
    assert persons.with_identifier("phone", PHONE) == [person]
    assert persons.with_identifier("national_id", PHONE) == []


def test_a_claimed_number_may_be_claimed_twice_but_verified_once(actor: Actor) -> None:
    first, second = (somebody(actor, national_id="079050000123") for _ in range(2))
    persons.verify_identifier(first.identifiers.get(), actor=actor, at=AT)
    assert persons.is_verified(first)
    assert not persons.is_verified(second)
    with pytest.raises(CannotVerify) as refused:
        persons.verify_identifier(second.identifiers.get(), actor=actor, at=AT)
    assert refused.value.code == "identifier-held-by-another"


def test_a_family_may_share_a_verified_phone(actor: Actor) -> None:
    for person in (somebody(actor, phone=PHONE), somebody(actor, phone=PHONE)):
        persons.verify_identifier(person.identifiers.get(), actor=actor, at=AT)
        assert persons.is_verified(person)


def test_an_unusable_name_is_refused_and_nothing_is_written(actor: Actor) -> None:
    with pytest.raises(BadName):
        somebody(actor, name="\x00")
    assert not Person.objects.exists()


def test_a_merge_stands_for_both_and_can_be_undone(actor: Actor) -> None:
    kept, merged, third = (somebody(actor, phone=f"+8491234567{n}") for n in range(3))
    first = persons.merge(kept=merged, merged=third, reason="same card", actor=actor, at=AT)
    second = persons.merge(kept=kept, merged=merged, reason="same phone", actor=actor, at=AT)
    roots = persons.roots_locked([kept.pk, merged.pk, third.pk])
    assert set(roots.values()) == {kept.pk}
    assert persons.with_identifier("phone", "+84912345672") == [kept]
    persons.undo_merge(second, actor=actor, at=AT)
    assert persons.roots_locked([kept.pk, merged.pk, third.pk]) == {
        kept.pk: kept.pk, merged.pk: merged.pk, third.pk: merged.pk,
    }  # fmt: skip
    persons.undo_merge(first, actor=actor, at=AT)
    assert Person.objects.filter(merged_into__isnull=True).count() == 3
    kinds: list[type[Event]] = [PersonsMerged, PersonsSplit]
    told = eventlog.of_person(merged.pk, kinds)
    assert [e.kind for e in told] == [PersonsMerged.__name__, PersonsSplit.__name__]


def test_a_merge_inside_a_group_can_be_undone_while_the_outer_one_holds(actor: Actor) -> None:
    kept, merged, third = (somebody(actor) for _ in range(3))
    inner = persons.merge(kept=merged, merged=third, reason="same card", actor=actor, at=AT)
    persons.merge(kept=kept, merged=merged, reason="same phone", actor=actor, at=AT)
    persons.undo_merge(inner, actor=actor, at=AT)
    assert persons.roots_locked([merged.pk, third.pk]) == {merged.pk: kept.pk, third.pk: third.pk}


def test_what_is_no_two_free_records_cannot_be_merged(actor: Actor) -> None:
    kept, merged = somebody(actor), somebody(actor)
    with pytest.raises(CannotMerge):
        persons.merge(kept=kept, merged=kept, reason="", actor=actor, at=AT)
    done = persons.merge(kept=kept, merged=merged, reason="same card", actor=actor, at=AT)
    for one, other in ((kept, merged), (merged, kept)):
        with pytest.raises(CannotMerge) as refused:
            persons.merge(kept=one, merged=other, reason="again", actor=actor, at=AT)
        assert refused.value.code == "merge-already-merged"
    persons.undo_merge(done, actor=actor, at=AT)
    with pytest.raises(CannotMerge):
        persons.undo_merge(done, actor=actor, at=AT)


def test_what_is_told_of_a_merged_record_counts_for_the_kept_one(actor: Actor) -> None:
    kept, merged = somebody(actor), somebody(actor)
    persons.merge(kept=kept, merged=merged, reason="same card", actor=actor, at=AT)
    assert len(eventlog.of_person(kept.pk, [PersonRegistered])) == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_merging_the_same_two_records_make_one_merge() -> None:
    actor = actors.system(at=AT)
    one, other = somebody(actor), somebody(actor)
    start, outcomes = threading.Barrier(2), []

    def officer(kept: Person, merged: Person) -> None:
        start.wait()
        try:
            persons.merge(kept=kept, merged=merged, reason="same card", actor=actor, at=AT)
            outcomes.append("merged")
        except CannotMerge as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=officer, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merge-already-merged", "merged"]
    assert Person.objects.filter(merged_into__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_command_that_holds_the_roots_makes_a_merge_wait() -> None:
    actor = actors.system(at=AT)
    kept, merged = somebody(actor), somebody(actor)
    done = threading.Event()

    def merge_meanwhile() -> None:
        persons.merge(kept=kept, merged=merged, reason="same card", actor=actor, at=AT)
        done.set()
        connection.close()

    with transaction.atomic():
        assert persons.roots_locked([merged.pk]) == {merged.pk: merged.pk}
        thread = threading.Thread(target=merge_meanwhile)
        thread.start()
        assert not done.wait(0.3)
    thread.join()
    assert done.is_set()
    with transaction.atomic():
        assert persons.roots_locked([merged.pk]) == {merged.pk: kept.pk}


@pytest.mark.django_db(transaction=True)
def test_a_command_about_a_merged_record_holds_its_root_too() -> None:
    """Otherwise the root could be merged away while an order is issued to it."""
    actor = actors.system(at=AT)
    top, root, leaf = (somebody(actor) for _ in range(3))
    persons.merge(kept=root, merged=leaf, reason="same card", actor=actor, at=AT)
    done = threading.Event()

    def merge_meanwhile() -> None:
        persons.merge(kept=top, merged=root, reason="same card", actor=actor, at=AT)
        done.set()
        connection.close()

    with transaction.atomic():
        assert persons.roots_locked([leaf.pk]) == {leaf.pk: root.pk}
        thread = threading.Thread(target=merge_meanwhile)
        thread.start()
        assert not done.wait(0.3)
    thread.join()
    with transaction.atomic():
        assert persons.roots_locked([leaf.pk, root.pk]) == {leaf.pk: top.pk, root.pk: top.pk}


def test_verifying_twice_is_told_once(actor: Actor) -> None:
    person = somebody(actor, national_id="079050000123")
    for _ in range(2):
        persons.verify_identifier(person.identifiers.get(), actor=actor, at=AT)
    assert len(eventlog.of_person(person.pk, [IdentityVerified])) == 1
