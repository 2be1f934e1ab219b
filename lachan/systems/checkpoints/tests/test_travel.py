"""One person at two places too far apart: both scans are kept and marked, and nobody is stopped for it."""

from datetime import timedelta
from math import acos, cos, radians, sin
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core.models import Actor, Area, Person, Place, PlaceKind
from lachan.core.persons import Identity, register
from lachan.core.places import open_place
from lachan.systems.checkpoints.commands import Reading, check_in, match_unknown, record_batch, record_scan
from lachan.systems.checkpoints.models import Device, Scan
from lachan.systems.checkpoints.rules import Sight, Spot, impossible_travel
from lachan.systems.checkpoints.rules.travel import (
    CLOCKS,
    EARTH_KM,
    FASTEST_KMH,
    WITHIN,
    impossible,
    kilometres,
)
from lachan.systems.checkpoints.tests.conftest import AT

MINUTE = timedelta(minutes=1)
HANOI, HAI_PHONG = Spot(21.0285, 105.8542), Spot(20.8449, 106.6881)
DA_NANG, SAIGON = Spot(16.0544, 108.2022), Spot(10.7769, 106.7009)
spots = st.builds(Spot, st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 30))
minutes = st.floats(0, 180)


def sight(spot: Spot | None, after: float = 0.0, number: int = 1) -> Sight:
    return Sight(UUID(int=number), AT + after * MINUTE, spot)


# --- the rule -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        (HANOI, HAI_PHONG, 89),
        (HANOI, SAIGON, 1_144),
        (HANOI, DA_NANG, 606),
        (HANOI, HANOI, 0),
        (Spot(0, 179.5), Spot(0, -179.5), 111),
    ],
)
def test_distances_are_those_of_the_map(one: Spot, other: Spot, known: int) -> None:
    assert kilometres(one, other) == pytest.approx(known, abs=2)


@pytest.mark.parametrize(
    ("one", "other", "after", "flagged"),
    [
        (HANOI, SAIGON, 0, True),
        (HANOI, SAIGON, 60, True),
        (HANOI, SAIGON, 61, False),  # not within the hour: by then somebody may have flown
        (HANOI, HAI_PHONG, 5, True),
        (HANOI, HAI_PHONG, 30, False),  # by the motorway
        (HANOI, Spot(21.04, 105.85), 0, False),
        (HANOI, None, 0, False),
        (None, None, 0, False),
        (Spot(21.0285, 105.8542, 40), Spot(20.8449, 106.6881, 40), 0, False),  # nobody knows it so exactly
    ],
)
def test_what_is_flagged(one: Spot | None, other: Spot | None, after: float, flagged: bool) -> None:
    assert impossible(sight(one), sight(other, after)) is flagged
    assert impossible(sight(other, after), sight(one)) is flagged


def by_vectors(a: Spot, b: Spot) -> float:
    """The same distance by the angle between two arrows from the middle of the earth."""

    def arrow(spot: Spot) -> tuple[float, float, float]:
        lat, lon = radians(spot.lat), radians(spot.lon)
        return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)

    return EARTH_KM * acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(arrow(a), arrow(b), strict=True)))))


@given(spots, spots)
def test_distance_agrees_with_the_angle_between_arrows(a: Spot, b: Spot) -> None:
    assert kilometres(a, b) == pytest.approx(by_vectors(a, b), abs=0.2)
    assert kilometres(a, b) == pytest.approx(kilometres(b, a))


@given(spots, st.floats(0, 1), st.floats(0, 359), st.floats(0, 60))
def test_nobody_within_the_speed_of_roads_is_flagged(
    start: Spot, share: float, bearing: float, after: float
) -> None:
    """Whoever goes at FASTEST_KMH or slower, in any direction, with clocks that differ by CLOCKS at most."""
    hours = (after * MINUTE + CLOCKS) / timedelta(hours=1)
    degrees = share * FASTEST_KMH * hours / (EARTH_KM * radians(1))
    north, east = degrees * cos(radians(bearing)), degrees * sin(radians(bearing))
    end = Spot(start.lat + north, start.lon + east)
    if kilometres(start, end) <= share * FASTEST_KMH * hours:
        assert not impossible(sight(start), sight(end, after))


@given(spots, spots, minutes)
def test_what_is_flagged_is_within_the_hour_and_faster_than_any_road(a: Spot, b: Spot, after: float) -> None:
    if impossible(sight(a), sight(b, after)):
        assert after * MINUTE <= WITHIN
        assert by_vectors(a, b) > FASTEST_KMH * after / 60


@given(
    st.lists(st.tuples(st.sampled_from([HANOI, HAI_PHONG, SAIGON, None]), minutes), max_size=8), st.randoms()
)
def test_the_readings_found_are_those_of_all_pairs_in_whatever_order(
    seen: list[tuple[Spot | None, float]], shuffled: "object"
) -> None:
    sights = [sight(spot, after, number) for number, (spot, after) in enumerate(seen)]
    pairs = {s.id for s in sights for other in sights if s is not other and impossible(s, other)}
    assert impossible_travel(sights) == pairs == impossible_travel(reversed(sights))


# --- at the gates -------------------------------------------------------------------------------------------------


def post(area: Area, name: str, spot: Spot | None) -> Place:
    where = {} if spot is None else {"lat": spot.lat, "lon": spot.lon}
    return open_place(kind=PlaceKind.CONTROL_POST, name=name, area=area, at=AT - timedelta(days=9), **where)


@pytest.fixture
def north(area: Area) -> Place:
    return post(area, "Chốt Bắc", HANOI)


@pytest.fixture
def south(area: Area) -> Place:
    return post(area, "Chốt Nam", SAIGON)


def marks_of(*scans: Scan) -> list[bool]:
    for scan in scans:
        scan.refresh_from_db()
    return ["impossible_travel" in scan.marks for scan in scans]


@pytest.mark.django_db
def test_both_scans_are_kept_and_marked_and_nobody_is_stopped(
    person: Person, actor: Actor, north: Place, south: Place
) -> None:
    first = record_scan(place=north, payload=person.code, actor=actor, at=AT)
    second = record_scan(place=south, payload=person.code, actor=actor, at=AT + 50 * MINUTE)
    third = record_scan(place=south, payload=person.code, actor=actor, at=AT + 90 * MINUTE, direction="out")
    assert "impossible_travel" in second.marks
    assert marks_of(first, second, third) == [True, True, False]
    assert {first.verdict, second.verdict, third.verdict} == {"pass"}
    assert first.presence_id
    assert second.presence_id


@pytest.mark.django_db
def test_what_a_device_sends_days_later_marks_what_was_seen_then(
    person: Person, actor: Actor, area: Area, device: Device, north: Place
) -> None:
    Area.objects.filter(pk=area.pk).update(lat=SAIGON.lat, lon=SAIGON.lon)
    device = Device.objects.get(pk=device.pk)
    first = record_scan(place=north, payload=person.code, actor=actor, at=AT)
    readings = [Reading(client_id=f"r{n}", text=person.code, device_time=AT + n * MINUTE) for n in (-30, 200)]
    sent = AT + timedelta(days=2)
    near, far = record_batch(device=device, readings=readings, actor=device.actor, at=sent, device_now=sent)
    assert marks_of(first, near, far) == [True, True, False]


@pytest.mark.django_db
def test_what_proves_no_journey_is_not_marked(
    person: Person, actor: Actor, area: Area, device: Device, north: Place, south: Place
) -> None:
    first = record_scan(place=north, payload=person.code, actor=actor, at=AT)
    unknown_where = record_scan(
        place=post(area, "Chốt", None), payload=person.code, actor=actor, at=AT + MINUTE
    )
    other = register(Identity(name="Lê Văn Tám"), actor=actor, at=AT)
    somebody = record_scan(place=south, payload=other.code, actor=actor, at=AT + MINUTE)
    typed = check_in(place=south, name=person.name, phone="+84905123456", at=AT + MINUTE)
    Area.objects.filter(pk=area.pk).update(lat=SAIGON.lat, lon=SAIGON.lon)
    device = Device.objects.get(pk=device.pk)
    reading = Reading(client_id="no-clock", text=person.code)
    [timeless] = record_batch(device=device, readings=[reading], actor=device.actor, at=AT + MINUTE)
    assert marks_of(first, unknown_where, somebody, typed, timeless) == [False] * 5


@pytest.mark.django_db
def test_a_code_matched_later_is_looked_at_too(
    person: Person, actor: Actor, north: Place, south: Place
) -> None:
    first = record_scan(place=north, payload=person.code, actor=actor, at=AT)
    unknown = record_scan(place=south, payload="thẻ nhân viên 17", actor=actor, at=AT + MINUTE)
    match_unknown(scan=unknown, person=person, actor=actor, at=AT + 60 * MINUTE)
    assert marks_of(first, unknown) == [True, True]
