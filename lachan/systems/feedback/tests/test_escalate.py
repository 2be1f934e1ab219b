"""Overdue reports climb, each rung once, however often and however late the job looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import actors
from lachan.core.models import EventRow
from lachan.systems.feedback import commands
from lachan.systems.feedback.models import Report, Turn
from lachan.systems.feedback.tests.conftest import (
    NINE,
    answered,
    commune,
    country,
    district,
    filed,
    later,
    officer,
    province,
    turn_of,
)

pytestmark = pytest.mark.django_db


def escalate(*, hours: float) -> int:
    return commands.escalate_overdue(actor=actors.system(at=NINE), at=later(hours=hours))


def test_a_report_climbs_from_the_commune_to_the_centre() -> None:
    report = filed("crowd")
    climbed = []
    for hours in (3.9, 4, 15.9, 16, 28, 500):
        climbed.append(escalate(hours=hours))
        assert escalate(hours=hours) == 0
    assert climbed == [0, 1, 0, 1, 1, 0]
    areas = [t.area for t in Turn.objects.filter(report=report).order_by("step")]
    assert areas == [commune(), district(), province(), country()]
    assert turn_of(report).top


def test_a_job_that_slept_finds_the_same_rungs() -> None:
    awake, asleep = filed("crowd"), filed("crowd", area=commune("Phường Đa Kao"))
    Turn.objects.filter(report=asleep).update(top=True)
    for hours in range(4, 40):
        escalate(hours=hours)
    Turn.objects.filter(report=asleep).update(top=False)
    escalate(hours=40)

    def rungs(report: Report) -> list[object]:
        return list(
            Turn.objects.filter(report=report).order_by("step").values_list("step", "begins_at", "due_at")
        )

    assert rungs(awake) == rungs(asleep)
    assert EventRow.objects.filter(kind="ReportEscalated").count() == 6


def test_who_acknowledges_stops_the_climb_until_the_answer_is_due() -> None:
    report = filed("crowd")
    commands.acknowledge(report=report, area=commune(), actor=officer(), at=later(hours=3))
    assert escalate(hours=23) == 0
    assert escalate(hours=24) == 1
    assert turn_of(report).area == district()


def test_what_is_answered_or_joined_does_not_climb() -> None:
    answered(filed("crowd"))
    kept, double = filed("crowd"), filed("crowd")
    commands.merge_duplicate(duplicate=double, kept=kept, actor=officer(), at=NINE)
    assert escalate(hours=5) == 1


def test_every_rung_is_told_with_the_report_as_its_cause() -> None:
    report = filed("crowd")
    escalate(hours=20)
    told = EventRow.objects.filter(kind="ReportEscalated").order_by("id")
    assert [row.facts["step"] for row in told] == [1, 2]
    assert {row.caused_by_id for row in told} == {report.filing_event_id}
    assert [row.happened_at for row in told] == [later(hours=4), later(hours=16)]


def test_a_report_without_districts_climbs_to_the_province() -> None:
    from tests.rows import area_in

    ward = area_in(province(), "f25", "Phường Sài Gòn")
    report = filed("crowd", area=ward)
    escalate(hours=4)
    assert turn_of(report).area == province()


def test_a_batch_ends_turns_in_one_statement() -> None:
    for _ in range(4):
        filed("crowd")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert escalate(hours=4) == 4
    assert sum('UPDATE "feedback_turn"' in q["sql"] for q in queries) == 1
