"""From results to contacts, as the loop tells it."""

import pytest

from lachan.core.eventlog import chain
from lachan.core.events import (
    ContactFound,
)
from lachan.systems.tracing.models import Exposure
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def test_positive_swab_leads_to_f1_and_f2() -> None:
    ill, friend, far, stranger = world.people(4)
    cafe, market = world.venue(), world.venue()
    world.visit(cafe, [ill, friend], since=AT - 4 * DAY)
    world.visit(cafe, [ill, friend], since=AT - 2 * DAY + HOUR)
    world.visit(market, [friend, far], since=AT + 2 * HOUR)
    world.visit(market, [friend, stranger], since=AT - DAY)
    world.turn_positive(ill, collected=AT, at=AT + DAY)
    assert world.levels() == {friend.pk: 1, far.pk: 2}
    swab, case, first, second = reversed(chain(world.log(ContactFound, far)[0].id))
    assert [e.kind for e in (swab, case, first, second)] == [
        "ResultReported", "CaseConfirmed", "ContactFound", "ContactFound",
    ]  # fmt: skip
    exposure = Exposure.objects.get(person=friend, source=ill)
    assert (exposure.minutes, exposure.kind, exposure.setting) == (60, "co-presence", "venue")
    assert len(exposure.presence_ids) == 2
