"""The report of the situation: printed each morning and when asked for, kept as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from lachan.centre import tasks
from lachan.centre.models import DayCount, Difference, Recount, SituationReport
from lachan.centre.situation import printing
from lachan.centre.situation.commands import CannotReport, make_daily_reports, make_report, reconcile
from lachan.centre.situation.summary import summary
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    commune,
    country,
    district,
    officer,
    province,
)
from lachan.core import actors, clock
from lachan.core.models import EventRow, Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Typst takes its time the first time."""
    return b"%PDF-1.7 drawn"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, drawn: bytes) -> None:
    """The words are another test's."""
    monkeypatch.setattr(printing, "pdf", lambda *_a, **_k: drawn)


def cells(file: bytes, sheet: str) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(file))[sheet].iter_rows(values_only=True)]


def test_it_is_printed_in_both_languages_with_every_figure() -> None:
    DayCount.objects.create(area=commune(), day=TODAY, cases=7)
    found = summary(province(), at=NINE)
    for language in ("vi", "en"):
        assert printing.pdf(found, language=language).startswith(b"%PDF")


def test_the_workbook_has_numbers_units_days_and_definitions() -> None:
    DayCount.objects.create(area=commune(), day=TODAY, cases=7, positives=1, negatives=3)
    DayCount.objects.create(area=commune(), day=TODAY - timedelta(days=1), cases=5)
    file = printing.workbook(summary(province(), at=NINE), language="en")
    figures = cells(file, "Figures")
    assert ["Confirmed cases", 7, 5, 5, 0, None] in figures
    assert any(row[:2] == ["Positivity (%)", 25] for row in figures)
    units = cells(file, "Units below")
    assert units[1][0].startswith("Quận 1")
    assert units[1][2:5] == [7, 5, 5]
    days = cells(file, "Days")
    assert (days[-1][0], days[-1][1]) == (datetime(2026, 1, 12), 7)  # noqa: DTZ001 - a day of a spreadsheet
    assert ["Confirmed cases", "CaseConfirmed, CaseWithdrawn"] in [
        [r[0], r[3]] for r in cells(file, "Definitions")
    ]
    assert cells(printing.workbook(summary(province(), at=NINE), language="vi"), "Số liệu")


def test_a_name_that_is_a_formula_is_only_a_name() -> None:
    evil = district("=HYPERLINK(1)")
    DayCount.objects.create(area=commune("Phường X", of=evil), day=TODAY, cases=1)
    units = cells(printing.workbook(summary(province(), at=NINE), language="en"), "Units below")
    assert str(units[1][0]).startswith("'=")


def test_what_the_last_recount_found_stands_in_it() -> None:
    assert "not been counted again" in " ".join(map(str, notes()))
    DayCount.objects.create(area=commune(), day=TODAY, cases=7)
    reconcile(from_on=TODAY, to_on=TODAY + timedelta(days=1), actor=actors.system(at=NINE), at=NINE)
    assert "1 figures of the country differed" in " ".join(map(str, notes()))


def notes() -> list[str]:
    from django.utils.translation import override

    with override("en"):
        return list(printing.notes(summary(country(), at=NINE)))


@pytest.mark.usefixtures("quick")
def test_the_morning_has_one_report_for_each_area_and_language() -> None:
    areas_, system = [country(), province()], actors.system(at=NINE)
    assert make_daily_reports(areas=areas_, actor=system, at=NINE) == 4
    assert make_daily_reports(areas=areas_, actor=system, at=NINE + timedelta(hours=1)) == 0
    assert make_daily_reports(areas=areas_, actor=system, at=NINE + timedelta(days=1)) == 4
    assert EventRow.objects.filter(kind="SituationReported").count() == 8


@pytest.mark.usefixtures("quick")
def test_one_asked_for_is_made_each_time() -> None:
    by = officer(Role.CENTRE_OFFICER, country()).actor
    made = [make_report(area=province(), language="en", actor=by, at=NINE) for _ in range(2)]
    assert SituationReport.objects.filter(asked_by=by).count() == len(made)
    with pytest.raises(CannotReport) as refused:
        make_report(area=province(), language="fr", actor=by, at=NINE)
    assert refused.value.code == "report-language"


@pytest.mark.usefixtures("quick")
def test_an_officer_makes_and_fetches_reports_of_the_own_ground() -> None:
    mine = browser_of(officer(Role.HEALTH_OFFICER, district()))
    assert mine.post(f"/centre/areas/{commune().pk}/report", {"language": "vi"}).status_code == 303
    assert mine.post(f"/centre/areas/{province().pk}/report", {"language": "vi"}).status_code == 404
    assert mine.post(f"/centre/areas/{commune().pk}/report", {"language": "x"}).status_code == 422
    report = SituationReport.objects.get()
    assert "Phường Bến Nghé" in mine.get("/centre/reports/").content.decode()
    pdf = mine.get(f"/centre/reports/{report.pk}/pdf")
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    assert f"{TODAY}-vi.pdf" in pdf["Content-Disposition"]
    assert load_workbook(BytesIO(mine.get(f"/centre/reports/{report.pk}/workbook").content)).sheetnames
    other = browser_of(officer(Role.HEALTH_OFFICER, district("Quận B")))
    assert other.get(f"/centre/reports/{report.pk}/pdf").status_code == 404
    assert "Phường Bến Nghé" not in other.get("/centre/reports/").content.decode()


@pytest.mark.usefixtures("quick")
def test_at_six_the_country_and_its_provinces_are_printed() -> None:
    province()
    with clock.frozen(datetime(2026, 1, 12, 23, tzinfo=UTC)):
        tasks.print_situation()
    reports = SituationReport.objects.filter(asked_by__isnull=True)
    assert set(reports.values_list("area__level", "language")) == {(0, "vi"), (0, "en"), (1, "vi"), (1, "en")}
    assert set(reports.values_list("day", flat=True)) == {date(2026, 1, 13)}


def test_at_night_the_last_days_are_counted_again_and_the_log_says_what_was_wrong(
    caplog: pytest.LogCaptureFixture,
) -> None:
    DayCount.objects.create(area=commune(), day=TODAY - timedelta(days=14), cases=9)
    tasks.recount_figures()
    assert Difference.objects.get().counted == 9
    assert "1 figures of the situation differed" in caplog.text
    recount = Recount.objects.get()
    assert (recount.from_day, recount.last_day) == (TODAY - timedelta(days=14), TODAY)
