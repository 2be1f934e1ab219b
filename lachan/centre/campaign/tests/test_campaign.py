"""The goals of the campaign, and the page that shows how far it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.centre.campaign.rules.goals import pace, reach, worst_first
from lachan.core.models import Role
from lachan.policy.vaccination import Goal
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.tests.conftest import (
    NOON,
    deaf_loop,
    keeper,
    posting,
    province,
    received,
    still_clock,
    store,
    ward,
)
from lachan.systems.vaccination.tests.test_coverage import count, dose, person
from tests.rows import browser_of

__all__ = ["deaf_loop", "still_clock"]
BEGAN, END = date(2021, 3, 8), date(2021, 12, 31)
ADULTS = Goal(code="adults", who="adults", step="first", least=50, since=BEGAN, by=END)
DOSES = Goal(code="doses", who="doses", least=0.001, since=BEGAN)


@pytest.mark.parametrize(
    ("reached", "on", "state"),
    [
        (50, date(2021, 6, 1), "reached"),
        (20, BEGAN + timedelta(days=100), "ahead"),
        (10, BEGAN + timedelta(days=100), "behind"),
        (49, END, "behind"),
        (49, END + timedelta(days=1), "missed"),
        (50, END + timedelta(days=1), "reached"),
    ],
)
def test_where_a_goal_stands(reached: int, on: date, state: str) -> None:
    assert reach(ADULTS, reached=reached, residents=100, on=on).state == state


def test_what_is_left_a_day_reaches_the_goal() -> None:
    found = reach(ADULTS, reached=101, residents=1_001, on=END - timedelta(days=7))
    assert (found.missing, found.a_day) == (400, 58)


def test_nobody_known_is_not_a_goal_reached() -> None:
    found = reach(ADULTS, reached=0, residents=0, on=BEGAN)
    assert (found.state, found.part) == ("unknown", None)


def test_doses_are_counted_in_millions() -> None:
    assert reach(DOSES, reached=999, residents=0, on=END).missing == 1
    assert reach(DOSES, reached=1_000, residents=0, on=END).state == "reached"


@given(st.integers(-500, 900))
def test_a_pace_is_a_part_of_the_time(days: int) -> None:
    assert 0 <= pace(BEGAN, END, BEGAN + timedelta(days=days)) <= 1


def test_what_was_missed_stands_first() -> None:
    states = [reach(ADULTS, reached=n, residents=100, on=END + timedelta(days=1)) for n in (60, 10)]
    assert [each.state for each in worst_first(states)] == ["missed", "reached"]


@pytest.mark.django_db
def test_the_page_shows_shares_stock_and_who_is_late() -> None:
    here, there = ward(), ward("Phường An Hải", "t20263")
    people = [person(here) for _ in range(4)] + [person(there) for _ in range(4)]
    count(*(dose(who) for who in people[:3]), dose(people[4]))
    commands.count_residents(at=NOON)
    site = store("Trạm y tế Hải Châu", site=True)
    received(site, 40)
    yesterday = NOON - timedelta(days=1)
    commands.plan_session(
        site=site, product="vaxzevria", starts_at=yesterday, ends_at=yesterday + timedelta(hours=3), tables=1, places=9,
        actor=keeper(), at=NOON - timedelta(days=2),
    )  # fmt: skip
    browser = browser_of(posting(Role.HEALTH_OFFICER, area=province()))
    page = browser.get("/centre/campaign/").content.decode()
    assert "50" in page  # four of eight adults
    assert "nothing was used in four weeks" in page
    assert "Trạm y tế Hải Châu" in page
    assert page.index("Phường An Hải") < page.index(here.name)  # the least covered first
    assert browser.get(f"/centre/campaign/{here.pk}/").status_code == 200
