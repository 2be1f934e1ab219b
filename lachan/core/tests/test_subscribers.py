"""The delivery of events, on a real PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection, transaction

from lachan.core import actors, eventlog, subscribers, subscriptions
from lachan.core.events import Event, PersonRegistered, SymptomsDeclared
from lachan.core.models import Delivery, Person
from lachan.core.subscriptions import On

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
heard: list[Any] = []
poison: set[int] = set()


def hear(events: Sequence[Event], at: datetime) -> None:
    if poison & {e.about for e in events}:
        raise ValueError("poison")
    heard.append([e.about for e in events])


def hear_symptoms(events: Sequence[SymptomsDeclared], at: datetime) -> None:
    heard.append([("symptoms", e.about) for e in events])


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    before = subscriptions.loop().table
    heard.clear()
    poison.clear()
    subscriptions.install([On(PersonRegistered, hear), On(SymptomsDeclared, hear_symptoms)])
    yield
    subscriptions.install(before)


def people(count: int) -> list[Person]:
    return Person.objects.bulk_create(
        Person(code=f"{n:017d}", name="Lê Thị Hoa", search_key="le thi hoa", registered_at=AT)
        for n in range(count)
    )


def tell(*events: Event) -> list[Event]:
    with transaction.atomic():
        return eventlog.emit(events, actor=actors.system(at=AT))


@pytest.mark.django_db
def test_a_batch_reaches_the_handler_in_few_calls_and_leaves_nothing_waiting() -> None:
    persons = people(500)
    tell(*(PersonRegistered(person_id=p.pk, happened_at=AT) for p in persons))
    assert subscribers.drain() == 500
    assert sorted(pk for batch in heard for pk in batch) == [p.pk for p in persons]
    assert len(heard) <= 2
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_events_of_one_person_stay_in_order_across_handlers() -> None:
    [person] = people(1)
    tell(
        PersonRegistered(person_id=person.pk, happened_at=AT),
        SymptomsDeclared(person_id=person.pk, symptoms=("fever",), happened_at=AT),
        PersonRegistered(person_id=person.pk, happened_at=AT),
    )
    subscribers.drain()
    assert heard == [[person.pk], [("symptoms", person.pk)], [person.pk]]


@pytest.mark.django_db
def test_a_poison_event_is_parked_after_five_tries_and_the_others_flow_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscribers, "BACKOFF", (0.0,))
    persons = people(40)
    poison.add(persons[7].pk)
    tell(*(PersonRegistered(person_id=p.pk, happened_at=AT) for p in persons))
    subscribers.drain()
    assert len([pk for batch in heard for pk in batch]) == 39
    [parked] = Delivery.objects.all()
    assert (parked.person_id, parked.tries, parked.parked_at is not None) == (persons[7].pk, 5, True)
    assert parked.error.startswith("ValueError at lachan.core.tests")
    assert parked.handler == "test_subscribers.hear"


@pytest.mark.django_db
def test_a_parked_event_is_handled_after_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribers, "BACKOFF", (0.0,))
    [person] = people(1)
    poison.add(person.pk)
    tell(PersonRegistered(person_id=person.pk, happened_at=AT))
    subscribers.drain()
    poison.clear()
    assert subscribers.retry_parked() == 1
    subscribers.drain()
    assert heard == [[person.pk]]


@pytest.mark.django_db
def test_while_an_event_is_retried_later_ones_of_the_same_person_wait() -> None:
    first, second = people(2)
    poison.add(first.pk)
    tell(
        PersonRegistered(person_id=first.pk, happened_at=AT),
        SymptomsDeclared(person_id=first.pk, symptoms=("cough",), happened_at=AT),
        SymptomsDeclared(person_id=second.pk, symptoms=("cough",), happened_at=AT),
    )
    subscribers.ensure_lanes()
    subscribers.run_once()
    subscribers.run_once()
    assert heard == [[("symptoms", second.pk)]]
    assert Delivery.objects.filter(person_id=first.pk).count() == 2


@pytest.mark.django_db
def test_facts_come_back_as_they_were_told() -> None:
    [person] = people(1)
    told = SymptomsDeclared(
        person_id=person.pk, symptoms=("fever", "cough"), onset_on=AT.date(), happened_at=AT
    )
    tell(told)
    [read] = eventlog.of_person(person.pk, [SymptomsDeclared])
    assert read.recorded_at
    assert read.actor_id == actors.system(at=AT).pk
    assert replace(read, recorded_at=None, actor_id=None) == told


@pytest.mark.django_db
def test_the_chain_of_causes_is_one_query(django_assert_num_queries: Any) -> None:
    [person] = people(1)
    first = PersonRegistered(person_id=person.pk, happened_at=AT)
    second = PersonRegistered(person_id=person.pk, happened_at=AT, caused_by=first.id)
    third = PersonRegistered(person_id=person.pk, happened_at=AT, caused_by=second.id)
    tell(first, second, third)
    with django_assert_num_queries(1):
        assert [e.id for e in eventlog.chain(third.id)] == [third.id, second.id, first.id]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        eventlog.emit([], actor=actors.system(at=AT))


@pytest.mark.django_db
def test_events_can_neither_be_changed_nor_deleted() -> None:
    [person] = people(1)
    tell(PersonRegistered(person_id=person.pk, happened_at=AT))
    Delivery.objects.all().delete()
    for sql in ("UPDATE core_event SET kind = 'Other'", "DELETE FROM core_event"):
        with (
            connection.cursor() as cursor,
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
        ):
            cursor.execute(sql)


@pytest.mark.django_db
def test_an_event_that_is_too_much_for_the_database_is_parked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timeout of one event is not a lost connection: it must not stop the others for ever."""
    monkeypatch.setattr(subscribers, "BACKOFF", (0.0,))
    slow, fast = people(2)

    def wait(events: Sequence[Event], at: datetime) -> None:
        if slow.pk in {e.about for e in events}:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 5; SELECT pg_sleep(1)")
        heard.append([e.about for e in events])

    monkeypatch.setitem(subscriptions.loop().handlers, "test_subscribers.hear", wait)
    tell(*(PersonRegistered(person_id=p.pk, happened_at=AT) for p in (slow, fast)))
    subscribers.drain()
    assert heard == [[fast.pk]]
    assert Delivery.objects.get(parked_at__isnull=False).handler == "test_subscribers.hear"


@pytest.mark.django_db
def test_a_lost_connection_gives_the_batch_back() -> None:
    [person] = people(1)

    def lose(events: Sequence[Event], at: datetime) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    subscriptions.loop().handlers["test_subscribers.hear"] = lose
    tell(PersonRegistered(person_id=person.pk, happened_at=AT))
    subscribers.ensure_lanes()
    with pytest.raises(OperationalError), transaction.atomic():
        subscribers.run_once()
    assert Delivery.objects.get().tries == 0
