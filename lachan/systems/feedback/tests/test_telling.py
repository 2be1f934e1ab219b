"""Whoever left a number hears of each step, and nothing of what was said."""

from datetime import datetime
from typing import Any

import pytest

from lachan.core import actors
from lachan.core.codes import format_code
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import telling
from lachan.systems.feedback.tests.conftest import (
    NINE,
    answered,
    commune,
    district,
    filed,
    later,
    officer,
)

pytestmark = pytest.mark.django_db
PHONE = "+84912345678"
Texts = list[tuple[str, str]]


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    """Numbers and texts in the order in which they were queued."""
    sent: Texts = []

    def queue(*, phone: str, text: str, until: datetime) -> None:
        assert until > NINE
        sent.append((phone, text))

    monkeypatch.setattr(telling, "queue_text", queue)
    return sent


def test_each_step_is_told_with_the_address_where_it_stands(texts: Texts) -> None:
    report = filed("hardship", phone=PHONE, language="en")
    here: dict[str, Any] = {"area": commune(), "actor": officer(), "at": NINE}
    commands.acknowledge(report=report, **here)
    commands.hand_on(report=report, reason="to the district", **here)
    commands.refuse(report=report, text="Thuộc công an phường", **here)
    assert [phone for phone, _text in texts] == [PHONE] * 3
    for (_phone, text), words in zip(texts, ("taken on", "handed on", "not for the office"), strict=True):
        assert words in text
        assert format_code(report.code) in text
        assert f"/feedback/of/{report.code}/" in text
        assert "công an" not in text
        assert len(text) <= 160


def test_it_is_told_in_the_language_of_the_report(texts: Texts) -> None:
    answered(filed("hardship", phone=PHONE))
    assert "đã có trả lời" in texts[0][1]


def test_who_stays_unknown_gets_no_text(texts: Texts) -> None:
    answered(filed("hardship"))
    assert not texts


def test_of_two_joined_reports_both_reporters_hear_of_the_answer(texts: Texts) -> None:
    kept, double = filed("crowd", phone=PHONE), filed("crowd", phone="+84987654321")
    commands.merge_duplicate(duplicate=double, kept=kept, actor=officer(), at=NINE)
    answered(kept)
    assert [phone for phone, _text in texts] == [PHONE, "+84987654321"]
    assert format_code(double.code) in texts[1][1]


def test_of_several_rungs_climbed_at_once_one_text_tells(texts: Texts) -> None:
    filed("crowd", phone=PHONE)
    for _ in range(2):
        commands.escalate_overdue(actor=actors.system(at=NINE), at=later(days=5))
    assert len(texts) == 1
    assert district().name not in texts[0][1]
