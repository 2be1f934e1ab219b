"""A citizen's session: half an hour without use, twelve hours in all, ended from another device."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from lachan.core import access, actors, persons
from lachan.core.access import NotVisible
from lachan.core.models import ActorKind, IdentifierKind, Person
from lachan.core.persons import Identity
from lachan.platform import citizens
from lachan.platform.models import PhoneSession
from lachan.platform.otp import VerifiedPhone

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PHONE = VerifiedPhone("+84912345678", "health-book", AT)
OTHER = VerifiedPhone("+84987654321", "health-book", AT)


def somebody(name: str, *phones: str) -> Person:
    made = persons.register(Identity(name=name), actor=actors.system(at=AT), at=AT)
    for phone in phones:
        persons.claim_identifier(made, IdentifierKind.PHONE, phone, at=AT)
    return made


def test_it_ends_after_half_an_hour_without_use() -> None:
    _session, token = citizens.start(PHONE, device="", at=AT)
    for minutes in (29, 58):
        assert citizens.recognised(token, at=AT + timedelta(minutes=minutes)) is not None
    assert citizens.recognised(token, at=AT + timedelta(minutes=88)) is None


def test_it_ends_after_twelve_hours_however_much_it_is_used() -> None:
    _session, token = citizens.start(PHONE, device="", at=AT)
    turns = [AT + timedelta(minutes=20 * n) for n in range(1, 40)]
    holds = [citizens.recognised(token, at=at) is not None for at in turns]
    assert holds == [at < AT + citizens.LONGEST for at in turns]


def test_it_is_ended_by_its_holder_and_another_token_is_nobody() -> None:
    session, token = citizens.start(PHONE, device="", at=AT)
    assert citizens.recognised(f"{token}x", at=AT) is None
    citizens.end(citizens.holding(PHONE.index, at=AT).filter(pk=session.pk), at=AT)
    assert citizens.recognised(token, at=AT) is None


def test_the_token_is_not_in_the_database() -> None:
    session, token = citizens.start(PHONE, device="", at=AT)
    assert token.encode() not in bytes(session.token_hash)
    assert len(bytes(session.token_hash)) == 32


def test_devices_with_the_same_phone_are_listed_and_no_others() -> None:
    mine = [citizens.start(PHONE, device=name, at=AT)[0].pk for name in ("Chrome", "Safari")]
    citizens.start(OTHER, device="", at=AT)
    assert {s.pk for s in citizens.holding(PHONE.index, at=AT)} == set(mine)


def test_use_is_noted_once_a_minute() -> None:
    session, token = citizens.start(PHONE, device="", at=AT)
    citizens.recognised(token, at=AT + timedelta(seconds=59))
    assert PhoneSession.objects.get(pk=session.pk).seen_at == AT
    citizens.recognised(token, at=AT + timedelta(seconds=60))
    assert PhoneSession.objects.get(pk=session.pk).seen_at == AT + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/121.0", "Firefox, Windows"),
        ("curl/8.0", ""),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(agent: str, device: str) -> None:
    assert citizens.device_of(RequestFactory().get("/", headers={"User-Agent": agent})) == device


# --- whose records ------------------------------------------------------------------------------------------------


def test_a_phone_opens_the_records_that_have_it_and_no_others() -> None:
    mother, child = somebody("Trần Thị Hoa", PHONE.phone), somebody("Lê Văn Bé", PHONE.phone, OTHER.phone)
    stranger = somebody("Đỗ Văn Ân", OTHER.phone)
    session, _token = citizens.start(PHONE, device="", at=AT)
    holder = citizens.Citizen(session)
    assert list(holder.persons()) == [mother, child]
    reader = citizens.actor_of(mother, at=AT)
    assert reader.kind == ActorKind.CITIZEN
    assert access.own(PHONE.index, reader=reader, code=child.code, part="record", at=AT) == child
    with pytest.raises(NotVisible):
        access.own(PHONE.index, reader=reader, code=stranger.code, part="record", at=AT)
    [read] = child.reads.all()
    assert (read.purpose, read.actor, read.posting_id) == ("self", reader, None)
    assert not stranger.reads.exists()


@pytest.mark.parametrize("code", ["", "no code", "0" * 17])
def test_malformed_and_unknown_codes_are_answered_as_those_of_others(code: str) -> None:
    reader = citizens.actor_of(somebody("Trần Thị Hoa", PHONE.phone), at=AT)
    with pytest.raises(NotVisible):
        access.own(PHONE.index, reader=reader, code=code, part="record", at=AT)


def test_a_number_noted_on_a_joined_record_opens_the_one_that_counts() -> None:
    kept, merged = somebody("Trần Thị Hoa"), somebody("Tran Thi Hoa", PHONE.phone)
    assert list(access.of_phone(PHONE.index)) == [merged]
    persons.merge(kept=kept, merged=merged, reason="same", actor=actors.system(at=AT), at=AT)
    assert list(access.of_phone(PHONE.index)) == [kept]


def test_an_identity_number_with_the_digits_of_a_phone_opens_nothing() -> None:
    made = somebody("Trần Thị Hoa")
    persons.claim_identifier(made, IdentifierKind.NATIONAL_ID, PHONE.phone, at=AT)
    assert not access.of_phone(PHONE.index).exists()


def test_whom_the_holder_said_to_be_counts_while_the_record_has_the_phone() -> None:
    hoa = somebody("Trần Thị Hoa", PHONE.phone)
    session, token = citizens.start(PHONE, device="", at=AT)
    citizens.be(session, hoa)
    holder = citizens.recognised(token, at=AT)
    assert holder is not None
    assert holder.oneself() == hoa
    hoa.identifiers.all().delete()
    assert holder.oneself() is None
