"""A gate, travellers and officers for the tests of arrivals; it is 12:00 on 20 March 2022, a Sunday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from lachan.codecs.mrz import Mrz, UncertainDate, encode
from lachan.core import actors, areas
from lachan.core.dates import BirthDate
from lachan.core.models import Actor, ActorKind, Area, Posting, Role
from lachan.core.persons import Identity
from lachan.policy import load
from lachan.systems.arrivals import commands
from lachan.systems.arrivals.commands import Finding, Journey, Traveller
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Gate
from tests.rows import area_in

NOON = datetime(2022, 3, 20, 5, tzinfo=UTC)
TODAY = date(2022, 3, 20)
NUMBER = "C1234567"
_numbers = count(1)


def hanoi() -> Area:
    return area_in(areas.country(), "01", "Thành phố Hà Nội", level=1)


def commune() -> Area:
    return area_in(hanoi(), "00001", "Phường Phúc Xá")


def listed(*codes: str) -> list[Any]:
    rules = load("vn/covid19").at(TODAY).arrivals
    assert rules is not None
    return [gate for gate in rules.gates if not codes or gate.code in codes]


def gate(code: str = "HAN") -> Gate:
    hanoi()
    if not Gate.objects.filter(code=code).exists():
        commands.load_gates(listed=listed(code), at=NOON)
    return Gate.objects.select_related("place", "area").get(code=code)


def journey(**other: Any) -> Journey:
    facts: dict[str, Any] = {
        "gate": gate(), "document_number": NUMBER, "nationality": "FRA", "vehicle": "VN 18", "seat": "12A",
        "departed_on": TODAY - timedelta(days=1), "arrives_on": TODAY, "from_country": "FRA",
        "destination_area": commune(), "destination_address": "12 Hàng Bài", "phone": "+84912345678",
    }  # fmt: skip
    return Journey(**facts | other)


def identity(name: str = "MARTIN CLAIRE", **other: Any) -> Identity:
    return Identity(name=name, birth=other.get("birth", BirthDate(1980, 4, 8)), sex="f")


def declared(
    name: str = "MARTIN CLAIRE", *, at: datetime = NOON, sender: Traveller | None = None, key: Any = None,
    birth: BirthDate | None = None, **other: Any,
) -> ArrivalDeclaration:  # fmt: skip
    return commands.declare_arrival(
        journey=journey(**other), about=identity(name, birth=birth or BirthDate(1980, 4, 8)), key=key or uuid4(),
        sender=sender or Traveller(), at=at,
    )  # fmt: skip


def officer() -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"Cán bộ {next(_numbers)}", created_at=NOON)


def at_gate(code: str = "HAN") -> Posting:
    return actors.post(officer(), Role.BORDER_OFFICER, at=NOON - timedelta(days=30), place=gate(code).place)


def found(
    temperature: str = "36.6",
    *,
    seen: Iterable[str] = (),
    duty: str = "",
    reason: str = "",
    document: bool = True,
) -> Finding:
    return Finding(
        temperature=Decimal(temperature), seen=tuple(seen), duty=duty, reason=reason, document_seen=document
    )


def cleared(
    made: ArrivalDeclaration, *, actor: Actor | None = None, at: datetime = NOON, **said: Any
) -> Clearance:
    return commands.clear_arrival(
        declaration=made, gate=made.gate, finding=found(**said), actor=actor or officer(), at=at
    )


def passport(number: str = NUMBER, primary: str = "MARTIN", secondary: str = "CLAIRE") -> str:
    """The machine-readable zone of a passport."""
    return encode(
        Mrz(
            kind="TD3", document_type="P", issuer="FRA", primary=primary, secondary=secondary, number=number,
            nationality="FRA", birth_date=UncertainDate(1980, 4, 8), sex="F", expires_on=date(2029, 1, 1),
        )
    )  # fmt: skip
