"""The gates of the policy become rows with places where the province is known; who stands where sees what."""

from datetime import date, datetime, timedelta

import pytest

from lachan.core import actors, areas
from lachan.core.models import AreaSuccessor, PlaceKind, Posting, Role
from lachan.systems.arrivals import commands, queries
from lachan.systems.arrivals.models import Gate
from lachan.systems.arrivals.tests.rows import NOON, at_gate, declared, gate, hanoi, listed, officer
from tests.rows import area_in

pytestmark = pytest.mark.django_db


def test_every_gate_of_the_list_is_loaded_once() -> None:
    hanoi()
    gates = listed()
    assert commands.load_gates(listed=gates, at=NOON) == len(gates)
    assert commands.load_gates(listed=gates, at=NOON) == 0
    assert Gate.objects.count() == len(gates)
    assert not Gate.objects.filter(verified=True).exists()


def test_a_gate_has_a_place_once_its_province_is_known() -> None:
    commands.load_gates(listed=listed("HAN", "SGN"), at=NOON)
    assert Gate.objects.get(code="SGN").place is None
    one = gate("HAN")
    commands.load_gates(listed=listed("HAN"), at=NOON)
    one.refresh_from_db()
    assert one.place is not None
    assert (one.place.kind, one.area) == (PlaceKind.BORDER_GATE, hanoi())


def test_a_province_that_went_into_another_leads_to_that_one() -> None:
    old = area_in(areas.country(), "56", "Tỉnh Khánh Hòa", level=1)
    new = area_in(areas.country(), "99", "Tỉnh Mới", level=1, since=date(2021, 1, 1))
    AreaSuccessor.objects.create(old=old, new=new, share=1.0)
    commands.load_gates(listed=listed("CXR"), at=NOON)
    assert Gate.objects.get(code="CXR").area == new


def test_an_officer_at_a_place_sees_that_gate_one_over_a_province_those_in_it() -> None:
    area_in(areas.country(), "79", "Thành phố Hồ Chí Minh", level=1)
    han, sgn = gate("HAN"), gate("SGN")
    at_place = at_gate("HAN")
    over = actors.post(officer(), Role.BORDER_OFFICER, at=NOON - timedelta(days=1), area=hanoi())
    whole = actors.post(officer(), Role.BORDER_OFFICER, at=NOON - timedelta(days=1), area=areas.country())
    seen = [set(queries.gates_of(posting)) for posting in (at_place, over, whole)]
    assert seen == [{han}, {han}, {han, sgn}]


def counted(posting: Posting, at: datetime) -> tuple[int, int]:
    """Who waits and who is expected, by the addresses to which the desk leads."""
    behind = {item.url: item.count for item in queries.desk(posting, at=at)}
    return behind["/arrivals/?state=waiting"], behind["/arrivals/?state=expected"]


def test_the_desk_names_who_waits_and_who_is_expected() -> None:
    posting = at_gate()
    declared()
    assert counted(posting, NOON) == (0, 1)
    later = NOON + timedelta(days=1)
    assert counted(posting, later) == (1, 0)
    guard = actors.post(officer(), Role.GATE_GUARD, at=NOON, area=hanoi())
    assert queries.desk(guard, at=NOON) == []


def test_a_gate_reaches_those_who_declared_for_it_wherever_they_go() -> None:
    posting, mine = at_gate(), declared()
    other = declared(gate=gate("SGN"))
    assert set(queries.reach(posting)) == {mine.person_id}
    assert other.person_id not in set(queries.reach(posting))
