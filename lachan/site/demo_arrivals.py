"""The demo's border gate: a flight that has landed, whose travellers declared, half of them cleared already."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lachan.core import clock
from lachan.core.dates import BirthDate
from lachan.core.models import Actor, Area, Posting, Role
from lachan.core.persons import Identity
from lachan.site import demo, demo_vessel
from lachan.systems.arrivals.commands import Finding, Journey, Traveller, clear_arrival, declare_arrival
from lachan.systems.arrivals.commands.vessels import record_landing, register_conveyance
from lachan.systems.arrivals.models import ArrivalDeclaration, Conveyance, Gate

FLIGHT, COUNTRY, CITY = "VN431", "KOR", "Incheon"
FAMILY = ("KIM", "LEE", "PARK", "NGUYEN", "TRAN", "MARTIN", "SATO", "GARCIA")
GIVEN = ("MINH ANH", "JI WOO", "CLAIRE", "HIROSHI", "THU HA", "DANIEL")
TRAVELLERS, CLEARED = 24, 12


def make() -> None:
    """Once, at the gate of the demo's border officer; nothing where there is none."""
    officer = Posting.objects.filter(role=Role.BORDER_OFFICER, place__gate__isnull=False).first()
    commune = next((where for role, where in demo.places() if role == Role.COMMUNE_OFFICER), None)
    if officer is None or not isinstance(commune, Area) or ArrivalDeclaration.objects.exists():
        return
    gate, at = Gate.objects.get(place=officer.place), clock.now()
    _land(gate, officer.actor, at)
    made = [_declare(gate, commune, number, at) for number in range(TRAVELLERS)]
    for number, declaration in enumerate(made[:CLEARED]):
        seen = ("vaccination", "test") if number % 3 else ()
        found = Finding(temperature=Decimal("36.5") + Decimal(number % 5) / 10, seen=seen)
        clear_arrival(declaration=declaration, gate=gate, finding=found, actor=officer.actor, at=at)
    flight = Conveyance.objects.get(gate=gate, number=FLIGHT)
    demo_vessel.fill(flight, made, actor=officer.actor, at=at)
    demo_vessel.announce_next(gate, actor=officer.actor, at=at)
    demo_vessel.bring_on(gate, actor=officer.actor, at=at)


def _land(gate: Gate, actor: Actor, at: datetime) -> None:
    """The flight came an hour ago, today if it is not just after midnight."""
    landed = at - timedelta(hours=1)
    if Conveyance.objects.filter(gate=gate, number=FLIGHT).exists() or gate.area is None:
        return
    departed = landed - timedelta(hours=5)
    flight = register_conveyance(
        gate=gate, kind="plane", number=FLIGHT, from_country=COUNTRY, from_place=CITY, departs_at=departed,
        arrives_at=landed, layout="1-30 ABC-DEF", actor=actor, at=departed,
    )  # fmt: skip
    record_landing(conveyance=flight, departed_at=departed, landed_at=landed, actor=actor, at=at)


def _declare(gate: Gate, commune: Area, number: int, at: datetime) -> ArrivalDeclaration:
    today, before = clock.local_date(at - timedelta(hours=1)), at - timedelta(hours=30 + number)
    name = f"{FAMILY[number % len(FAMILY)]} {GIVEN[number % len(GIVEN)]}"
    journey = Journey(
        gate=gate, document_number=f"M{48_000_000 + 7_919 * number}", nationality=COUNTRY if number % 3 else "VNM",
        vehicle=FLIGHT, seat=f"{10 + number // 6}{'ABCDEF'[number % 6]}", departed_on=today, arrives_on=today,
        from_country=COUNTRY, from_place=CITY, destination_area=commune, destination_address=f"{number + 3} Bạch Đằng",
        phone=f"+84901000{number:03}", **_evidence(number, at),
    )  # fmt: skip
    about = Identity(name=name, birth=BirthDate(1960 + 2 * number, 1 + number % 12, 8), sex="mf"[number % 2])
    return declare_arrival(
        journey=journey,
        about=about,
        key=uuid5(NAMESPACE_URL, f"demo entry {number}"),
        sender=Traveller(),
        at=before,
    )


def _evidence(number: int, at: datetime) -> dict[str, Any]:
    """Every fourth tells of nothing, every seventh coughs, one was in the country of the exercise's variant."""
    told: dict[str, Any] = {"symptoms": ("cough",)} if number % 7 == 6 else {}
    if number == 3:
        told["countries"] = ("UTO",)
    if number % 4 == 3:
        return told
    today = clock.local_date(at)
    return told | {
        "doses": 2, "vaccine": "Comirnaty", "last_dose_on": today - timedelta(days=60 + number), "test_kind": "pcr",
        "tested_at": at - timedelta(hours=54),
    }  # fmt: skip
