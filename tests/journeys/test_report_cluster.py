"""Five neighbours report the same kind of thing within hours, and the centre hears of it once."""

from datetime import timedelta

import pytest
from django.test import Client

from lachan.centre.alarms.commands import look
from lachan.centre.models import Alarm
from lachan.core import clock
from lachan.core.models import EventRow
from lachan.systems.feedback.models import Cluster
from tests.town import Town, moment

pytestmark = pytest.mark.django_db


def test_many_reports_of_one_kind_become_one_alarm(town: Town) -> None:
    told = {"category": "suspected", "area": str(town.here), "area_id": town.here.pk}
    for number in range(6):
        with clock.frozen(moment(1, 8) + timedelta(minutes=number)):
            answer = Client().post("/feedback/new", told | {"text": f"Nhà số {number} có người sốt, ho"})
            assert answer.status_code == 303
        town.loop(moment(1, 8) + timedelta(minutes=number))
    cluster = Cluster.objects.get()
    assert (cluster.area, cluster.category, cluster.reports) == (town.here, "suspected", 5)
    assert EventRow.objects.filter(kind="ReportsClustered").count() == 1
    for hours in (1, 2):
        look(actor=town.system, at=moment(1, 8 + hours))
    alarm = Alarm.objects.get(kind="report-cluster")
    assert (alarm.area, alarm.subject, alarm.gone_at) == (town.here, cluster.pk, None)
    look(actor=town.system, at=moment(2, 9))
    assert Alarm.objects.get(pk=alarm.pk).gone_at is not None
