"""Pages: the queue of who leads, the desk of a locality, the page of an alarm with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from lachan.centre.alarms import commands, words
from lachan.centre.alarms.queries.desk import desk
from lachan.centre.alarms.queries.states import state_of
from lachan.centre.alarms.rules.causes import KINDS
from lachan.centre.alarms.tests.conftest import (
    NINE,
    assigned,
    commune,
    later,
    looked,
    officer,
    posting,
    province,
    raised,
    verified,
)
from lachan.centre.models import Alarm, AlarmTask
from lachan.core import areas, clock
from lachan.core.models import Area, Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"centre:{name}", args=args)


@pytest.fixture
def centre() -> Client:
    return browser_of(posting(Role.CENTRE_OFFICER, areas.country()))


@pytest.fixture
def locality() -> Client:
    return browser_of(posting(Role.COMMUNE_OFFICER, commune()))


def given(area: Area | None = None, **change: str) -> dict[str, str]:
    where = area or commune()
    return {
        "area": areas.full_name(where), "area_id": str(where.pk), "due_at": "09:00 13/01/2026", "text": "Mở thêm giường"
    } | change  # fmt: skip


def test_the_queue_has_what_hurts_most_first(centre: Client) -> None:
    for kind in ("held-counts", "parked-events", "full-site"):
        raised(kind, oldest_at=later(days=-1))
    page = centre.get(url("alarms")).content.decode()
    places = [
        page.index(str(words.KIND[kind]) + "</a>") for kind in ("parked-events", "full-site", "held-counts")
    ]
    assert places == sorted(places)


def test_an_alarm_from_its_verification_to_its_end(centre: Client, locality: Client) -> None:
    alarm = raised()
    assert locality.get(url("alarm", alarm.pk)).status_code == 200
    assert locality.post(url("verify_alarm", alarm.pk)).status_code == 403
    assert centre.post(url("verify_alarm", alarm.pk)).status_code == 303
    assert centre.post(url("assign_alarm", alarm.pk), given(text="")).status_code == 422
    assert centre.post(url("assign_alarm", alarm.pk), given(due_at="09:00 11/01/2026")).status_code == 409
    assert centre.post(url("assign_alarm", alarm.pk), given()).status_code == 303
    page = locality.get(url("alarm", alarm.pk)).content.decode()
    assert "Mở thêm giường" in page
    assert "Acknowledge the task" in page
    assert locality.post(url("acknowledge_alarm", alarm.pk)).status_code == 303
    assert locality.post(url("report_alarm_done", alarm.pk), {"text": ""}).status_code == 422
    assert locality.post(url("report_alarm_done", alarm.pk), {"text": "Đã mở 20 giường"}).status_code == 303
    assert centre.post(url("close_alarm", alarm.pk), {"text": " "}).status_code == 422
    assert centre.post(url("close_alarm", alarm.pk), {"text": "Đủ giường"}).status_code == 303
    assert centre.post(url("close_alarm", alarm.pk), {"text": "Đủ giường"}).status_code == 409
    assert state_of(alarm) == "closed"
    page = centre.get(url("alarm", alarm.pk)).content.decode()
    assert "Đã mở 20 giường" in page
    assert "Đủ giường" in page
    assert "Close the alarm" not in page


def test_a_task_is_given_within_the_own_area_only() -> None:
    lead = browser_of(posting(Role.HEALTH_OFFICER, province()))
    other = province("a01", "Thành phố Hà Nội")
    alarm = verified()
    answer = lead.post(url("assign_alarm", alarm.pk), given(other))
    assert answer.status_code == 409
    assert "within the area of your posting" in answer.content.decode()
    assert not AlarmTask.objects.exists()


def test_who_has_the_task_sees_it_wherever_the_cause_is(locality: Client) -> None:
    alarm = raised(area=province())
    assert locality.get(url("alarm", alarm.pk)).status_code == 404
    assigned(alarm)
    assert locality.get(url("alarm", alarm.pk)).status_code == 200
    assert str(words.KIND["full-site"]) in locality.get(url("alarms") + "?whose=ours").content.decode()


def test_an_alarm_of_another_area_is_not_found() -> None:
    other = browser_of(posting(Role.HEALTH_OFFICER, province("a01", "Thành phố Hà Nội")))
    alarm = assigned()
    for name in ("verify_alarm", "assign_alarm", "acknowledge_alarm", "report_alarm_done", "close_alarm"):
        assert other.post(url(name, alarm.pk), {"text": "x"}).status_code == 404, name
    assert other.get(url("alarm", alarm.pk)).status_code == 404
    assert "No alarm here" in other.get(url("alarms")).content.decode()


def test_who_sees_an_alarm_but_has_no_task_does_not_answer(locality: Client) -> None:
    alarm = assigned(area=province())
    assert locality.get(url("alarm", alarm.pk)).status_code == 200
    assert locality.post(url("acknowledge_alarm", alarm.pk)).status_code == 404
    assert state_of(alarm) == "assigned"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_why_and_where_its_evidence_stands(centre: Client, kind: str) -> None:
    alarm = raised(kind, area=province())  # type: ignore[arg-type]
    page = centre.get(url("alarm", alarm.pk)).content.decode()
    assert str(words.KIND[kind]) in page
    assert url("area", province().pk) in page
    assert centre.get(url("alarms") + f"?kind={kind}").status_code == 200


def test_evidence_that_the_posting_may_not_open_is_no_link(centre: Client) -> None:
    alarm = raised("overdue-tests", count=9)
    assert reverse("testing:orders") not in centre.get(url("alarm", alarm.pk)).content.decode()
    province_lead = browser_of(posting(Role.HEALTH_OFFICER, province()))
    assert reverse("testing:orders") in province_lead.get(url("alarm", alarm.pk)).content.decode()


def counts(role: str, area: Area, *, hours: float = 0) -> dict[str, int]:
    at = later(hours=hours)
    with clock.frozen(at):
        items: Sequence[object] = desk(posting(role, area), at=at)
    return {str(item.label): item.count for item in items}  # type: ignore[attr-defined]


def test_desks_show_what_waits_for_each(db: None) -> None:
    raised("stock-out")
    alarm = assigned(raised())
    assert counts(Role.CENTRE_OFFICER, areas.country()) == {"alarms are to be verified": 1}
    locality = counts(Role.COMMUNE_OFFICER, commune())
    assert locality == {"tasks of alarms are to be acknowledged": 1, "tasks of alarms are with us": 1}
    commands.acknowledge_task(alarm=alarm, actor=officer(), at=NINE)
    assert counts(Role.COMMUNE_OFFICER, commune(), hours=25) == {
        "tasks of alarms are overdue": 1,
        "tasks of alarms are with us": 1,
    }
    commands.report_done(alarm=alarm, text="Xong", actor=officer(), at=NINE)
    assert counts(Role.COMMUNE_OFFICER, commune()) == {}
    assert counts(Role.CENTRE_OFFICER, areas.country())["alarms are to be closed"] == 1


def test_what_lost_its_cause_is_to_be_closed(centre: Client) -> None:
    alarm = verified()
    looked(at=later(hours=1))
    assert counts(Role.CENTRE_OFFICER, areas.country()) == {"alarms are to be closed": 1}
    assert "The cause is gone" in centre.get(url("alarm", alarm.pk)).content.decode()


@pytest.mark.parametrize("whose", ["", "new", "ours", "over", "closed", "nonsense"])
def test_every_filter_opens(centre: Client, whose: str) -> None:
    assert centre.get(url("alarms") + f"?whose={whose}").status_code == 200


def test_the_queue_does_not_ask_more_for_more_alarms(
    centre: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(1, 31):
        raised(subject=number)
    assert Alarm.objects.count() == 30
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert centre.get(url("alarms")).status_code == 200
