"""The demonstration shows signed levels of several weeks, and some that wait."""

from datetime import timedelta

import pytest

from lachan.core import areas, clock
from lachan.core.models import Area, Role
from lachan.site import demo, demo_levels
from lachan.systems.riskmap import queries
from lachan.systems.riskmap.models import Input, Proposal
from tests.rows import area_in, nobody_listening, residents

pytestmark = pytest.mark.django_db


def test_the_map_of_the_demonstration_has_a_wave_and_something_to_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    country = areas.country()
    province = area_in(country, "x48", "Thành phố Đà Nẵng", level=1)
    communes = [area_in(province, f"x{n}", f"Phường {n}") for n in range(4)]
    for n in range(6):
        other = area_in(country, f"y{n}", f"Tỉnh {n}", level=1)
        Area.objects.filter(pk=other.pk).update(lat=22.0 - 2 * n, lon=106.0)
    monkeypatch.setattr(demo, "places", lambda: iter([(Role.COMMUNE_OFFICER, communes[3])]))
    at = clock.now()
    residents(3, area=communes[3], at=at - timedelta(days=40))
    with nobody_listening():
        demo_levels.make()
        rows = Input.objects.count()
        demo_levels.make()
    assert Input.objects.count() == rows
    week_on = queries.last_week(at)
    levels = set(queries.standing().values_list("level", flat=True))
    assert {1, 3} <= levels
    assert len(queries.weeks_signed()) == demo_levels.WEEKS
    waiting = Proposal.objects.filter(week_on=week_on, level__isnull=False).exclude(
        area__in=queries.standing().filter(week_on=week_on).values("area")
    )
    assert waiting.exists()
    assert Proposal.objects.filter(week_on=week_on, area=communes[0], level__isnull=True).exists()
