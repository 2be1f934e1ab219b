"""Who came with the demo's flight: 180 passengers and 6 crew, most of them people of the synthetic country. Two who
declared are not aboard, one came with another passport; and another flight is on its way, without a list yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from lachan.core.dates import BirthDate
from lachan.core.models import Actor, Identifier, IdentifierKind, Person, Place, PlaceKind
from lachan.core.persons import birth_of, identifier_value
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.commands.transfers import hand_over, make_transfer_list
from lachan.systems.arrivals.commands.vessels import register_conveyance
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Conveyance, Gate

HEADING = "Họ và tên,Số giấy tờ,Quốc tịch,Ngày sinh,Giới tính,Số ghế,Tổ bay\n"
ROWS, LETTERS, CREW, ABSENT = range(1, 31), "ABCDEF", 6, 2
NEXT = "VN409"


def fill(flight: Conveyance, declared: list[ArrivalDeclaration], *, actor: Actor, at: datetime) -> None:
    """Write the list of the flight and take it; nothing where there is one."""
    if flight.manifests.exists():
        return
    aboard = declared[:-ABSENT]
    taken = {made.seat for made in aboard}
    free = [f"{n}{letter}" for n in ROWS for letter in LETTERS if f"{n}{letter}" not in taken]
    rows = [*_declared(aboard), *_citizens(free), *_crew()]
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write((HEADING + "".join(rows)).encode())
        file.flush()
        import_manifest(conveyance=flight, file=Path(file.name), actor=actor, at=at)


def _declared(aboard: Iterable[ArrivalDeclaration]) -> Iterator[str]:
    """Those who declared, with their document; the first of them with another."""
    for number, made in enumerate(aboard):
        found = made.person.identifiers.filter(kind=made.document_kind).first()
        document = identifier_value(found) if found and number else f"X{made.pk:07}"
        yield _row(made.person, document, made.seat)


def _citizens(seats: list[str]) -> Iterator[str]:
    """Citizens who come home; none of them declared."""
    held = Identifier.objects.filter(kind=IdentifierKind.NATIONAL_ID, person__merged_into__isnull=True)
    found = held.select_related("person").order_by("person__code")[: len(seats)]
    for seat, identifier in zip(seats, found, strict=False):
        yield _row(identifier.person, identifier_value(identifier), seat)


def _crew() -> Iterator[str]:
    for number in range(CREW):
        yield f"Tiếp viên {['Một', 'Hai', 'Ba', 'Bốn', 'Năm', 'Sáu'][number]},P{7_000_000 + number},VNM,1990,F,,x\n"


def _row(person: Person, document: str, seat: str) -> str:
    birth: BirthDate | None = birth_of(person)
    return f"{person.name},{document},,{birth.text if birth else ''},{person.sex},{seat},\n"


def announce_next(gate: Gate, *, actor: Actor, at: datetime) -> None:
    """A flight that comes in some hours and has sent no list."""
    if Conveyance.objects.filter(gate=gate, number=NEXT).exists():
        return
    register_conveyance(
        gate=gate, kind="plane", number=NEXT, from_country="JPN", from_place="Narita",
        departs_at=at - timedelta(hours=1), arrives_at=at + timedelta(hours=5), layout="A350", actor=actor, at=at,
    )  # fmt: skip


def bring_on(gate: Gate, *, actor: Actor, at: datetime) -> None:
    """The first travellers whose duty is a quarantine site are on their way to one of the province."""
    waiting = Clearance.objects.filter(
        gate=gate, duty="facility", replaced_by__isnull=True, transfer_line__isnull=True
    ).select_related("declaration__person")
    near = Place.objects.filter(kind=PlaceKind.QUARANTINE_SITE, closed_at__isnull=True).order_by("pk").first()
    chosen = list(waiting.order_by("pk")[:2])
    if near is not None and chosen:
        made = make_transfer_list(
            gate=gate, site=near, clearances=chosen, vehicle="43B-012.34", actor=actor, at=at
        )
        hand_over(transfer=made, actor=actor, at=at)
