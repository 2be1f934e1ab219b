"""A flight with 180 aboard lands; one turns out positive. Who sat within two rows has orders the same minute, and so
has the crew of the cabin; the other passengers have none."""

from datetime import timedelta
from pathlib import Path

import pytest

from lachan.core import places
from lachan.core.models import Place, PlaceKind
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.commands.vessels import record_landing, register_conveyance
from lachan.systems.arrivals.models import Conveyance, Gate, Passenger
from lachan.systems.quarantine.models import Order
from tests.town import Town, build, moment

pytestmark = pytest.mark.django_db
HEADING = "Full name,Passport No.,Nationality,Date of birth,Sex,Seat,Crew,Cabin\n"
ROWS = [n for n in range(1, 32) if n != 13]  # thirty rows of six


def gate(town: Town) -> Gate:
    place: Place = places.open_place(
        kind=PlaceKind.BORDER_GATE, name="Sân bay", area=town.province, at=moment(-90)
    )
    return Gate.objects.create(
        code="tAIR", name="Sân bay", kind="air", province_code="x", area=town.province, place=place,
        loaded_at=moment(-90),
    )  # fmt: skip


def flight(town: Town, folder: Path) -> Conveyance:
    """Two cabins: rows 1 to 4, and behind them 5 to 31 without a 13. Landed on day 1 at noon."""
    arrives_at = moment(1, 12)
    made = register_conveyance(
        gate=gate(town), kind="plane", number="VN 417", from_country="KOR", departs_at=arrives_at - timedelta(hours=5),
        arrives_at=arrives_at, layout="1-4 ABC-DEF; 5-31 ABC-DEF; !13", actor=town.system, at=moment(0),
    )  # fmt: skip
    listed = [f"TRAN/VAN {seat},C{n:07},VNM,{1950 + n % 50},M,{seat},,\n" for n, seat in enumerate(seats())]
    crew = [f"CREW/OF {n},P{n:07},VNM,1990,F,,x,{n}\n" for n in (1, 2)]
    (folder / "list.csv").write_text(HEADING + "".join(listed + crew), encoding="utf-8")
    taken = import_manifest(conveyance=made, file=folder / "list.csv", actor=town.system, at=moment(1, 10))
    assert (taken.taken, taken.refused) == (182, 0)
    return record_landing(
        conveyance=made, departed_at=made.departs_at, landed_at=arrives_at, actor=town.system, at=moment(1, 12, 5)
    )  # fmt: skip


def seats() -> list[str]:
    return [f"{row}{letter}" for row in ROWS for letter in "ABCDEF"]


def test_only_neighbours_and_the_crew_of_the_cabin_have_orders(tmp_path: Path) -> None:
    town = build()
    vessel = flight(town, tmp_path)
    ill = Passenger.objects.select_related("person").get(conveyance=vessel, seat="14C").person
    town.test(ill, outcome="positive", at=moment(2, 8), known_at=moment(2, 20))
    town.loop(moment(2, 20, 1))

    near = {f"{row}{letter}" for row in (11, 12, 14, 15, 16) for letter in "ABCDEF"}
    of_row = {p.person_id: p.seat or p.person.name for p in Passenger.objects.select_related("person")}
    ordered = {of_row[o.person_id]: o for o in Order.objects.filter(closed_at__isnull=True)}
    assert ordered.keys() == near | {"CREW OF 2"}
    subjects = {seat: o.terms.get(superseded_at__isnull=True).subject for seat, o in ordered.items()}
    assert subjects.pop("14C") == "F0"
    assert set(subjects.values()) == {"F1"}
    assert all(o.issued_at < moment(2, 20, 2) for o in ordered.values())
