"""The map of levels and the desk behind it: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from pathlib import Path

import pytest

from lachan.core import actors, clock
from lachan.core.models import Area, Role
from lachan.systems.riskmap import commands, queries
from lachan.systems.riskmap.commands import Given
from lachan.systems.riskmap.models import Source
from tests.pictures.looks import LOOKS, Open, look_at
from tests.town import Town, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def judged() -> Town:
    """One commune of the town is orange and signed, the other waits."""
    town, at = build(), clock.now()
    week_on, actor = queries.last_week(at), actors.system(at=at)
    Area.objects.filter(pk=town.here.pk).update(lat=16.06, lon=108.21)
    Area.objects.filter(pk=town.there.pk).update(lat=16.10, lon=108.26)
    figures = {"population": (10_000, None), "cases": (7, None), "adults_one_dose": (80, 100), "aged_full": (7, 10),
               "capacity_plan": (1, None)}  # fmt: skip
    given = [
        Given(area_id=area.pk, figure=figure, amount=amount, of=of, as_of=week_on)
        for area in (town.here, town.there)
        for figure, (amount, of) in figures.items()
    ]
    commands.record_inputs(given=given, week_on=week_on, source=Source.ENTERED, actor=actor, at=at)
    commands.propose_levels(root=town.province, week_on=week_on, actor=actor, at=at)
    proposal = queries.proposal_of(town.here, week_on)
    assert proposal is not None
    commands.sign_level(proposal=proposal, actor=actor, at=at)
    commands.override_level(
        area=town.province, week_on=week_on, decided=2, reason="Ổ dịch chỉ ở một phường", actor=actor, at=at
    )
    return town


def test_levels_are_photographed_and_fit_the_screen(open_page: Open, judged: Town, pictures: Path) -> None:
    user = judged.staff[Role.HEALTH_OFFICER].user
    everybody_s = {"map": "/map/", "why": f"/map/{judged.here.code}/"}
    desk = {"desk": "/riskmap/", "unit": f"/riskmap/{judged.here.pk}/"}
    for scheme, width in LOOKS:
        for paths, who in ((everybody_s, None), (desk, user)):
            look_at(open_page, paths, pictures, mark="levels", scheme=scheme, width=width, user=who)
