"""What the rules refuse, the database refuses too: each constraint broken on purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from lachan.centre.daily_counts.tests.conftest import FIRST, NINE, held_row, list_of, officer, sent
from lachan.centre.models import CountDecision, CountUpload, DailyCount, RefusedCount
from lachan.core.models import Area

pytestmark = pytest.mark.django_db


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("name", "change"),
    [("counts_taken_held_refused", {"received": 9}), ("counts_already_of_taken", {"already": 2})],
)
def test_an_upload_adds_up(bac_ninh: Area, tmp_path: Path, name: str, change: dict[str, int]) -> None:
    upload = sent(tmp_path, list_of(4)).upload
    with refuses(name):
        CountUpload.objects.filter(pk=upload.pk).update(**change)


def test_a_file_is_taken_once(bac_ninh: Area, tmp_path: Path) -> None:
    upload = sent(tmp_path, list_of(4)).upload
    upload.pk = None
    with refuses("digest"):
        upload.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("count_hold_known", {"hold": "whim"}),
        ("count_negative_is_held", {"cases": -1}),
        ("count_negative_is_held", {"deaths": -1}),
    ],
)
def test_a_count_is_what_rules_know(
    bac_ninh: Area, tmp_path: Path, name: str, change: dict[str, Any]
) -> None:
    row = sent(tmp_path, list_of(4)).upload.counts.get()
    with refuses(name):
        DailyCount.objects.filter(pk=row.pk).update(**change)


def test_a_row_is_kept_once(bac_ninh: Area, tmp_path: Path) -> None:
    upload = sent(tmp_path, list_of(4)).upload
    with refuses("count_once_a_row"):
        DailyCount.objects.create(upload=upload, number=2, area=bac_ninh, day=FIRST, cases=4)


@pytest.mark.parametrize(
    ("name", "number", "code"), [("refusal_once_a_row", 3, "x"), ("refusal_has_code", 4, "")]
)
def test_a_refusal_has_its_row_and_code(
    bac_ninh: Area, tmp_path: Path, name: str, number: int, code: str
) -> None:
    upload = sent(tmp_path, list_of(4) + "2025-12-01,Atlantis,4\n").upload
    with refuses(name):
        RefusedCount.objects.create(upload=upload, number=number, code=code)


@pytest.mark.parametrize(
    ("name", "change"),
    [("count_decision_known", {"verdict": "maybe"}), ("count_decision_has_reason", {"reason": ""})],
)
def test_a_decision_is_one_of_two_with_its_reason(
    bac_ninh: Area, tmp_path: Path, name: str, change: dict[str, str]
) -> None:
    given = {"verdict": "released", "reason": "đúng"} | change
    with refuses(name):
        CountDecision.objects.create(count=held_row(tmp_path), decided_at=NINE, by=officer(), **given)
