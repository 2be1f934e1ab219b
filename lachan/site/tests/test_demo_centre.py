"""The demonstration shows numbers of neighbours, one of them held back, and alarms in several states, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from lachan.centre.alarms.queries.states import states_of
from lachan.centre.models import Alarm, CountUpload, DailyCount
from lachan.core import actors, areas, clock
from lachan.core.area_sources import vietnam_areas
from lachan.core.eventlog import emit
from lachan.core.events import CaseConfirmed
from lachan.core.models import Role
from lachan.site import demo, demo_centre
from tests.rows import area_in, nobody_listening, residents

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)


def test_the_centre_of_the_demonstration_has_work(monkeypatch: pytest.MonkeyPatch) -> None:
    units = (row for row in vietnam_areas() if row.level == 1 and row.valid_to is None)
    areas.load(units, root=areas.country())
    ward = area_in(areas.on(NINE.date()).get(level=1, code="48"), "20194", "Phường Hải Châu")
    monkeypatch.setattr(demo, "places", lambda: iter([(Role.COMMUNE_OFFICER, ward)]))
    people = residents(10, area=ward, at=NINE)
    with nobody_listening(), clock.frozen(NINE):
        with transaction.atomic():
            told = [
                CaseConfirmed(
                    person_id=person.pk, case_id=n, infectious_from=NINE, happened_at=NINE - timedelta(days=n % 40)
                )
                for n, person in enumerate(people * 12)
            ]  # fmt: skip
            emit(told, actor=actors.system(at=NINE))
        demo_centre.make()
        demo_centre.make()
    upload = CountUpload.objects.get()
    assert (upload.held, upload.refused) == (1, 0)
    assert upload.taken == 12 * 45 - 3 - 1
    assert DailyCount.objects.exclude(hold="").get().hold == "spike"
    found = list(Alarm.objects.order_by("-urgency"))
    assert {alarm.kind for alarm in found} == {"silent-area", "held-counts"}
    assert "assigned" in states_of(found).values()
