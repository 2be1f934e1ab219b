"""The demo's line: made once, with people at every step of the session of today."""

from collections import Counter

import pytest

from lachan.core import clock
from lachan.core.models import EventRow
from lachan.site import demo_campaign, demo_line, demo_stock
from lachan.site.tests.test_demo_campaign import NOON, officer
from lachan.systems.vaccination.models import Visit
from lachan.systems.vaccination.queries.line import in_line, line_sessions
from tests.rows import nobody_listening

pytestmark = pytest.mark.django_db


def test_people_wait_at_every_step_of_the_demos_line() -> None:
    with clock.frozen(NOON), nobody_listening():
        posting = officer()
        demo_stock.make()
        demo_campaign.make()
        demo_line.make()
        told = EventRow.objects.count()
        demo_line.make()
        assert EventRow.objects.count() == told
        [session] = line_sessions(posting, at=NOON)
        line = in_line(session)
        steps = Counter(one.step for one in line)
        assert steps["screening"] == demo_line.RECEIVED
        assert steps["injection"] == demo_line.EXAMINED
        assert sum(one.may_go(NOON) for one in line) == demo_line.WATCHED
        assert not Visit.objects.filter(session__ends_at__lt=NOON, left_at__isnull=True).exists()
