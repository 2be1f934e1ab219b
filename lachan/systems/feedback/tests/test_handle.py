"""Acknowledge, hand on, answer, refuse, reopen, rate, close, join: what follows on what."""

from datetime import timedelta

import pytest

from lachan.core import actors
from lachan.core.models import EventRow
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import CannotHandle, CannotReply
from lachan.systems.feedback.models import Join, Rating, Report, Turn
from lachan.systems.feedback.queries.states import state_of
from lachan.systems.feedback.tests.conftest import (
    NINE,
    answered,
    commune,
    district,
    filed,
    later,
    officer,
    turn_of,
)

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(EventRow.objects.order_by("id").values_list("kind", flat=True))


def test_an_acknowledged_report_has_until_the_answer() -> None:
    report = filed("crowd")
    commands.acknowledge(report=report, area=commune(), actor=officer(), at=later(hours=1))
    assert turn_of(report).due_at == later(hours=24)
    assert state_of(report) == "acknowledged"
    assert kinds()[-1] == "ReportAcknowledged"


def test_acknowledging_late_leaves_time_for_one_step() -> None:
    report = filed("crowd")
    commands.acknowledge(report=report, area=commune(), actor=officer(), at=later(hours=40))
    assert turn_of(report).due_at == later(hours=52)


def test_nothing_is_acknowledged_twice() -> None:
    report, who = filed(), officer()
    commands.acknowledge(report=report, area=commune(), actor=who, at=NINE)
    with pytest.raises(CannotHandle, match="report-state"):
        commands.acknowledge(report=report, area=commune(), actor=who, at=NINE)


def test_another_category_goes_to_whom_it_belongs_and_its_clock_runs_on() -> None:
    report = filed("other")
    commands.hand_on(
        report=report,
        reason="Cấp cứu",
        category="medical",
        area=commune(),
        actor=officer(),
        at=later(hours=1),
    )
    turn = turn_of(report)
    assert (turn.area, turn.step, turn.clock_from, turn.note) == (district(), 0, NINE, "Cấp cứu")
    assert Report.objects.get(pk=report.pk).category == "medical"


def test_another_place_goes_to_its_commune() -> None:
    report = filed("crowd")
    other = commune("Phường Đa Kao")
    commands.hand_on(report=report, reason="Nhầm phường", to=other, area=commune(), actor=officer(), at=NINE)
    assert turn_of(report).area == other


def test_handing_on_without_a_change_goes_up_and_ends_at_the_top() -> None:
    report = filed("crowd")
    for step in (1, 2, 3):
        commands.hand_on(report=report, reason="Vượt thẩm quyền", area=commune(), actor=officer(), at=NINE)
        assert turn_of(report).step == step
    assert turn_of(report).top
    with pytest.raises(CannotHandle, match="report-nowhere"):
        commands.hand_on(report=report, reason="Vượt thẩm quyền", area=commune(), actor=officer(), at=NINE)


def test_an_answered_report_is_nobodys_turn() -> None:
    report = answered(filed())
    assert state_of(report) == "answered"
    assert not Turn.objects.filter(report=report, ended_at__isnull=True).exists()
    with pytest.raises(CannotHandle, match="report-state"):
        answered(report)


def test_a_refusal_says_who_refused() -> None:
    report = filed()
    commands.refuse(report=report, text="Thuộc công an", area=commune(), actor=officer(), at=NINE)
    step = report.steps.get()
    assert (state_of(report), step.area, step.text) == ("not-ours", commune(), "Thuộc công an")


def test_an_empty_answer_is_refused() -> None:
    with pytest.raises(CannotHandle, match="answer-empty"):
        answered(filed(), text="  ")


def test_a_reopened_report_reaches_who_answered_with_a_new_clock() -> None:
    report, at = answered(filed("crowd")), later(days=3)
    commands.reopen(report=report, text="Vẫn tụ tập", actor=actors.system(at=at), at=at)
    turn = turn_of(report)
    assert (turn.area, turn.reason, turn.clock_from) == (commune(), "reopened", at)
    assert turn.due_at == at + timedelta(hours=4)
    assert state_of(report) == "reopened"


@pytest.mark.parametrize(("days", "text", "code"), [(31, "Vẫn vậy", "reopen-late"), (1, " ", "reopen-empty")])
def test_reopening_has_its_limits(days: int, text: str, code: str) -> None:
    report, at = answered(filed()), later(days=days)
    with pytest.raises(CannotReply, match=code):
        commands.reopen(report=report, text=text, actor=actors.system(at=at), at=at)


def test_an_answer_is_rated_once_and_the_next_one_again() -> None:
    report, who = answered(filed()), actors.system(at=NINE)
    commands.rate(report=report, stars=2, actor=who, at=NINE)
    with pytest.raises(CannotReply, match="rate-twice"):
        commands.rate(report=report, stars=5, actor=who, at=NINE)
    commands.reopen(report=report, text="Chưa xong", actor=who, at=later(hours=1))
    with pytest.raises(CannotReply, match="rate-nothing"):
        commands.rate(report=report, stars=5, actor=who, at=later(hours=1))
    answered(report, at=later(hours=2))
    commands.rate(report=report, stars=5, actor=who, at=later(hours=3))
    assert sorted(Rating.objects.values_list("stars", flat=True)) == [2, 5]


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_ratings_have_one_to_five_stars(stars: int) -> None:
    with pytest.raises(CannotReply, match="rate-stars"):
        commands.rate(report=answered(filed()), stars=stars, actor=officer(), at=NINE)


def test_a_closed_report_stays_closed() -> None:
    report, who = answered(filed()), actors.system(at=NINE)
    commands.close(report=report, actor=who, at=NINE)
    assert state_of(report) == "closed"
    with pytest.raises(CannotReply, match="reopen-late"):
        commands.reopen(report=report, text="Chưa", actor=who, at=NINE)
    with pytest.raises(CannotReply, match="close-nothing"):
        commands.close(report=report, actor=who, at=NINE)


def test_answers_without_a_reply_are_closed_after_a_month() -> None:
    old, new = answered(filed()), answered(filed(), at=later(days=5))
    again = answered(filed())
    commands.reopen(report=again, text="Chưa", actor=officer(), at=later(days=1))
    assert commands.close_silent(actor=officer(), at=later(days=30)) == 1
    assert [state_of(r) for r in (old, new, again)] == ["closed", "answered", "reopened"]
    assert commands.close_silent(actor=officer(), at=later(days=30)) == 0


def test_a_duplicate_has_the_fate_of_the_kept_one_until_it_is_undone() -> None:
    kept, double, who = filed(), filed(), officer()
    joined = commands.merge_duplicate(duplicate=double, kept=kept, actor=who, at=later(hours=1))
    assert state_of(double) == "joined"
    assert not Turn.objects.filter(report=double, ended_at__isnull=True).exists()
    commands.separate(joined=joined, actor=who, at=later(hours=2))
    assert state_of(double) == "received"
    assert turn_of(double).reason == "separated"
    with pytest.raises(CannotHandle, match="join-undone"):
        commands.separate(joined=joined, actor=who, at=later(hours=2))
    assert kinds()[-2:] == ["ReportsJoined", "ReportsSeparated"]


def test_reports_are_joined_in_no_circle_and_in_no_chain() -> None:
    one, two, three, who = filed(), filed(), filed(), officer()
    commands.merge_duplicate(duplicate=two, kept=one, actor=who, at=NINE)
    for duplicate, kept, code in (
        (one, one, "impossible"), (one, two, "impossible"), (two, three, "impossible"), (one, three, "chain"),
    ):  # fmt: skip
        with pytest.raises(CannotHandle, match=f"join-{code}"):
            commands.merge_duplicate(duplicate=duplicate, kept=kept, actor=who, at=NINE)
    assert Join.objects.count() == 1


def test_who_takes_a_report_on_works_alone_on_it_for_a_while() -> None:
    report, one, other = filed(), officer(), officer()
    commands.claim(report=report, actor=one, at=NINE)
    commands.claim(report=report, actor=one, at=later(hours=0.2))
    with pytest.raises(CannotHandle, match="report-taken"):
        commands.claim(report=report, actor=other, at=later(hours=0.5))
    with pytest.raises(CannotHandle, match="report-taken"):
        commands.answer(report=report, text="Xong", area=commune(), actor=other, at=later(hours=0.5))
    commands.claim(report=report, actor=other, at=later(hours=0.8))
    commands.let_go(report=report, actor=other)
    commands.claim(report=report, actor=one, at=later(hours=0.8))
