"""The staff and the facilities of the province."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction

from lachan.core import places
from lachan.core.models import Actor, ActorKind, Area, Place, PlaceKind
from lachan.simulation.arrays import Ints
from lachan.simulation.loading import Loaded
from lachan.simulation.venues import Kind
from lachan.systems.checkpoints import commands as checkpoints
from lachan.systems.checkpoints.models import Device
from lachan.systems.quarantine import commands as quarantine

STATIONS = 8
BEDS_A_ROOM = 6
PEOPLE_PER_BED = 120
_STAFF = ("sampler", "courier", "technician", "verifier", "tracer", "manager", "signer", "guard")
_SITES = ("Khu cách ly tập trung Ký túc xá phía Tây", "Khu cách ly tập trung Trường Quân sự")
_POSTS = ("Chốt kiểm soát cửa ngõ phía Bắc", "Chốt kiểm soát cửa ngõ phía Nam")
_LABORATORIES = ("Phòng xét nghiệm CDC", "Phòng xét nghiệm Bệnh viện Đa khoa")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works where. `station_of` gives for each commune the index of the station that serves it."""

    staff: dict[str, Actor]
    laboratory: Place
    sites: list[Place]
    posts: list[Place]
    devices: list[Device]
    stations: list[Place]
    station_of: Ints


def hire(loaded: Loaded, *, at: datetime) -> Cast:
    """Open laboratories, quarantine sites with rooms, control posts; choose the sampling stations."""
    with transaction.atomic():
        staff = {
            role: Actor.objects.create(kind=ActorKind.STAFF, name=f"Mô phỏng: {role}", created_at=at)
            for role in _STAFF
        }
        largest = np.argsort(-loaded.country.communes.weight, kind="stable")
        centre = Area.objects.get(pk=loaded.area_ids[int(largest[0])])
        laboratories = [
            places.open_place(kind=PlaceKind.LABORATORY, name=name, area=centre, at=at, closed_space=True)
            for name in _LABORATORIES
        ]
        posts = [
            checkpoints.register_place(
                kind=PlaceKind.CONTROL_POST,
                name=name,
                area=centre,
                actor=staff["manager"],
                at=at,
                closed_space=False,
            ).place
            for name in _POSTS
        ]
        devices = [
            checkpoints.register_device(place=post, name="Máy tính bảng 1", actor=staff["manager"], at=at)[0]
            for post in posts
        ]
        sites = _sites(loaded, centre, staff["manager"], at)
    served = largest[:STATIONS]
    nearest = np.argmin(loaded.country.communes.distance[:, served], axis=1).astype(np.int64)
    stations = [_station(loaded, int(commune)) for commune in served]
    return Cast(staff, laboratories[0], sites, posts, devices, stations, nearest)


def _sites(loaded: Loaded, area: Area, manager: Actor, at: datetime) -> list[Place]:
    """Beds for a share of the people, in rooms of six."""
    beds = max(24, len(loaded.country.population) // PEOPLE_PER_BED)
    rooms = -(-beds // (BEDS_A_ROOM * len(_SITES)))
    sites = []
    for name in _SITES:
        site = places.open_place(
            kind=PlaceKind.QUARANTINE_SITE, name=name, area=area, at=at, capacity=rooms * BEDS_A_ROOM
        )
        for number in range(rooms):
            label = f"{1 + number // 10}{number % 10 + 1:02d}"
            quarantine.open_room(site=site, name=f"Phòng {label}", beds=BEDS_A_ROOM, actor=manager, at=at)
        sites.append(site)
    return sites


def _station(loaded: Loaded, commune: int) -> Place:
    """The first health station of a commune."""
    venues = loaded.country.venues
    index = int(np.flatnonzero((venues.area == commune) & (venues.kind == Kind.CLINIC))[0])
    return Place.objects.get(pk=loaded.homes.venue + index)
