"""The demonstration shows a gate at work, once."""

import pytest

from lachan.core import actors, clock
from lachan.core.models import Actor, ActorKind, Role
from lachan.platform import policies
from lachan.site import demo, demo_arrivals, demo_vessel
from lachan.systems.arrivals import queries
from lachan.systems.arrivals.commands import load_gates
from lachan.systems.arrivals.models import Clearance, Conveyance, Gate
from tests.rows import area_in, nobody_listening

pytestmark = pytest.mark.django_db


def test_a_gate_has_a_landed_flight_half_cleared_and_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now()
    province = area_in(None, "48", "Thành phố Đà Nẵng", level=1)
    ward = area_in(province, "20194", "Phường Hải Châu")
    rules = policies.at(clock.local_date(at)).arrivals
    assert rules is not None
    load_gates(listed=rules.gates, at=at)
    officer = Actor.objects.create(kind=ActorKind.STAFF, name="officer", created_at=at)
    gate = Gate.objects.get(code="DAD")
    posting = actors.post(officer, Role.BORDER_OFFICER, at=at, place=gate.place)
    monkeypatch.setattr(demo, "places", lambda: iter([(Role.COMMUNE_OFFICER, ward)]))
    with nobody_listening():
        demo_arrivals.make()
        demo_arrivals.make()
    found = queries.declarations_of(posting)
    assert found.count() == demo_arrivals.TRAVELLERS
    assert Clearance.objects.count() == demo_arrivals.CLEARED
    assert {"facility", "home", "none"} <= set(Clearance.objects.values_list("duty", flat=True))
    waiting = queries.with_state(found).filter(landed=True, is_cleared=False)
    assert waiting.count() == demo_arrivals.TRAVELLERS - demo_arrivals.CLEARED
    flight = Conveyance.objects.get(number=demo_arrivals.FLIGHT)
    differing = queries.missing(flight)
    assert flight.passengers.count() == demo_arrivals.TRAVELLERS - demo_vessel.ABSENT + demo_vessel.CREW
    assert (len(differing.undeclared), len(differing.not_aboard), len(differing.differing)) == (0, 2, 1)
    assert [item.count for item in queries.waiting(posting, at=clock.now())] == [0, 1]
