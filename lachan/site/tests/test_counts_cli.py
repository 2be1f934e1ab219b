"""`lachan import cases-daily`: what it says and how it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from lachan.centre.models import DailyCount
from lachan.core import areas, clock
from lachan.site.cli import imports as cli
from tests.rows import area_in

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)
ROWS = "".join(f"2025-12-0{i + 1},Bắc Ninh,{n}\n" for i, n in enumerate((40, 42, 38, 90_000, 44, 39)))


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "ready", lambda: None)
    area_in(areas.country(), "24", "Tỉnh Bắc Ninh", level=1, since=date(2025, 7, 1))


def run(file: Path, *more: str) -> Result:
    with clock.frozen(NINE), translation.override("vi"):
        return CliRunner().invoke(cli.import_, ["cases-daily", str(file), *more])


def test_rows_are_counted_and_reasons_said(tmp_path: Path) -> None:
    file = tmp_path / "provinces.csv"
    file.write_text("date,province,new_cases\n" + ROWS + "2025-12-09,Atlantis,4\n", encoding="utf-8")
    made = run(file)
    assert made.exit_code == 2
    assert "Đã nhận 7 dòng = nhập 5 (trong đó 0 đã có) + tạm giữ 1 + từ chối 1" in made.output
    assert "1 × spike: Tỉnh Bắc Ninh, 04/12/2025" in made.output
    report = (tmp_path / "provinces.csv.report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in report[1:]] == [
        ["5", "held", "", "spike"],
        ["8", "refused", "province", "unit-unknown"],
    ]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("date,province,new_cases\n2025-12-01,Bắc Ninh,4\n", encoding="utf-8")
    assert run(file).exit_code == 0
    again = run(file, "--report", str(tmp_path / "r.csv"))
    assert again.exit_code == 0
    assert "không có gì thay đổi" in again.output
    assert DailyCount.objects.count() == 1


def test_a_file_that_is_no_list_ends_with_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\x80\x81")
    made = run(file)
    assert made.exit_code == 1
    assert "UTF-8" in made.output
