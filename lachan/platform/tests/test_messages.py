from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from lachan.core import actors, eventlog, persons
from lachan.core.events import PersonRegistered
from lachan.core.models import IdentifierKind, Person
from lachan.platform import jobs, messages
from lachan.platform.messages import NewMessage, Outgoing, queue_messages, send_waiting, text_of
from lachan.platform.models import Message, Outcome

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
sent: list[Outgoing] = []


class Recorder:
    """A gateway that keeps what it is given and refuses one number."""

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        sent.extend(batch)
        return [Outcome.REFUSED if out.phone.endswith("9") else Outcome.SENT for out in batch]


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    before = dict(messages._words)
    messages.install({"stay": "Stay at home until %(until_on)s. Your code: %(code)s."})
    sent.clear()
    yield
    messages.install(before)


def person(number: int, phone: str = "") -> Person:
    made = Person.objects.create(
        code=f"{number:017d}", name="Lê Thị Hoa", search_key="le thi hoa", registered_at=AT
    )
    if phone:
        persons.claim_identifier(made, IdentifierKind.PHONE, phone, at=AT)
    return made


def cause(of: Person) -> UUID:
    with transaction.atomic():
        told = eventlog.emit([PersonRegistered(person_id=of.pk, happened_at=AT)], actor=actors.system(at=AT))
    return told[0].id


def stay(who: Person, why: UUID) -> NewMessage:
    return NewMessage(who.pk, why, "stay", facts={"until_on": "2026-11-15", "code": "KQ1"})


@pytest.mark.django_db
def test_one_cause_queues_one_message_however_often_it_is_told() -> None:
    who = person(1)
    why = cause(who)
    queue_messages([stay(who, why), stay(who, why)], at=AT)
    queue_messages([stay(who, why)], at=AT)
    assert Message.objects.get().outcome == Outcome.WAITING
    assert text_of(Message.objects.get()) == "Stay at home until 15/11/2026. Your code: KQ1."


@pytest.mark.django_db
def test_a_thousand_messages_are_queued_in_a_few_statements() -> None:
    people = [person(n) for n in range(1000)]
    why = cause(people[0])
    with CaptureQueriesContext(
        connection,
    ) as statements:
        queue_messages([stay(who, why) for who in people], at=AT)
    assert Message.objects.count() == 1000
    assert len(statements) <= 8


@pytest.mark.django_db
def test_without_a_gateway_each_message_says_so() -> None:
    who = person(1)
    queue_messages([stay(who, cause(who))], at=AT)
    assert send_waiting(at=AT) == 1
    assert Message.objects.get().outcome == Outcome.NO_GATEWAY
    assert Message.objects.get().sent_at is None
    assert send_waiting(at=AT) == 0


@pytest.mark.django_db
def test_each_message_keeps_what_its_gateway_answered(settings: Settings) -> None:
    settings.MESSAGE_GATEWAY = f"{__name__}.Recorder"
    people = [person(1, "0912345678"), person(2, "0912345679"), person(3)]
    queue_messages([stay(who, cause(who)) for who in people], at=AT)
    send_waiting(at=AT)
    outcomes = {m.person_id: (m.outcome, m.sent_at) for m in Message.objects.all()}
    assert [outcomes[who.pk] for who in people] == [
        (Outcome.SENT, AT),
        (Outcome.REFUSED, None),
        (Outcome.NO_PHONE, None),
    ]
    assert [out.text for out in sent] == ["Stay at home until 15/11/2026. Your code: KQ1."] * 2


@pytest.mark.django_db
def test_a_template_without_words_is_refused_before_anything_is_written() -> None:
    who = person(1)
    with pytest.raises(KeyError, match="unknown"):
        queue_messages([NewMessage(who.pk, cause(who), "unknown")], at=AT)
    assert not Message.objects.exists()


@pytest.mark.usefixtures("_no_jobs")
def test_the_job_sends_what_was_queued_and_a_roll_back_leaves_no_job() -> None:
    who = person(1)
    why = cause(who)
    with transaction.atomic():
        queue_messages([stay(who, why)], at=AT)
        transaction.set_rollback(True)
    assert jobs.waiting() == {}
    queue_messages([stay(who, why)], at=AT)
    assert jobs.waiting() == {"todo": 1}
    jobs.run_waiting()
    assert Message.objects.get().outcome == Outcome.NO_GATEWAY


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"outcome": "sent"}, {"sent_at": AT}, {"outcome": "lost"}])
def test_the_database_refuses_a_message_that_cannot_be(wrong: dict[str, object]) -> None:
    who = person(1)
    queue_messages([stay(who, cause(who))], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**wrong)


@pytest.mark.django_db
def test_the_database_refuses_a_second_message_of_one_cause() -> None:
    who = person(1)
    row = {"person": who, "cause_id": cause(who), "template": "stay", "language": "vi", "queued_at": AT}
    Message.objects.create(**row)
    with pytest.raises(IntegrityError, match="message_once_a_cause"), transaction.atomic():
        Message.objects.create(**row)
