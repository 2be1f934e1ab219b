"""Two officers take one report on at one moment: without the guard both do, with it one does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from lachan.core.models import Actor
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import CannotHandle, handling
from lachan.systems.feedback.commands.turns import free_for
from lachan.systems.feedback.models import Report
from lachan.systems.feedback.tests.conftest import NINE, filed, officer

pytestmark = pytest.mark.django_db(transaction=True)


def take(report: Report, actor: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        commands.claim(report=report, actor=actor, at=NINE)
        return "taken"
    except CannotHandle as refusal:
        return refusal.code
    finally:
        connection.close()


def race() -> list[str]:
    report, start = filed(), Barrier(2)
    officers = [officer(), officer()]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(take, report, actor, start) for actor in officers]
        return sorted(answer.result(timeout=30) for answer in answers)


@pytest.fixture
def looking_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: both look, then both write."""
    both = Barrier(2)

    def looked(report: Report, actor: Actor, at: datetime, until: datetime) -> bool:
        free = Report.objects.filter(free_for(actor, at), pk=report.pk).exists()
        both.wait(10)
        Report.objects.filter(pk=report.pk).update(claimed_by=actor, claimed_until=until)
        return free

    monkeypatch.setattr(handling, "_claim_free", looked)


def test_without_the_guard_two_officers_work_on_one_report(looking_first: None) -> None:
    assert race() == ["taken", "taken"]


def test_one_of_two_officers_takes_a_report_on() -> None:
    for _ in range(5):
        assert race() == ["report-taken", "taken"]
