"""Single scans, on a real PostgreSQL."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.codecs.cccd import CitizenCard, write_cccd
from lachan.codecs.fields import PartialDate
from lachan.codecs.live_code import live_key, make_live_code
from lachan.codecs.signed_code import make_signed_code
from lachan.core import persons
from lachan.core.dates import BirthDate
from lachan.core.events import OrderIssued
from lachan.core.models import Actor, Area, EventRow, Identifier, Person, Place, PlaceKind, Presence
from lachan.core.persons import Identity, register
from lachan.core.places import open_place
from lachan.core.sealed import unseal
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import record_scan, scan_by_hand
from lachan.systems.checkpoints.commands.scanning import SEALED_KIND
from lachan.systems.checkpoints.models import Breach, Scan
from lachan.systems.checkpoints.tests.conftest import AT, tell

HOUR = timedelta(hours=1)
CARD = CitizenCard(
    "079185000123",
    None,
    "Trần Văn Đức",
    PartialDate(1985, 3, 5),
    "male",
    "12 Lê Lợi, Phường Sài Gòn",
    date(2021, 6, 1),
)


def order(person: Person, kind: str = "home") -> UUID:
    [event] = tell(
        OrderIssued(
            person_id=person.pk, happened_at=AT - HOUR, order_id=7, subject="F1", order_kind=kind,  # type: ignore[arg-type]
            starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27), test_dates=(), policy_id="p",
        )
    )  # fmt: skip
    return event.id


def test_an_entry_makes_a_presence_until_the_usual_stay_is_over(
    person: Person, place: Place, actor: Actor
) -> None:
    scan = record_scan(place=place, payload=f"LC1:{person.code}", actor=actor, at=AT)
    assert (scan.verdict, scan.reason, scan.marks) == ("pass", "nothing-against", ["unsigned"])
    presence = Presence.objects.get()
    assert (presence.id, presence.person_id, presence.place_id) == (scan.id, person.pk, place.pk)
    assert (presence.starts_at, presence.ends_at) == (AT, AT + 2 * HOUR)
    assert queries.inside(place, at=AT + HOUR) == 1
    assert queries.inside(place, at=AT + 3 * HOUR) == 0


@pytest.mark.parametrize("hours", [1, 5])
def test_the_exit_shortens_or_extends_the_stay(
    person: Person, place: Place, actor: Actor, hours: int
) -> None:
    record_scan(place=place, payload=person.code, actor=actor, at=AT)
    out = record_scan(place=place, payload=person.code, actor=actor, at=AT + hours * HOUR, direction="out")
    assert Presence.objects.get().ends_at == AT + hours * HOUR
    assert out.presence_id == Presence.objects.get().id
    assert queries.inside(place, at=AT + hours * HOUR) == 0


def test_an_exit_that_comes_before_its_entry_waits_for_it(person: Person, place: Place, actor: Actor) -> None:
    out = record_scan(place=place, payload=person.code, actor=actor, at=AT, direction="out")
    assert out.marks == ["no_entry", "unsigned"]
    assert not Presence.objects.exists()
    record_scan(place=place, payload=person.code, actor=actor, at=AT, happened_at=AT - HOUR)
    out.refresh_from_db()
    assert out.marks == ["unsigned"]
    presence = Presence.objects.get()
    assert (presence.starts_at, presence.ends_at) == (AT - HOUR, AT)


def test_the_same_person_again_is_already_here(person: Person, place: Place, actor: Actor) -> None:
    record_scan(place=place, payload=person.code, actor=actor, at=AT)
    again = record_scan(place=place, payload=person.code, actor=actor, at=AT + timedelta(minutes=2))
    assert again.marks == ["duplicate", "unsigned"]
    assert Presence.objects.count() == 1


def test_a_double_tap_is_one_scan(person: Person, place: Place, actor: Actor) -> None:
    first = record_scan(place=place, payload=person.code, actor=actor, at=AT, client_id="tap-1")
    second = record_scan(place=place, payload=person.code, actor=actor, at=AT, client_id="tap-1")
    assert first.id == second.id
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["LC1:0000000000000000000", "xin chào", "", "a|b|c", "\x00\ud800", "LV1:" + "0" * 17]
)
def test_a_code_of_nobody_is_kept_sealed(text: str, place: Place, actor: Actor) -> None:
    scan = record_scan(place=place, payload=text, actor=actor, at=AT)
    assert (scan.person_id, scan.verdict, scan.reason) == (None, "check", "unknown-person")
    assert scan.marks == ["unknown_code"]
    assert unseal(SEALED_KIND, scan.sealed or b"") == text.encode("utf-8", "replace").decode()


def test_an_unknown_card_registers_its_holder_once(place: Place, actor: Actor) -> None:
    first = record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT)
    later = record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT + HOUR, direction="out")
    assert first.person_id == later.person_id
    person = Person.objects.get(pk=first.person_id or 0)
    assert (person.name, person.birth_year, person.birth_day, person.sex) == ("Trần Văn Đức", 1985, 5, "m")
    assert [p.pk for p in persons.with_identifier("national_id", CARD.number)] == [person.pk]
    assert not persons.is_verified(person)


def test_the_card_of_a_known_person_is_that_person(place: Place, actor: Actor) -> None:
    known = register(
        Identity(name="TRAN VAN DUC", identifiers={"national_id": CARD.number}), actor=actor, at=AT
    )
    assert record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT).person_id == known.pk


def test_a_number_claimed_under_another_name_is_not_believed(place: Place, actor: Actor) -> None:
    thief = register(
        Identity(name="Lê Kẻ Gian", identifiers={"national_id": CARD.number}), actor=actor, at=AT
    )
    scan = record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT)
    assert scan.person_id not in (None, thief.pk)
    assert Identifier.objects.count() == 2


def test_a_person_under_an_order_is_stopped_and_the_breach_is_told_once_with_its_cause(
    person: Person, place: Place, actor: Actor
) -> None:
    cause = order(person)
    scan = record_scan(place=place, payload=person.code, actor=actor, at=AT)
    record_scan(place=place, payload=person.code, actor=actor, at=AT + HOUR, direction="out")
    assert (scan.verdict, scan.reason) == ("stop", "under-order")
    breach = Breach.objects.get()
    event = EventRow.objects.get(kind="OrderBreached")
    assert (event.caused_by_id, event.person_id, event.place_id) == (cause, person.pk, place.pk)
    assert event.facts == {"order_id": 7, "scan_id": str(scan.id)}
    assert event.ref == f"checkpoints.breach:{breach.pk}"


def test_after_the_last_day_a_person_not_released_is_checked_but_breaks_nothing(
    person: Person, place: Place, actor: Actor
) -> None:
    order(person)
    scan = record_scan(place=place, payload=person.code, actor=actor, at=AT + timedelta(days=30))
    assert (scan.verdict, scan.reason) == ("check", "order-end-unconfirmed")
    assert not Breach.objects.exists()


def test_going_to_be_tested_breaks_no_order(person: Person, area: Area, actor: Actor) -> None:
    order(person)
    station = open_place(kind=PlaceKind.HEALTH_STATION, name="Trạm y tế", area=area, at=AT)
    scan = record_scan(place=station, payload=person.code, actor=actor, at=AT)
    assert scan.verdict == "pass"
    assert not Breach.objects.exists()


def test_people_without_a_phone_are_entered_by_hand_and_found_again(place: Place, actor: Actor) -> None:
    born = BirthDate(1948)
    first = scan_by_hand(place=place, identity=Identity(name="Cụ Bảy", birth=born), actor=actor, at=AT)
    again = scan_by_hand(
        place=place, identity=Identity(name="cu bay", birth=born), actor=actor, at=AT + 3 * HOUR
    )
    other = scan_by_hand(place=place, identity=Identity(name="Cụ Bảy"), actor=actor, at=AT + 3 * HOUR)
    assert first.person_id == again.person_id != other.person_id
    assert Presence.objects.count() == 3


def test_a_live_scan_asks_the_database_a_dozen_times(person: Person, place: Place, actor: Actor) -> None:
    record_scan(place=place, payload=person.code, actor=actor, at=AT - 5 * HOUR)
    with CaptureQueriesContext(connection) as asked:
        record_scan(place=place, payload=person.code, actor=actor, at=AT)
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 14


NATIONAL = "079185000123|Trần Văn Đức|1985/3/5|0|QID0012345678|GD4877912345678<0943123456"


def test_the_national_code_names_its_holder_as_the_card_does(place: Place, actor: Actor) -> None:
    by_card = record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT)
    by_code = record_scan(place=place, payload=NATIONAL, actor=actor, at=AT + HOUR, direction="out")
    assert by_code.person_id == by_card.person_id
    assert (by_code.payload, by_card.payload) == ("national_qr", "citizen_card")


def test_an_unknown_national_code_registers_its_holder_with_what_it_says(place: Place, actor: Actor) -> None:
    scan = record_scan(place=place, payload=NATIONAL, actor=actor, at=AT)
    person = Person.objects.get(pk=scan.person_id or 0)
    assert (person.name, person.birth_year, person.sex, person.address) == ("Trần Văn Đức", 1985, "", "")
    assert {i.kind for i in person.identifiers.all()} == {"national_id", "health_insurance"}
    old = record_scan(
        place=place, payload=NATIONAL.replace("079185000123", "012345678"), actor=actor, at=AT + HOUR
    )
    assert old.person_id == person.pk  # by the insurance number


def test_a_masked_national_code_names_its_holder_by_the_insurance_number_or_not_at_all(
    place: Place, actor: Actor
) -> None:
    known = record_scan(place=place, payload=NATIONAL, actor=actor, at=AT)
    masked = NATIONAL.replace("079185000123", "******000123")
    again = record_scan(place=place, payload=masked, actor=actor, at=AT + HOUR)
    assert again.person_id == known.person_id
    nobody = record_scan(
        place=place, payload=masked.replace("GD4877912345678<", ""), actor=actor, at=AT + HOUR
    )
    assert (nobody.person_id, nobody.payload, nobody.marks) == (None, "national_qr", ["unknown_code"])
    assert Person.objects.count() == 1


def test_a_national_number_claimed_under_another_name_is_not_believed(place: Place, actor: Actor) -> None:
    thief = register(
        Identity(name="Lê Kẻ Gian", identifiers={"national_id": CARD.number}), actor=actor, at=AT
    )
    assert record_scan(place=place, payload=NATIONAL, actor=actor, at=AT).person_id not in (None, thief.pk)


def test_signed_and_live_codes_name_their_person(person: Person, place: Place, actor: Actor) -> None:
    signed = make_signed_code(person.code, Ed25519PrivateKey.generate(), issued_on=AT.date())
    live = make_live_code(person.code, live_key(bytes(32), person.code), AT)
    for text, direction in ((signed, "in"), (live, "out")):
        scan = record_scan(place=place, payload=text, actor=actor, at=AT, direction=direction)
        assert (scan.person_id, scan.payload) == (person.pk, "person_code")
