"""The daily numbers of Viet Nam's 63 provinces, March 2020 to January 2022, as two sources told them.

The lists stand outside the repository (`LACHAN_SHARED_DATA`, or `../shared/data` beside it); without them this is
skipped, and the small lists of the other tests stand alone.
"""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands
from lachan.centre.daily_counts.queries.standing import standing
from lachan.centre.daily_counts.tests.conftest import NINE, officer
from lachan.centre.models import CountUpload, DailyCount
from lachan.core import areas
from lachan.core.area_sources import vietnam_areas
from lachan.core.models import Area

ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("LACHAN_SHARED_DATA") or ROOT.parent / "shared" / "data") / "vietnam"
MINISTRY = SHARED / "vn_daily_province_ncsc_2020-03_2022-01.csv"
NEWSPAPER = SHARED / "vn_daily_province_vnexpress_2021-04-27_2021-10-25.csv"
IMPOSSIBLE = {("Cà Mau", date(2021, 10, 25), 151_919), ("Kiên Giang", date(2021, 9, 28), 49_170)}
LEAST_RATE = 2_000

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not MINISTRY.exists(), reason=f"the lists are not there: {SHARED}"),
]


@pytest.fixture
def provinces() -> None:
    areas.load((row for row in vietnam_areas() if row.level == 1), root=areas.country())


def taken(file: Path) -> CountUpload:
    return commands.import_counts(file=file, name=file.name, within=None, actor=officer(), at=NINE).upload


def held() -> set[tuple[str, date, int]]:
    rows = DailyCount.objects.exclude(hold="").select_related("area")
    return {(row.area.name.removeprefix("Tỉnh "), row.day, row.cases) for row in rows}


def test_the_two_impossible_days_are_held_and_the_wave_of_2021_is_not(provinces: None) -> None:
    """Three of 10,888 rows: the two, and a province that told two weeks at once on one day."""
    started = time.process_time()
    upload = taken(MINISTRY)
    seconds = time.process_time() - started
    assert (upload.received, upload.refused, upload.already) == (10_888, 0, 0)
    assert upload.taken + upload.held == upload.received
    assert held() == IMPOSSIBLE | {("Ninh Thuận", date(2021, 11, 3), 1_009)}
    wave = standing().filter(day__range=(date(2021, 7, 1), date(2021, 9, 30)))
    assert sum(wave.values_list("cases", flat=True)) > 700_000
    assert upload.received / seconds >= LEAST_RATE


def test_the_other_source_is_taken_whole(provinces: None) -> None:
    upload = taken(NEWSPAPER)
    assert (upload.received, upload.taken, upload.held, upload.refused) == (4_948, 4_948, 0, 0)


def test_a_population_catches_the_impossible_by_itself(provinces: None) -> None:
    """People by the census of 2019."""
    people = {"Tỉnh Cà Mau": 1_194_476, "Tỉnh Kiên Giang": 1_723_067, "Tỉnh Bình Dương": 2_426_561}
    for name, number in people.items():
        Area.objects.filter(level=1, name=name).update(population=number)
    taken(MINISTRY)
    codes = DailyCount.objects.exclude(hold="").values_list("area__name", "hold")
    assert dict(codes) == {
        "Tỉnh Cà Mau": "too-many-people", "Tỉnh Kiên Giang": "too-many-people", "Tỉnh Ninh Thuận": "spike"
    }  # fmt: skip
