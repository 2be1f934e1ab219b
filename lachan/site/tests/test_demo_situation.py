"""The figures of the demonstration."""

from __future__ import annotations

import pytest

from lachan.centre.models import DayCount, Recount, SituationReport
from lachan.core import clock
from lachan.core.models import Role
from lachan.site import demo, demo_situation
from tests.rows import nobody_listening
from tests.town import build, moment

pytestmark = pytest.mark.django_db


def test_what_was_recorded_without_counting_is_counted_once_and_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with clock.frozen(moment(2, 12)):
        town = build()
        monkeypatch.setattr(demo, "places", lambda: iter([(Role.HEALTH_OFFICER, town.province)]))
        ill = town.resident("Trần Thị Hoa")
        with nobody_listening():
            town.test(ill, outcome="positive", at=moment(2, 8))
        demo_situation.make()
        demo_situation.make()
    assert DayCount.objects.get(area=town.here).positives == 1
    assert not Recount.objects.get().differences.exists()
    assert SituationReport.objects.count() == 4


def test_without_people_there_is_nothing_to_count() -> None:
    demo_situation.make()
    assert not Recount.objects.exists()
