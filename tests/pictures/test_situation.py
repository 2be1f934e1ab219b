"""The pages of the situation: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lachan.centre.models import DayCount
from lachan.centre.situation import queries
from lachan.centre.situation.commands import make_report, reconcile
from lachan.core import actors, clock
from lachan.core.models import Actor, Area, Role
from tests.pictures.looks import LOOKS, Open, look_at
from tests.town import build, staff_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> Actor:
    """Four weeks of an outbreak in two communes; one figure was wrong."""
    queries.forget()
    town, at = build(), clock.now()
    today = clock.local_date(at)
    for number, area in enumerate(Area.objects.filter(level=3).order_by("pk")[:2]):
        for ago in range(28):
            cases = max(0, 20 + 10 * number - abs(ago - 6) * (3 - number))
            DayCount.objects.create(
                area=area, day=today - timedelta(days=ago), cases=cases, tests=cases * 12 + 40, positives=cases,
                negatives=cases * 11 + 38, result_minutes=(cases * 12 + 40) * 700, results_in_time=cases * 10 + 36,
                contacts=cases * 4, contacts_near=cases * 2, contacts_in_time=cases * 3, contacts_reached=cases * 4,
                orders=cases * 4, releases=cases * 2, doses=900 - 20 * ago, first_doses=500, reports=ago % 5,
            )  # fmt: skip
    system = actors.system(at=at)
    last = today - timedelta(days=27)
    reconcile(from_on=last, to_on=last + timedelta(days=1), actor=system, at=at)
    make_report(area=town.here, language="vi", actor=system, at=at)
    return staff_member(Role.CENTRE_OFFICER, town, area=town.province, suffix="-above")


def test_the_situation_is_photographed_and_fits_the_screen(
    open_page: Open, officer: Actor, pictures: Path
) -> None:
    pages = {"own": "", "measures": "measures", "recounts": "recounts", "reports": "reports/"}
    paths = {name: f"/centre/{path}" for name, path in pages.items()}
    for scheme, width in LOOKS:
        look_at(open_page, paths, pictures, mark="situation", scheme=scheme, width=width, user=officer.user)
