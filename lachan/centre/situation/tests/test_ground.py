"""Which units count for an area, of 2021 and of 2025."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from lachan.centre.models import DayCount
from lachan.centre.situation import queries
from lachan.centre.situation.queries.ground import atlas
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    commune,
    country,
    district,
    officer,
    province,
)
from lachan.core import areas
from lachan.core.models import Area, AreaSuccessor, Role
from tests.rows import area_in, browser_of

pytestmark = pytest.mark.django_db
REFORM = date(2025, 7, 1)


def of_today(name: str, *, of: Area | None = None, level: int = 3) -> Area:
    return area_in(of or country(), f"n{name}"[:16], name, level=level, since=REFORM)


def ended(*units: Area) -> None:
    Area.objects.filter(pk__in=[u.pk for u in units]).update(valid_to=REFORM)


def cases(area: Area) -> int:
    week = queries.figures(area, TODAY - timedelta(days=7), TODAY + timedelta(days=1), at=NINE)
    return week.total()["cases"]


@pytest.fixture
def reform() -> dict[str, Area]:
    """Two communes of before became one of today; a third was divided between it and a second one."""
    city = of_today("Thành phố Hồ Chí Minh mới", level=1)
    saigon, tan_dinh = of_today("Phường Sài Gòn", of=city), of_today("Phường Tân Định", of=city)
    old = {name: commune(name) for name in ("Bến Nghé", "Bến Thành", "Đa Kao")}
    ended(*old.values(), district(), province())
    pairs = [
        ("Bến Nghé", saigon, 1.0), ("Bến Thành", saigon, 1.0), ("Đa Kao", saigon, 0.4), ("Đa Kao", tan_dinh, 0.6)
    ]  # fmt: skip
    AreaSuccessor.objects.bulk_create(
        AreaSuccessor(old=old[name], new=new, share=s) for name, new, s in pairs
    )
    for n, unit in enumerate(old.values()):
        DayCount.objects.create(area=unit, day=TODAY, cases=10**n)
    return {"city": city, "saigon": saigon, "tan_dinh": tan_dinh, **old}


def test_a_unit_of_today_has_the_counts_of_those_that_it_took_over(reform: dict[str, Area]) -> None:
    assert cases(reform["saigon"]) == 111
    assert cases(reform["tan_dinh"]) == 100
    assert cases(reform["city"]) == 111
    assert cases(country()) == 111


def test_an_office_of_today_sees_them_on_its_page(reform: dict[str, Area]) -> None:
    mine = browser_of(officer(Role.COMMUNE_OFFICER, reform["saigon"]))
    assert ">111<" in mine.get("/centre/").content.decode()
    assert mine.get(f"/centre/areas/{reform['Bến Nghé'].pk}/").status_code == 200
    assert mine.get(f"/centre/areas/{reform['tan_dinh'].pk}/").status_code == 404


def test_below_the_country_of_today_stand_the_provinces_of_today(reform: dict[str, Area]) -> None:
    assert [part.area for part in queries.parts(country(), TODAY)] == [reform["city"]]
    before = queries.parts(country(), REFORM - timedelta(days=1))
    assert [part.area.name for part in before] == [province().name]
    [city] = queries.parts(country(), TODAY)
    [today] = queries.by_part([city], (TODAY, TODAY + timedelta(days=1)))[reform["city"].pk]
    assert today["cases"] == 111


def test_a_unit_that_has_ended_shows_what_lay_in_it_on_its_last_day(reform: dict[str, Area]) -> None:
    below = queries.parts(Area.objects.get(pk=district().pk), TODAY)
    assert [part.area.name for part in below] == ["Bến Nghé", "Bến Thành", "Đa Kao"]


def test_what_is_counted_today_counts_for_the_unit_of_before_too(reform: dict[str, Area]) -> None:
    DayCount.objects.create(area=reform["saigon"], day=TODAY, cases=5000)
    assert cases(reform["Bến Nghé"]) == 5001


def test_a_divided_unit_is_in_the_sum_of_the_province_once(reform: dict[str, Area]) -> None:
    found = queries.parts(reform["city"], TODAY)
    rows = queries.by_part(found, (TODAY, TODAY + timedelta(days=1)))
    assert sum(today["cases"] for [today] in rows.values()) == 211
    assert cases(reform["city"]) == 111


def test_the_atlas_says_what_the_core_says_of_any_tree() -> None:
    chance = random.Random(7)
    units = [country()]
    for n in range(60):
        above = chance.choice([u for u in units if u.level < 3])
        units.append(area_in(above, f"u{n}", f"Xã {n}", level=above.level + 1))
    for _ in range(60):
        old, new = chance.sample(units[1:], 2)
        AreaSuccessor.objects.get_or_create(
            old=old, new=new, defaults={"share": chance.choice([None, 0.5, 1.0])}
        )
    for unit in Area.objects.all():
        assert tuple(atlas().ground(unit)) == areas.ground(unit)


def test_units_loaded_later_are_known() -> None:
    before = queries.units(province())
    added = commune("Phường Mới")
    assert queries.units(province()) - before >= {added.pk}
