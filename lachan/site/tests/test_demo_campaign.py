"""The demo's campaign: made once, in every state between a registration and a dose."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, EventRow, Posting, Role
from lachan.site import demo_campaign, demo_stock
from lachan.systems.vaccination import queries
from lachan.systems.vaccination.models import Dose, Registration, Session
from tests.rows import area_in, nobody_listening, residents

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 10, 5, tzinfo=UTC)


def officer() -> Posting:
    province = area_in(areas.country(), "d48", "Thành phố Đà Nẵng", level=1)
    communes = [area_in(province, f"d{number}", f"Phường {number}") for number in range(4)]
    residents(900, area=communes[0], at=NOON - timedelta(days=40))
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="officer", created_at=NOON)
    return actors.post(actor, Role.VACCINE_OFFICER, area=province, at=NOON - timedelta(days=1))


def test_the_demo_tells_a_campaign_from_registration_to_dose() -> None:
    with clock.frozen(NOON), nobody_listening():
        posting = officer()
        demo_stock.make()
        demo_campaign.make()
        told = EventRow.objects.count()
        demo_campaign.make()
        assert EventRow.objects.count() == told
        lines = queries.lines_of(list(queries.registrations(posting)), at=NOON)
        states = Counter(line.state for line in lines)
        assert states["registered"] == demo_campaign.OF_A_FACTORY
        assert min(states[s] for s in ("allocated", "invited", "no_show", "observing")) > 0
        assert Dose.objects.filter(visit__isnull=False).count() == 48 + 18
        runs = Counter(queries.running(session, at=NOON) for session in Session.objects.all())
        assert runs == {"over": 1, "running": 1, "planned": 1}
        assert queries.out_of_account() == []


def test_without_sites_there_is_no_campaign() -> None:
    with clock.frozen(NOON):
        officer()
        demo_campaign.make()
    assert not Registration.objects.exists()
