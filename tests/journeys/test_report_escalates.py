"""A report told to the hotline that nobody handles climbs past its clock, until an office above answers it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from lachan.core import actors, clock
from lachan.core.models import Area, EventRow, Role
from lachan.systems.feedback.models import CallBack, Report, Turn
from lachan.systems.feedback.tasks import escalate_overdue_reports
from lachan.systems.testing.models import TestOrder
from tests.rows import browser_of
from tests.town import Town, moment

pytestmark = pytest.mark.django_db
MORNING = moment(1, 8)


def desk(town: Town, role: str, area: Area) -> Any:
    with transaction.atomic():
        return browser_of(actors.post(_staff(role), role, at=moment(-1), area=area))


def _staff(role: str) -> Any:
    from lachan.core.models import Actor, ActorKind

    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{role} on duty", created_at=moment(-1))


def test_a_hotline_report_escalates_past_its_clock_and_is_answered_above(town: Town) -> None:
    with clock.frozen(MORNING):
        agent = desk(town, Role.CALL_AGENT, town.province)
        ward = desk(town, Role.COMMUNE_OFFICER, town.here)
        above = desk(town, Role.HEALTH_OFFICER, town.province)
        told = {
            "category": "crowd",
            "area": str(town.here),
            "area_id": town.here.pk,
            "text": "Đám cưới 200 người",
        }
        assert agent.post("/feedback/hotline", told).status_code == 303
        [report] = Report.objects.all()
        assert f"/feedback/{report.pk}/" in ward.get("/feedback/").content.decode()
        assert f"/feedback/{report.pk}/" not in above.get("/feedback/").content.decode()
    with clock.frozen(MORNING + timedelta(hours=4, minutes=1)):
        escalate_overdue_reports()
        escalate_overdue_reports()
        assert f"/feedback/{report.pk}/" not in ward.get("/feedback/").content.decode()
        assert f"/feedback/{report.pk}/" in above.get("/feedback/").content.decode()
        above.post(f"/feedback/{report.pk}/claim")
        assert "200 người" in above.get(f"/feedback/{report.pk}/").content.decode()
        above.post(f"/feedback/{report.pk}/answer", {"text": "Đã giải tán."})
        assert "Đã giải tán" in agent.get(f"/feedback/of/{report.code}/").content.decode()
    assert not Turn.objects.filter(report=report, ended_at__isnull=True).exists()
    assert EventRow.objects.filter(kind="ReportEscalated").count() == 1


def test_an_urgent_report_ends_in_a_test_order_once_a_call_has_confirmed_it(town: Town) -> None:
    ill = town.resident("Trần Thị Hoa")
    with clock.frozen(MORNING):
        agent = desk(town, Role.CALL_AGENT, town.province)
        told = {
            "category": "suspected", "area": str(town.here), "area_id": town.here.pk, "text": "Sốt 39 độ",
            "phone": "0912345678",
        }  # fmt: skip
        agent.post("/feedback/hotline", told)
        town.loop(MORNING)
        call = CallBack.objects.get()
        outcome = {"outcome": "confirmed", "person": ill.code, "symptoms": ["fever", "cough"]}
        assert agent.post(f"/feedback/calls/{call.pk}/", outcome).status_code == 303
        town.loop(MORNING)
    order = TestOrder.objects.get(person=ill)
    assert order.reason == "symptoms"
    chain = [
        row.kind
        for row in EventRow.objects.filter(kind__in=["UrgentReportFiled", "CallBackMade", "TestOrdered"])
    ]
    assert sorted(chain) == ["CallBackMade", "TestOrdered", "UrgentReportFiled"]
