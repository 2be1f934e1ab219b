"""A gate, a flight and its list, for the tests of vessels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from lachan.core import actors, places
from lachan.core.codes import new_code
from lachan.core.models import Actor, Area, Person, Place, PlaceKind
from lachan.core.sealed import blind_index
from lachan.platform.lists import Verdict
from lachan.systems.arrivals.commands import manifests, vessels
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Conveyance, Manifest
from lachan.systems.arrivals.tests.rows import NOON, gate, hanoi

HOUR = timedelta(hours=1)
HEADING = "Họ và tên,Số hộ chiếu,Quốc tịch,Ngày sinh,Giới tính,Số ghế,Tổ bay\n"
_numbers = count(1)


def province() -> Area:
    return hanoi()


def system() -> Actor:
    return actors.system(at=NOON)


def flight(number: str = "", *, layout: str = "A321", kind: str = "plane", **more: Any) -> Conveyance:
    """Due an hour ago after three hours in the air."""
    given: dict[str, Any] = {"departs_at": NOON - 4 * HOUR, "arrives_at": NOON - HOUR, "from_country": "KOR"}
    return vessels.register_conveyance(
        gate=more.pop("gate", None) or gate(), kind=kind, number=number or f"VN{next(_numbers)}", layout=layout,
        actor=system(), at=NOON - 5 * HOUR, **given | more,
    )  # fmt: skip


def landed(vessel: Conveyance) -> Conveyance:
    return vessels.record_landing(
        conveyance=vessel, departed_at=vessel.departs_at, landed_at=vessel.arrives_at, actor=system(), at=NOON
    )


def row(number: int, seat: str = "", *, name: str = "", birth: str = "1980", crew: str = "") -> str:
    return f"{name or f'NGUYEN/VAN {number}'},C{number:07},VNM,{birth},M,{seat},{crew}\n"


def take(
    tmp_path: Path, vessel: Conveyance, *rows: str, told: list[Verdict] | None = None, **more: Any
) -> Manifest:
    """Import these rows."""
    file = tmp_path / f"list{next(_numbers)}.csv"
    file.write_text(HEADING + "".join(rows), encoding="utf-8")
    hears = told.append if told is not None else lambda _verdict: None
    return manifests.import_manifest(
        conveyance=vessel, file=file, actor=system(), at=NOON, tell=hears, **more
    )


def full_cabin(rows: Sequence[int], letters: str = "ABCDEF", *, since: int = 1) -> list[str]:
    seats = [f"{n}{letter}" for n in rows for letter in letters]
    return [row(since + i, seat) for i, seat in enumerate(seats)]


def site(name: str = "Khu cách ly Hòa Vang") -> Place:
    return places.open_place(
        kind=PlaceKind.QUARANTINE_SITE, name=name, area=province(), at=NOON - 90 * 24 * HOUR
    )


def declared(
    person: Person, vessel: Conveyance, document: str, *, seat: str = "", **more: Any
) -> ArrivalDeclaration:
    """The declaration of somebody who travels by this vessel with this passport."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "code": new_code(), "short_code": f"{number:05}", "key": uuid4(), "person": person, "gate": vessel.gate,
        "document_kind": "passport", "document_index": blind_index("passport", document), "nationality": "VNM",
        "transport": "plane", "vehicle": vessel.number, "seat": seat, "departed_on": vessel.arrives_on,
        "arrives_on": vessel.arrives_on, "from_country": "KOR", "countries": ["KOR"], "destination_area": province(),
        "destination_address": "12 Bạch Đằng", "sealed_phone": b"x", "made_at": NOON, "recorded_by": system(),
    }  # fmt: skip
    return ArrivalDeclaration.objects.create(**given | more)


def cleared(declaration: ArrivalDeclaration, duty: str = "facility", **more: Any) -> Clearance:
    """The officer's decision about a traveller."""
    apart = duty in ("home", "facility")
    given: dict[str, Any] = {
        "declaration": declaration, "gate": declaration.gate, "temperature": 36.8, "proposed": duty, "duty": duty,
        "days": 14 if apart else 0, "rule_id": "test", "decided_at": NOON, "decided_by": system(),
        "test_within_hours": 24 if duty == "test" else None,
    }  # fmt: skip
    return Clearance.objects.create(**given | more)
