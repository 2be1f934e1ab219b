"""Batches of devices that were offline; matching; devices and places."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.codes import new_code
from lachan.core.events import OrderIssued
from lachan.core.models import (
    Actor,
    ActorKind,
    Area,
    EventRow,
    Person,
    Place,
    PlaceKind,
    Posting,
    Presence,
    Role,
)
from lachan.core.names import search_key
from lachan.core.persons import Identity, register
from lachan.core.sealed import unseal
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import (
    CannotMatch,
    CannotRegisterDevice,
    CannotRegisterPlace,
    Reading,
    TooManyCheckIns,
    check_in,
    match_unknown,
    purge_scans,
    record_batch,
    record_scan,
    register_device,
    register_place,
    revoke_device,
)
from lachan.systems.checkpoints.commands.by_hand import CHECK_INS_PER_MINUTE
from lachan.systems.checkpoints.models import Breach, Device, Scan
from lachan.systems.checkpoints.tests.conftest import AT, tell

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def people(count: int) -> list[Person]:
    names = [f"Người {n}" for n in range(count)]
    return Person.objects.bulk_create(
        Person(code=new_code(), name=n, search_key=search_key(n), registered_at=AT) for n in names
    )


def readings(persons: list[Person], at: datetime = AT) -> list[Reading]:
    rows = [Reading(client_id=f"r{n}", text=f"LC1:{p.code}", device_time=at) for n, p in enumerate(persons)]
    cards = [
        Reading(
            client_id=f"card{n}",
            text=f"0791850{n:05}||Trần Văn {n}|05031985|Nam|Sài Gòn|01062021",
            device_time=at,
        )
        for n in range(len(persons) // 10)
    ]
    unknown = [Reading(client_id=f"u{n}", text=f"rác {n}", device_time=at) for n in range(len(persons) // 10)]
    return rows + cards + unknown


def order(person: Person, issued_at: datetime) -> None:
    tell(
        OrderIssued(
            person_id=person.pk, happened_at=issued_at, order_id=3, subject="F1", order_kind="home",
            starts_on=AT.date(), ends_on=AT.date() + timedelta(days=7), test_dates=(), policy_id="p",
        )
    )  # fmt: skip


def test_a_batch_takes_as_many_queries_for_many_as_for_few(device: Device) -> None:
    asked = []
    for count, start in ((20, AT - 2 * HOUR), (1_600, AT - HOUR)):
        batch = [
            Reading(client_id=f"{count}-{r.client_id}", text=r.text, device_time=r.device_time)
            for r in readings(people(count), start)
        ]
        with CaptureQueriesContext(connection) as seen:
            scans = record_batch(device=device, readings=batch, actor=device.actor, at=AT, device_now=AT)
        asked.append(len([q for q in seen if "SAVEPOINT" not in q["sql"]]))
        assert len(scans) == len(batch)
    assert asked[1] <= asked[0] + 2, asked  # one more chunk of events at most
    assert Scan.objects.filter(marks=[]).count() + Scan.objects.exclude(marks=[]).count() == 24 + 1_920
    assert Presence.objects.count() == 22 + 1_760


def test_a_batch_sent_again_changes_nothing(device: Device) -> None:
    batch = readings(people(10), AT - 30 * MINUTE)
    first = record_batch(device=device, readings=batch, actor=device.actor, at=AT, device_now=AT)
    again = record_batch(
        device=device, readings=batch, actor=device.actor, at=AT + HOUR, device_now=AT + HOUR
    )
    assert [s.id for s in first] == [s.id for s in again]
    assert (Scan.objects.count(), Presence.objects.count()) == (12, 11)


def test_the_clock_of_the_device_is_corrected_and_both_times_are_kept(device: Device, person: Person) -> None:
    wrong = AT - timedelta(days=1, minutes=3)
    reading = Reading(client_id="a", text=person.code, device_time=wrong - HOUR)
    [scan] = record_batch(device=device, readings=[reading], actor=device.actor, at=AT, device_now=wrong)
    assert (scan.happened_at, scan.device_time) == (AT - HOUR, wrong - HOUR)
    assert scan.marks == ["clock_wrong", "unsigned"]
    device.refresh_from_db()
    assert (device.clock_offset_seconds, device.seen_at) == (86_580, AT)


@pytest.mark.parametrize(
    ("said", "marks"),
    [(AT - timedelta(days=3), ["late"]), (AT + HOUR, ["early"]), (None, ["clock_wrong"]), (AT, [])],
)
def test_a_scan_out_of_time_is_marked(
    said: datetime | None, marks: list[str], device: Device, person: Person
) -> None:
    reading = Reading(client_id="a", text=person.code, device_time=said)
    [scan] = record_batch(device=device, readings=[reading], actor=device.actor, at=AT, device_now=AT)
    assert scan.marks == [*marks, "unsigned"]


def test_a_scan_older_than_retention_is_kept_without_a_visit(device: Device, person: Person) -> None:
    reading = Reading(client_id="a", text=person.code, device_time=AT - timedelta(days=60))
    [scan] = record_batch(device=device, readings=[reading], actor=device.actor, at=AT, device_now=AT)
    assert scan.marks == ["late", "unsigned"]
    assert not Presence.objects.exists()


def test_a_revoked_device_may_deliver_but_says_nothing_about_later(
    device: Device, person: Person, actor: Actor
) -> None:
    revoke_device(device=device, actor=actor, at=AT)
    revoke_device(device=device, actor=actor, at=AT + HOUR)
    before = Reading(client_id="before", text=person.code, device_time=AT - HOUR)
    after = Reading(client_id="after", text=person.code, device_time=AT + 20 * MINUTE)
    scans = record_batch(device=device, readings=[before, after], actor=device.actor, at=AT + HOUR)
    assert [s.marks for s in scans] == [["revoked_device", "unsigned"]] * 2
    assert [p.starts_at for p in Presence.objects.all()] == [AT - HOUR]
    assert EventRow.objects.filter(kind="DeviceRevoked").count() == 1


def test_a_person_is_judged_by_what_was_so_when_the_scan_happened(device: Device, person: Person) -> None:
    order(person, AT - HOUR)
    times = {"before": AT - 2 * HOUR, "after": AT - 10 * MINUTE}
    rows = [Reading(client_id=name, text=person.code, device_time=at) for name, at in times.items()]
    scans = record_batch(device=device, readings=rows, actor=device.actor, at=AT, device_now=AT)
    assert [s.verdict for s in scans] == ["pass", "stop"]
    assert Breach.objects.get().scan_id == scans[1].id


def test_an_unknown_code_becomes_visits_when_somebody_says_whose_it_is(
    place: Place, person: Person, actor: Actor
) -> None:
    code = new_code()
    first = record_scan(place=place, payload=f"LC1:{code}", actor=actor, at=AT)
    record_scan(place=place, payload=f"LC1:{code}", actor=actor, at=AT + HOUR, direction="out")
    other = record_scan(place=place, payload="LC1:" + new_code(), actor=actor, at=AT)
    matched = match_unknown(scan=first, person=person, actor=actor, at=AT + 2 * HOUR)
    assert len(matched) == 2
    presence = Presence.objects.get()
    assert (presence.person_id, presence.starts_at, presence.ends_at) == (person.pk, AT, AT + HOUR)
    assert EventRow.objects.filter(kind="ScanMatched", person=person).count() == 2
    assert list(Scan.objects.filter(person__isnull=True)) == [other]
    with pytest.raises(CannotMatch):
        match_unknown(scan=first, person=person, actor=actor, at=AT + 3 * HOUR)


def test_a_breach_behind_an_unknown_code_is_told_when_it_is_matched(
    place: Place, person: Person, actor: Actor
) -> None:
    scan = record_scan(place=place, payload=f"LC1:{new_code()}", actor=actor, at=AT)
    order(person, AT - HOUR)
    match_unknown(scan=scan, person=person, actor=actor, at=AT + HOUR)
    assert Breach.objects.get().scan_id == scan.id


def test_visitors_check_in_by_name_and_telephone(place: Place, actor: Actor) -> None:
    known = register(Identity(name="Lê Văn Tám", identifiers={"phone": "+84912345678"}), actor=actor, at=AT)
    mine = check_in(place=place, name="le van tam", phone="+84912345678", at=AT)
    child = check_in(place=place, name="Lê Bé Na", phone="+84912345678", at=AT)
    again = check_in(place=place, name="Lê Bé Na", phone="+84912345678", at=AT + HOUR, direction="out")
    assert mine.person_id == known.pk
    assert child.person_id == again.person_id != known.pk
    assert queries.inside(place, at=AT + 30 * MINUTE) == 2


def test_a_name_typed_by_a_stranger_accuses_nobody(place: Place, actor: Actor) -> None:
    known = register(Identity(name="Lê Văn Tám", identifiers={"phone": "+84912345678"}), actor=actor, at=AT)
    order(known, AT - HOUR)
    assert check_in(place=place, name="Lê Văn Tám", phone="+84912345678", at=AT).person_id == known.pk
    assert not Breach.objects.exists()


def test_invented_visitors_are_stopped_at_the_speed_of_a_door(place: Place) -> None:
    rows = people(CHECK_INS_PER_MINUTE)
    Scan.objects.bulk_create(
        Scan(
            place=place, actor_id=Actor.objects.create(kind=ActorKind.CLIENT, name=p.name, created_at=AT).pk,
            client_id=p.code, direction="in", payload="self", person=p, happened_at=AT, recorded_at=AT, verdict="pass",
            reason="r", policy_id="p",
        )
        for p in rows
    )  # fmt: skip
    with pytest.raises(TooManyCheckIns):
        check_in(place=place, name="Thêm Một", phone="+84912345678", at=AT + timedelta(seconds=10))
    check_in(place=place, name="Thêm Một", phone="+84912345678", at=AT + 2 * MINUTE)


def test_a_place_is_registered_with_its_own_rules(area: Area, actor: Actor, person: Person) -> None:
    made = register_place(
        kind="venue", name=" Quán Cà Phê ", area=area, phone="+84912345678", capacity=40, closed_space=True,
        default_stay_minutes=45, actor=actor, at=AT,
    )  # fmt: skip
    assert made.place.name == "Quán Cà Phê"
    assert unseal("owner_phone", made.owner_phone_sealed or b"") == "+84912345678"
    assert EventRow.objects.get(kind="VenueRegistered").place_id == made.place.pk
    record_scan(place=made.place, payload=person.code, actor=actor, at=AT)
    assert Presence.objects.get().ends_at == AT + 45 * MINUTE


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "household"}, "place-kind"),
        ({"name": " "}, "place-name"),
        ({"default_stay_minutes": 0}, "place-stay"),
    ],
)
def test_a_place_that_cannot_be_registered_says_why(
    fields: dict[str, str], code: str, area: Area, actor: Actor
) -> None:
    with pytest.raises(CannotRegisterPlace) as refusal:
        register_place(**{"kind": "venue", "name": "Quán", "area": area, "actor": actor, "at": AT} | fields)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_device_has_a_posting_at_its_place_and_a_token_nobody_keeps(place: Place, actor: Actor) -> None:
    device, token = register_device(place=place, name="Cổng 2", actor=actor, at=AT)
    posting = Posting.objects.get(actor=device.actor)
    assert (posting.role, posting.place) == (Role.GATE_GUARD, place)
    assert token.encode() not in bytes(device.actor.token_hash or b"")
    with pytest.raises(CannotRegisterDevice):
        register_device(place=place, name="  ", actor=actor, at=AT)


def test_the_desk_counts_what_waits(area: Area, place: Place, person: Person, actor: Actor) -> None:
    officer = Actor.objects.create(kind=ActorKind.STAFF, name="Lan", created_at=AT)
    posting = Posting.objects.create(actor=officer, role=Role.COMMUNE_OFFICER, area=area, starts_at=AT)
    elsewhere = Posting.objects.create(
        actor=officer, role=Role.COMMUNE_OFFICER, area=Area.objects.get(code="26743"), starts_at=AT
    )
    register_place(kind="venue", name="Quán vắng", area=area, actor=actor, at=AT - timedelta(days=20))
    busy = register_place(kind="venue", name="Quán đông", area=area, actor=actor, at=AT - timedelta(days=20))
    record_scan(place=busy.place, payload=person.code, actor=actor, at=AT)
    record_scan(place=place, payload="rác", actor=actor, at=AT)
    order(person, AT)
    record_scan(place=place, payload=person.code, actor=actor, at=AT + MINUTE)
    assert [item.count for item in queries.desk(posting, at=AT + MINUTE)] == [1, 1, 0, 1]
    assert [item.count for item in queries.desk(elsewhere, at=AT + MINUTE)] == [0, 0, 0, 0]
    assert list(queries.reach(posting)) == [person.pk]
    assert list(queries.reach(elsewhere)) == []


def test_scans_are_forgotten_when_their_time_is_over(place: Place, person: Person, actor: Actor) -> None:
    for days in (50, 40):
        record_scan(place=place, payload=person.code, actor=actor, at=AT - timedelta(days=days))
    assert purge_scans(before=AT - timedelta(days=42)) == 1
    assert Scan.objects.count() == 1


def test_evidence_of_many_is_one_query(person: Person) -> None:
    others = [p.pk for p in people(50)]
    with CaptureQueriesContext(connection) as seen:
        found = queries.evidence([person.pk, *others], AT)
    assert (len(found), len(seen)) == (51, 1)


def test_a_vehicle_and_a_station_can_be_scanned_at_but_not_a_home(area: Area) -> None:
    assert PlaceKind.HOUSEHOLD not in queries.SCANNED_KINDS
    assert PlaceKind.CONVEYANCE in queries.SCANNED_KINDS
