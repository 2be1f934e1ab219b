"""What the tools never write, the database refuses: each constraint broken on purpose."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core import actors, eventlog
from lachan.core.events import PersonRegistered
from lachan.core.models import Person
from lachan.platform.models import Counter, Message, PhoneCode, PhoneSession, StoredAnswer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def answer(**other: Any) -> StoredAnswer:
    facts = {"caller": "device 1", "key": "k", "body_hash": bytes(32), "status": 201, "created_at": AT}
    return StoredAnswer.objects.create(**facts | other)


@pytest.fixture
def message() -> Message:
    who = Person.objects.create(code=f"{1:017d}", name="Lê Hoa", search_key="le hoa", registered_at=AT)
    with transaction.atomic():
        [told] = eventlog.emit(
            [PersonRegistered(person_id=who.pk, happened_at=AT)], actor=actors.system(at=AT)
        )
    return Message.objects.create(
        person=who, cause_id=told.id, template="released", language="vi", queued_at=AT
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("answer_has_caller_and_key", {"caller": ""}),
        ("answer_has_caller_and_key", {"key": ""}),
        ("answer_status_is_http", {"status": 99}),
        ("answer_status_is_http", {"status": 600}),
    ],
)
def test_an_answer_is_of_a_caller_and_speaks_http(name: str, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name):
        answer(**change)


def test_an_answer_is_kept_once_a_key_and_caller() -> None:
    answer()
    answer(caller="device 2")
    with pytest.raises(IntegrityError, match="answer_once_a_key"):
        answer(body_hash=bytes(31) + b"x")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("message_sent_has_a_time", {"outcome": "sent"}),
        ("message_sent_has_a_time", {"sent_at": AT}),
        ("message_sent_has_a_time", {"outcome": "no-phone", "sent_at": AT}),
        ("message_outcome_known", {"outcome": "lost"}),
    ],
)
def test_a_message_is_sent_at_a_time_or_not_at_all(
    message: Message, name: str, change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=name):
        Message.objects.filter(pk=message.pk).update(**change)


def test_a_cause_tells_a_person_the_same_thing_once(message: Message) -> None:
    with pytest.raises(IntegrityError, match="message_once_a_cause"):
        Message.objects.create(
            person=message.person, cause=message.cause, template="released", language="en", queued_at=AT
        )


LATER = AT + timedelta(minutes=10)


def counter(**other: Any) -> Counter:
    facts = {"name": "n", "key": bytes(16), "count": 1, "starts_at": AT, "ends_at": LATER}
    return Counter.objects.create(**facts | other)


def phone_code(**other: Any) -> PhoneCode:
    facts = {"purpose": "p", "session_hash": bytes(16), "code_hash": bytes(16), "sealed_phone": b"x"}
    return PhoneCode.objects.create(**facts | {"asked_at": AT, "expires_at": LATER} | other)


def phone_session(**other: Any) -> PhoneSession:
    facts = {"token_hash": bytes(32), "phone_index": bytes(16), "started_at": AT, "seen_at": AT}
    return PhoneSession.objects.create(**facts | other)


@pytest.mark.parametrize(
    ("name", "make", "change"),
    [
        ("counter_period_forward", counter, {"ends_at": AT}),
        ("phone_code_expires", phone_code, {"expires_at": AT}),
        ("phone_code_five_tries", phone_code, {"tries": 6}),
        ("phone_code_used_in_time", phone_code, {"used_at": LATER, "tries": 1}),
        ("phone_code_used_in_time", phone_code, {"used_at": AT, "tries": 0}),
        ("phone_session_forward", phone_session, {"seen_at": AT - timedelta(seconds=1)}),
        ("phone_session_ends_after_start", phone_session, {"ended_at": AT - timedelta(seconds=1)}),
    ],
)
def test_counters_codes_and_sessions_run_forward(name: str, make: Any, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name):
        make(**change)


def test_a_key_is_counted_in_one_row() -> None:
    counter()
    with pytest.raises(IntegrityError, match="counter_once_a_key"):
        counter()
