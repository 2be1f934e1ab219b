"""How many live where, from a list; and what it is for."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands
from lachan.centre.models import DailyCount
from lachan.core import actors, areas, clock
from lachan.core.models import Area, AreaSuccessor
from lachan.platform.lists import BadFile, Totals, report_to
from lachan.site.imports.population import import_population

pytestmark = pytest.mark.django_db
THEN, NOW = date(2021, 12, 31), datetime(2026, 1, 12, 2, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("LACHAN_SHARED_DATA") or ROOT.parent / "shared" / "data") / "vietnam"
PROVINCES = SHARED / "vn_provinces_63.csv"


def unit(code: str, name: str, *, until: date | None = None, since: date = date(2021, 1, 1)) -> Area:
    root = areas.country()
    made = Area.objects.create(
        code=code,
        level=1,
        name=name,
        search_key=name.lower(),
        parent=root,
        path="",
        valid_from=since,
        valid_to=until,
    )
    made.path = f"{root.path}{made.pk}/"
    made.save()
    return made


@pytest.fixture
def merged() -> Area:
    """Two provinces of 2021 of which one was made, and a third that stayed."""
    change = date(2025, 7, 1)
    old = [unit("95", "Bac Lieu", until=change), unit("96", "Ca Mau", until=change)]
    new = unit("96", "Ca Mau", since=change)
    AreaSuccessor.objects.bulk_create(AreaSuccessor(old=each, new=new, share=1) for each in old)
    return new


def taken(folder: Path, text: str) -> tuple[Totals, list[str], int]:
    file = folder / "people.csv"
    file.write_text(text, encoding="utf-8")
    with report_to(folder / "report.csv") as report:
        later = import_population(file, report, code="code", people="population", on=THEN)
    return report.totals, [code for code, _words in report.reasons], later


def test_a_unit_of_today_has_the_sum_of_those_it_was_made_of(tmp_path: Path, merged: Area) -> None:
    assert taken(tmp_path, "code,population\n95,907236\n")[2] == 0
    assert Area.objects.get(pk=merged.pk).population is None
    totals, _reasons, later = taken(tmp_path, "code;population\n95;907236\n96;1194476\n")
    assert (totals.taken, totals.already, later) == (2, 1, 1)
    assert Area.objects.get(pk=merged.pk).population == 907_236 + 1_194_476


def test_rows_that_say_nothing_are_refused_by_name_and_the_others_taken(tmp_path: Path, merged: Area) -> None:
    rows = "95,907236\n95,1\n77,5\n96,many\n96,0\n96,99999999999999\n96,-4\n"
    totals, reasons, _later = taken(tmp_path, f"code,population\n{rows}")
    assert (totals.read, totals.taken, totals.refused) == (7, 1, 6)
    assert set(reasons) == {"area-twice", "area-unknown", "population-number"}


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        taken(tmp_path, "name,people\nCa Mau,5\n")


def test_more_cases_than_can_be_are_held_back_once_it_is_known(tmp_path: Path, merged: Area) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("date,province,new_cases\n2021-10-25,Ca Mau,151919\n", encoding="utf-8")
    system = actors.system(at=NOW)
    commands.import_counts(file=counts, name="a.csv", within=None, actor=system, at=NOW)
    assert DailyCount.objects.get().hold == ""
    DailyCount.objects.all().delete()
    taken(tmp_path, "code,population\n96,1194476\n")
    counts.write_text("date,province,new_cases\n2021-10-25,Ca Mau,151920\n", encoding="utf-8")
    commands.import_counts(file=counts, name="b.csv", within=None, actor=system, at=NOW)
    held = DailyCount.objects.get()
    assert (held.hold, held.against) == ("too-many-people", 1_194_476)


@pytest.mark.skipif(not PROVINCES.exists(), reason=f"the list is not there: {PROVINCES}")
def test_the_63_provinces_get_their_people(tmp_path: Path) -> None:
    from lachan.core.area_sources import vietnam_areas

    areas.load((row for row in vietnam_areas() if row.level == 1), root=areas.country())
    with clock.frozen(NOW), report_to(tmp_path / "report.csv") as report:
        import_population(PROVINCES, report, code="gso_code", people="pop_2020_gso_avg", on=THEN)
    assert (report.totals.taken, report.totals.refused) == (63, 0)
    people = areas.on(THEN).filter(level=1).values_list("population", flat=True)
    assert 97_000_000 < sum(n or 0 for n in people) < 99_000_000
