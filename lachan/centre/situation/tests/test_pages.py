"""The pages of the situation: each posting sees its own ground, compared and explained."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from lachan.centre.models import DayCount
from lachan.centre.situation import queries
from lachan.centre.situation.commands import reconcile
from lachan.centre.situation.handlers import count
from lachan.centre.situation.rules.measures import FLOWS
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    commune,
    confirmed,
    country,
    district,
    later,
    officer,
    person,
    province,
    result,
    told,
)
from lachan.core import actors
from lachan.core.models import Area, Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


def counted(area: Area, days: int, **measures: int) -> None:
    """So many on the day so many days ago."""
    DayCount.objects.create(area=area, day=TODAY - timedelta(days=days), **measures)


@pytest.fixture
def centre() -> Client:
    return browser_of(officer(Role.CENTRE_OFFICER, country()))


def tile(page: str, measure: str) -> str:
    found = re.search(rf'#{measure}">.*?</div>\n', page, re.DOTALL)
    assert found, measure
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_today_stands_beside_yesterday_and_the_week(centre: Client) -> None:
    counted(commune(), 0, cases=3)
    counted(commune("Phường Đa Kao"), 1, cases=5)
    counted(commune(), 7, cases=1)
    counted(commune(), 8, cases=4)
    cases = tile(centre.get("/centre/").content.decode(), "cases")
    assert re.search(r"\b3\s+today", cases)
    assert "Yesterday: 5" in cases
    assert re.search(r"7 days: 6 \(\+50 %\)", cases)


def test_a_share_is_made_of_the_sums_of_its_days(centre: Client) -> None:
    counted(commune(), 1, positives=1, negatives=1)
    counted(commune(), 2, positives=1, negatives=7)
    positivity = tile(centre.get("/centre/").content.decode(), "positivity")
    assert "7 days: 20.0 %" in positivity
    assert "Yesterday: 50.0 %" in positivity
    assert "–" in positivity


def test_units_below_stand_with_what_hurts_most_first(centre: Client) -> None:
    calm = commune("Phường A", of=district("Quận A"))
    counted(calm, 2, cases=30)
    counted(calm, 9, cases=40)
    counted(commune("Phường B", of=district("Quận B")), 2, cases=9)
    page = centre.get(f"/centre/areas/{province().pk}/").content.decode()
    below = page[page.index('id="below"') :]
    assert below.index("Quận B") < below.index("Quận A")
    assert '<span class="badge stop">cases rising</span>' in below


def test_each_step_down_leads_to_its_page(centre: Client) -> None:
    counted(commune(), 0, cases=1)
    for above, below in ((country(), province()), (province(), district()), (district(), commune())):
        page = centre.get(f"/centre/areas/{above.pk}/").content.decode()
        assert f'href="/centre/areas/{below.pk}/"' in page
    last = centre.get(f"/centre/areas/{commune().pk}/").content.decode()
    assert "Thành phố Hồ Chí Minh</a> ›" in last
    assert 'id="below"' not in last


def test_a_district_sees_its_own_ground_and_no_other() -> None:
    elsewhere = commune("Phường B", of=district("Quận B"))
    counted(commune(), 0, cases=2)
    counted(elsewhere, 0, cases=7)
    mine = browser_of(officer(Role.HEALTH_OFFICER, district()))
    page = mine.get("/centre/").content.decode()
    assert re.search(r"\b2\s+today", tile(page, "cases"))
    assert "Quận B" not in page
    assert mine.get(f"/centre/areas/{commune().pk}/").status_code == 200
    for hidden in (elsewhere, province(), country()):
        assert mine.get(f"/centre/areas/{hidden.pk}/").status_code == 404


def test_who_may_not_see_figures_is_sent_away() -> None:
    assert browser_of(officer(Role.SAMPLER, commune())).get("/centre/").status_code == 403


def test_every_figure_of_the_page_is_explained(centre: Client) -> None:
    page = centre.get("/centre/").content.decode()
    named = set(re.findall(r"/centre/measures#(\w+)", page))
    explained = set(re.findall(r'<h3 id="(\w+)"', centre.get("/centre/measures").content.decode()))
    assert named == explained
    assert len(named) > 20


def test_counters_are_shown_as_soon_as_they_move(centre: Client) -> None:
    count(told(confirmed(person()), result(person())), NINE)
    page = centre.get("/centre/").content.decode()
    assert re.search(r"\b1\s+today", tile(page, "cases"))
    assert "100.0 %" in tile(page, "positivity")


def test_the_last_recount_and_what_it_found_are_shown(centre: Client) -> None:
    assert "not been counted again" in centre.get("/centre/").content.decode()
    counted(commune(), 1, cases=41)
    reconcile(from_on=TODAY - timedelta(days=7), to_on=TODAY, actor=actors.system(at=NINE), at=NINE)
    assert "1 figure differed and was set right" in centre.get("/centre/").content.decode()
    page = centre.get("/centre/recounts").content.decode()
    assert "Phường Bến Nghé" in page
    assert "Confirmed cases" in page
    elsewhere = browser_of(officer(Role.HEALTH_OFFICER, district("Quận B")))
    assert "Phường Bến Nghé" not in elsewhere.get("/centre/recounts").content.decode()


def test_a_page_takes_the_same_statements_for_many_units_as_for_few(
    centre: Client, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        queries.forget()
        with CaptureQueriesContext(connection) as seen:
            assert centre.get(f"/centre/areas/{district().pk}/").status_code == 200
        return len(seen)

    counted(commune(), 0, cases=1)
    statements()
    few = statements()
    for i in range(12):
        counted(commune(f"Phường {i}"), i % 3, **dict.fromkeys(FLOWS, 1))
    statements()
    assert statements() == few


def test_the_number_of_an_area_may_be_anything(centre: Client) -> None:
    for number in ("0", "99999999", "9" * 30):
        assert centre.get(f"/centre/areas/{number}/").status_code == 404


def test_what_waits_for_a_worker_says_until_when_figures_are_whole() -> None:
    from lachan.core.models import Delivery

    [event] = told(confirmed(person()))
    Delivery.objects.create(event_id=event.id, subscriber="situation", handler="situation.count", lane=1)
    assert queries.figures(country(), TODAY, TODAY, at=later(hours=2)).as_of == NINE


def test_every_counter_has_a_name() -> None:
    from lachan.centre.situation import words

    assert all(str(words.label(measure)) for measure in FLOWS)
