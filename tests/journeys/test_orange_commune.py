"""A commune turns orange: its station enters the week's figures, the province signs, a control post asks its people
for a test, and everybody reads why."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from lachan.core import actors, clock, places, subscribers
from lachan.core.models import Actor, ActorKind, Area, PlaceKind, Role
from lachan.systems.riskmap.models import Proposal
from tests.rows import browser_of, residents
from tests.town import MOVED_IN, Town, moment

pytestmark = pytest.mark.django_db
MONDAY = moment(14, 9)  # the week of days 7 to 13 is judged
WEEK = "2026-11-09"


def desk(role: str, area: Area) -> Client:
    actor = Actor.objects.create(kind=ActorKind.STAFF, name=f"{role} on duty", created_at=MOVED_IN)
    return browser_of(actors.post(actor, role, at=MOVED_IN, area=area))


def figures(**more: object) -> dict[str, object]:
    return {
        "week": WEEK, "population": 10_000, "cases": 0, "adults_one_dose": 800, "adults_one_dose-of": 1_000,
        "aged_full": 70, "aged_full-of": 100, "capacity_plan": "1", "as_of": "15/11/2026",
    } | more  # fmt: skip


def test_a_commune_turns_orange_is_signed_and_the_gate_asks_for_a_test(town: Town) -> None:
    with clock.frozen(MONDAY):
        station, province = desk(Role.COMMUNE_OFFICER, town.here), desk(Role.HEALTH_OFFICER, town.province)
        gate = places.open_place(
            kind=PlaceKind.CONTROL_POST,
            name="Chốt cầu Rồng",
            area=town.there,
            closed_space=False,
            at=MOVED_IN,
        )
        watch = Actor.objects.create(kind=ActorKind.STAFF, name="guard on duty", created_at=MOVED_IN)
        guard = browser_of(actors.post(watch, Role.GATE_GUARD, at=MOVED_IN, place=gate))
        [person] = residents(1, area=town.here, at=MOVED_IN)

        def asked_at_the_gate() -> bool:
            shown = {"code": f"LC1:{person.code}", "direction": "in", "nonce": uuid4().hex}
            answer = guard.post("/checkpoints/", shown, headers={"HX-Request": "true"})
            assert answer.status_code == 200
            return "epidemic level 3 or 4" in answer.content.decode()

        assert not asked_at_the_gate()
        unit = f"/riskmap/{town.here.pk}/"
        assert station.post(f"{unit}figures", figures(cases=7)).status_code == 303
        assert Proposal.objects.filter(area=town.here).latest("revision").level == 3
        assert not asked_at_the_gate()
        page = province.get(f"{unit}?week={WEEK}").content.decode()
        [proposal] = re.findall(r'name="proposal" value="(\d+)"', page)
        assert province.post(f"{unit}sign", {"week": WEEK, "proposal": proposal}).status_code == 303
        subscribers.drain(at=MONDAY)
        assert asked_at_the_gate()
        public = Client(headers={"accept-language": "en"}).get(f"/map/{town.here.code}/").content.decode()
        assert "High risk" in public
        assert "70 in 100,000 people" in public
        assert "70\u00a0%; at least 80\u00a0% are asked for" in public
