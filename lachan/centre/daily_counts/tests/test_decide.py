"""A person decides on what is held, once, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands
from lachan.centre.daily_counts.commands import CannotDecide
from lachan.centre.daily_counts.queries.standing import series
from lachan.centre.daily_counts.tests.conftest import NINE, held_row, list_of, officer, sent
from lachan.centre.models import CountDecision, DailyCount
from lachan.core.models import Area, EventRow

pytestmark = pytest.mark.django_db


def test_a_released_number_stands(bac_ninh: Area, tmp_path: Path) -> None:
    row, by = held_row(tmp_path), officer()
    made = commands.release_count(count=row, reason=" Đã hỏi Sở Y tế ", actor=by, at=NINE)
    assert (made.reason, made.by) == ("Đã hỏi Sở Y tế", by)
    assert [day.cases for day in series(bac_ninh)] == [40, 42, 38, 90_000, 44, 39]
    assert EventRow.objects.get(kind="HeldCountReleased").facts == {"count_id": row.pk}


def test_a_rejected_number_counts_for_nothing_and_is_kept(bac_ninh: Area, tmp_path: Path) -> None:
    row = held_row(tmp_path)
    commands.reject_count(count=row, reason="đánh nhầm", actor=officer(), at=NINE)
    assert 90_000 not in [day.cases for day in series(bac_ninh)]
    assert DailyCount.objects.filter(pk=row.pk).exists()
    assert EventRow.objects.filter(kind="HeldCountRejected").count() == 1


def test_a_later_correction_wins_over_a_release(bac_ninh: Area, tmp_path: Path) -> None:
    row = held_row(tmp_path)
    sent(tmp_path, list_of(40, 42, 38, 41))
    commands.release_count(count=row, reason="đúng", actor=officer(), at=NINE)
    assert [day.cases for day in series(bac_ninh)][:4] == [40, 42, 38, 41]


def test_a_decision_is_made_once(bac_ninh: Area, tmp_path: Path) -> None:
    row = held_row(tmp_path)
    commands.release_count(count=row, reason="đúng", actor=officer(), at=NINE)
    with pytest.raises(CannotDecide, match="count-decided"):
        commands.reject_count(count=row, reason="sai", actor=officer(), at=NINE)
    assert CountDecision.objects.get().verdict == "released"


def test_a_decision_has_a_reason_and_is_about_what_is_held(bac_ninh: Area, tmp_path: Path) -> None:
    row = held_row(tmp_path)
    with pytest.raises(CannotDecide, match="reason-missing"):
        commands.release_count(count=row, reason=" \n ", actor=officer(), at=NINE)
    taken = DailyCount.objects.filter(hold="").first()
    assert taken
    with pytest.raises(CannotDecide, match="count-not-held"):
        commands.reject_count(count=taken, reason="sai", actor=officer(), at=NINE)
