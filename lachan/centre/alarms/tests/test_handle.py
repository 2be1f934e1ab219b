"""From a cause to what was done: one open alarm a cause, steps in their order, words where they are needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lachan.centre.alarms import commands
from lachan.centre.alarms.commands import CannotHandle
from lachan.centre.alarms.queries.states import state_of
from lachan.centre.alarms.tests.conftest import (
    NINE,
    assigned,
    cause,
    commune,
    later,
    looked,
    officer,
    province,
    raised,
    verified,
)
from lachan.centre.models import Alarm, AlarmStep, AlarmTask
from lachan.core import actors, areas
from lachan.core.models import EventRow

pytestmark = pytest.mark.django_db


def test_one_cause_is_one_open_alarm_however_often_it_is_found() -> None:
    first = looked(cause())
    again = looked(cause(count=9), at=later(hours=1))
    assert (first.raised, first.seen, again.raised, again.seen) == (1, 0, 0, 1)
    alarm = Alarm.objects.get()
    assert (alarm.count, alarm.seen_at, alarm.raised_at) == (9, later(hours=1), NINE)
    assert EventRow.objects.filter(kind="AlarmRaised").count() == 1
    assert str(alarm.raising_event_id) == str(EventRow.objects.get(kind="AlarmRaised").pk)


def test_what_is_not_yet_alarming_raises_nothing() -> None:
    assert looked(cause("overdue-tests", count=2, subject=0)).raised == 0
    assert not Alarm.objects.exists()


def test_a_cause_that_is_gone_ends_what_nobody_took_up() -> None:
    looked(cause(), cause(subject=8))
    told = looked(cause(subject=8), at=later(hours=1))
    assert (told.gone, told.ended) == (1, 1)
    ended = Alarm.objects.get(subject=7)
    assert (ended.closed_at, state_of(ended)) == (later(hours=1), "closed")
    assert EventRow.objects.get(kind="AlarmClosed").facts == {"alarm_id": ended.pk, "by_itself": True}


def test_what_somebody_took_up_is_marked_and_closed_by_a_person() -> None:
    alarm = verified()
    told = looked(at=later(hours=1))
    assert (told.gone, told.ended) == (1, 0)
    alarm.refresh_from_db()
    assert (alarm.gone_at, alarm.closed_at) == (later(hours=1), None)
    looked(cause(), at=later(hours=2))
    alarm.refresh_from_db()
    assert alarm.gone_at is None


def test_a_cause_that_comes_again_after_its_end_is_a_new_alarm() -> None:
    first = raised()
    commands.close_alarm(alarm=first, text="Đã mở thêm 20 giường", actor=officer(), at=NINE)
    looked(cause(), at=later(hours=1))
    assert Alarm.objects.count() == 2


def test_kinds_that_were_not_looked_for_stay_as_they_are() -> None:
    looked(cause())
    commands.raise_alarms(found=[], looked_for=["stock-out"], actor=actors.system(at=NINE), at=NINE)
    assert Alarm.objects.get().closed_at is None


def test_a_look_has_the_same_number_of_statements_for_many_causes(
    django_assert_max_num_queries: object,
) -> None:
    here = commune()
    few = [cause(subject=n, area=here) for n in range(300)]
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        looked(*few)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        looked(*few[:150], at=later(hours=1))
    assert Alarm.objects.filter(closed_at__isnull=True).count() == 150


def test_the_whole_way_of_an_alarm() -> None:
    alarm = assigned()
    commands.acknowledge_task(alarm=alarm, actor=officer(), at=later(hours=1))
    commands.report_done(alarm=alarm, text="Đã chuyển 10 người", actor=officer(), at=later(hours=5))
    assert state_of(alarm) == "done"
    commands.close_alarm(alarm=alarm, text="Còn 12 giường trống", actor=officer(), at=later(hours=6))
    kinds = AlarmStep.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["verified", "assigned", "acknowledged", "done", "closed"]
    told = EventRow.objects.order_by("happened_at", "id").values_list("kind", "caused_by__kind")
    assert [kind for kind, _ in told] == [
        "AlarmRaised", "AlarmVerified", "AlarmAssigned", "AlarmAcknowledged", "AlarmClosed"
    ]  # fmt: skip
    assert {why for _, why in told} == {None, "AlarmRaised"}
    assert not AlarmTask.objects.filter(ended_at__isnull=True).exists()


def test_what_was_done_and_was_not_enough_is_given_anew() -> None:
    alarm = assigned()
    commands.acknowledge_task(alarm=alarm, actor=officer(), at=NINE)
    commands.report_done(alarm=alarm, text="Đã xong", actor=officer(), at=later(hours=1))
    commands.assign_alarm(
        alarm=alarm, area=province(), text="Chưa đủ", due_at=later(days=1), actor=officer(), at=later(hours=2)
    )
    assert state_of(alarm) == "assigned"
    assert AlarmTask.objects.get(ended_at__isnull=True).area == province()


@pytest.mark.parametrize("text", ["", "  \n"])
def test_words_are_required(text: str) -> None:
    alarm = verified()
    with pytest.raises(CannotHandle, match="words-missing"):
        commands.close_alarm(alarm=alarm, text=text, actor=officer(), at=NINE)
    with pytest.raises(CannotHandle, match="words-missing"):
        commands.assign_alarm(
            alarm=alarm, area=commune(), text=text, due_at=later(days=1), actor=officer(), at=NINE
        )
    with pytest.raises(CannotHandle, match="words-missing"):
        commands.report_done(alarm=alarm, text=text, actor=officer(), at=NINE)


def test_what_is_due_lies_ahead() -> None:
    with pytest.raises(CannotHandle, match="due-past"):
        commands.assign_alarm(
            alarm=verified(), area=commune(), text="x", due_at=NINE, actor=officer(), at=NINE
        )


def test_steps_come_in_their_order() -> None:
    alarm = raised()
    with pytest.raises(CannotHandle, match="alarm-state"):
        commands.assign_alarm(
            alarm=alarm, area=commune(), text="x", due_at=later(days=1), actor=officer(), at=NINE
        )
    with pytest.raises(CannotHandle, match="alarm-state"):
        commands.acknowledge_task(alarm=alarm, actor=officer(), at=NINE)
    verified(alarm)
    with pytest.raises(CannotHandle, match="alarm-state"):
        commands.verify_alarm(alarm=alarm, actor=officer(), at=NINE)
    commands.close_alarm(alarm=alarm, text="nhầm", actor=officer(), at=NINE)
    with pytest.raises(CannotHandle, match="alarm-state"):
        commands.close_alarm(alarm=alarm, text="nhầm", actor=officer(), at=NINE)


def climb(hours: float) -> int:
    at = later(hours=hours)
    return commands.escalate_unacknowledged(actor=actors.system(at=at), at=at)


def test_a_task_that_nobody_acknowledges_climbs_to_the_top_and_stays_there() -> None:
    alarm = assigned()
    assert climb(1.9) == 0
    assert climb(2) == 1
    assert climb(2) == 0
    task = AlarmTask.objects.get(ended_at__isnull=True)
    assert (task.area, task.rung, task.text) == (province(), 1, "Mở thêm giường")
    assert climb(4) == 1
    assert AlarmTask.objects.get(ended_at__isnull=True).area == areas.country()
    assert climb(100) == 0
    assert state_of(alarm) == "assigned"
    assert EventRow.objects.filter(kind="AlarmEscalated").count() == 2


def test_an_acknowledged_task_does_not_climb() -> None:
    alarm = assigned()
    commands.acknowledge_task(alarm=alarm, actor=officer(), at=later(hours=1))
    assert climb(50) == 0


def test_who_gets_a_task_late_has_time_to_do_it() -> None:
    assigned(at=NINE)
    AlarmTask.objects.update(due_at=NINE + timedelta(hours=1))
    climb(2)
    assert AlarmTask.objects.get(ended_at__isnull=True).due_at == later(hours=4)
