"""Whole weeks of daily counts are given to the epidemic levels, once, and never over what an office entered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lachan.centre.daily_counts.commands.weeks import give_weeks
from lachan.centre.daily_counts.tests.conftest import NINE, list_of, officer, sent
from lachan.core.models import Area
from lachan.systems.riskmap.commands import Given, record_inputs
from lachan.systems.riskmap.models import Input, Source

pytestmark = pytest.mark.django_db
MONDAY = date(2025, 12, 29)


def weeks(area: Area) -> dict[date, int]:
    rows = Input.objects.filter(area=area, figure="cases").order_by("pk")
    return dict(rows.values_list("week_on", "amount"))


def test_only_whole_weeks_are_given_and_once(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(*[10] * 15, first=date(2025, 12, 23)))  # from a Tuesday: one week is whole
    assert give_weeks(actor=officer(), at=NINE) == 1
    assert weeks(bac_ninh) == {MONDAY: 70}
    assert give_weeks(actor=officer(), at=NINE) == 0


def test_a_correction_gives_the_week_anew(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(*[10] * 7, first=MONDAY))
    give_weeks(actor=officer(), at=NINE)
    sent(tmp_path, list_of(30, first=MONDAY))
    assert give_weeks(actor=officer(), at=NINE) == 1
    assert weeks(bac_ninh) == {MONDAY: 90}


def test_a_day_that_is_held_back_makes_no_week(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(10, 12, 11, 90_000, 10, 12, 11, first=MONDAY))
    assert give_weeks(actor=officer(), at=NINE) == 0


def test_what_an_office_entered_stays(bac_ninh: Area, tmp_path: Path) -> None:
    own = Given(area_id=bac_ninh.pk, figure="cases", amount=61, as_of=date(2026, 1, 4))
    record_inputs(given=[own], week_on=MONDAY, source=Source.ENTERED, actor=officer(), at=NINE)
    sent(tmp_path, list_of(*[10] * 7, first=MONDAY))
    assert give_weeks(actor=officer(), at=NINE) == 0
    assert weeks(bac_ninh) == {MONDAY: 61}
