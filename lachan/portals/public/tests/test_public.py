"""What everybody sees without signing in."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from lachan.portals.public.figures import band_name
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.tests.conftest import (
    NOON,
    deaf_loop,
    keeper,
    province,
    received,
    still_clock,
    store,
    ward,
)
from lachan.systems.vaccination.tests.test_coverage import count, dose, person

__all__ = ["deaf_loop", "still_clock"]
pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000


@pytest.fixture
def anybody() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


def test_bands_are_named_by_their_ages() -> None:
    assert [band_name(age) for age in (0, 18, 65, -1)] == ["0–4", "18–49", "65+", "?"]


def test_the_entrance_leads_everywhere_in_few_bytes(anybody: Client) -> None:
    page = anybody.get("/public/")
    for address in (
        "/vaccination/register",
        "/verify",
        "/health-book/",
        "/map/",
        "/declare/",
        "/feedback/new",
    ):
        assert f'href="{address}' in page.content.decode()
    assert len(page.content) < MOST_BYTES


def test_small_counts_are_hidden_with_what_gives_them_away(anybody: Client) -> None:
    here, there = ward(), ward("Phường An Hải", "t20263")
    count(*(dose(person(here)) for _ in range(7)), *(dose(person(there)) for _ in range(2)))
    told = json.loads(anybody.get("/public/vaccination/figures.json", {"area": province().code}).content)
    units = {row["key"]: row["first"] for row in told["rows"] if row["table"] == "unit"}
    assert units == {here.code: None, there.code: None}  # seven would follow from nine
    assert [row["first"] for row in told["rows"] if row["table"] == "all"] == [9]
    page = anybody.get(f"/public/vaccination/{province().code}/").content.decode()
    assert "Phường An Hải" in page
    assert ">7<" not in page


def test_the_file_says_what_the_page_says(anybody: Client) -> None:
    count(*(dose(person(ward())) for _ in range(6)))
    answer = anybody.get("/public/vaccination/figures.csv", {"area": province().code})
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:5] == ["table", "key", "name", "residents", "first"] or ";" in lines[0]
    assert any("18–49" in line and "6" in line for line in lines)


def test_doses_received_and_used_are_told(anybody: Client) -> None:
    site = store("Trạm y tế", site=True)
    lot = received(site, 20)
    commands.open_vial(store=site, lot=lot, actor=keeper(), at=NOON)
    told = json.loads(anybody.get("/public/vaccination/figures.json").content)
    assert told["doses"] == {"received": 20, "given": 0, "wasted": 0, "on_hand": 20}


def test_a_site_with_a_session_to_come_is_found(anybody: Client) -> None:
    site = store("Trạm y tế Hải Châu", site=True)
    begins = NOON + timedelta(days=2)
    commands.plan_session(
        site=site, product="vaxzevria", starts_at=begins, ends_at=begins + timedelta(hours=4), tables=2, places=80,
        actor=keeper(), at=NOON,
    )  # fmt: skip
    page = anybody.get("/public/sites", {"area": ward().name}).content.decode()
    assert ("Trạm y tế Hải Châu" in page, "80 free places" in page) == (True, True)
    other = anybody.get("/public/sites", {"area": ward("Phường An Hải", "t20263").name}).content.decode()
    assert "Trạm y tế Hải Châu" not in other


def test_an_unknown_area_is_said_in_words(anybody: Client) -> None:
    assert anybody.get("/public/vaccination/nowhere/").status_code == 404
    assert anybody.get("/public/vaccination", {"area": "Nơi không có"}).status_code == 422
    assert anybody.get("/public/sites", {"area": "\x00"}).status_code == 422
    assert anybody.get("/public/vaccination/figures.json", {"area": "x" * 3000}).status_code == 404
