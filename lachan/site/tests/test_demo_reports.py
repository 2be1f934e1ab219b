"""The demonstration shows reports in several states, once."""

import pytest

from lachan.core import areas
from lachan.core.models import Area, Role
from lachan.site import demo, demo_reports
from lachan.systems.feedback.models import Report, Turn
from lachan.systems.feedback.queries.states import states_of
from tests.rows import area_in, nobody_listening

pytestmark = pytest.mark.django_db


def test_reports_of_the_demonstration_are_in_several_states_and_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    province = area_in(areas.country(), "x79", "Thành phố Hồ Chí Minh", level=1)
    ward: Area = area_in(province, "x26740", "Phường Bến Nghé")
    monkeypatch.setattr(demo, "places", lambda: iter([(Role.COMMUNE_OFFICER, ward)]))
    with nobody_listening():
        demo_reports.make()
        demo_reports.make()
    states = states_of(Report.objects.all())
    assert len(states) == len(demo_reports.TOLD)
    assert set(states.values()) == {"received", "acknowledged", "answered", "reopened", "not-ours"}
    assert Turn.objects.filter(ended_at__isnull=True, reason="escalated").exists()
