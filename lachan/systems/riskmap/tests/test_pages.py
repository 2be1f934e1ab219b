"""Pages of levels: the public map, why, files; signing and figures at a desk."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lachan.core.models import Area, Role
from lachan.systems.riskmap import queries
from lachan.systems.riskmap.models import Boundary, Input, Proposal, Signature
from lachan.systems.riskmap.tests.conftest import (
    EARLIER,
    NINE,
    ORANGE,
    QUIET,
    WEEK,
    commune,
    officer,
    posting,
    proposed,
    province,
    recorded,
    signed,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
PUBLIC_BYTES = 60_000


def url(name: str, *args: object) -> str:
    return reverse(f"riskmap:{name}", args=args)


@pytest.fixture
def citizen() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def office() -> Client:
    return browser_of(posting(Role.HEALTH_OFFICER, province()))


@pytest.fixture
def station() -> Client:
    return browser_of(posting(Role.COMMUNE_OFFICER, commune()))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_map_shows_what_is_signed_and_nothing_that_is_only_proposed(citizen: Client) -> None:
    recorded(province(), ORANGE)
    proposed(province())
    assert "zone-4" not in text(citizen, "/map/")
    signed(province(), 3)
    page = text(citizen, "/map/")
    assert 'class="zone-3"' in page
    assert 'class="zone zone-3">3<' in page
    assert "High risk" in page
    assert "Hoàng Sa" in page
    assert len(page.encode()) <= PUBLIC_BYTES


def test_everybody_reads_why_their_commune_has_its_colour(citizen: Client) -> None:
    recorded(commune(), ORANGE)
    proposed(commune())
    signed(level=3)
    page = text(citizen, f"/map/{commune().code}/")
    assert "200 in 100,000 people" in page
    assert "40\u00a0%; at least 70\u00a0% are asked for" in page
    assert "Signed otherwise than the rules proposed (4): Ổ dịch tại chợ đầu mối" in page
    assert "not verified against a source" in page
    assert "05/01–11/01/2026" in page
    assert "10,000" in page


def test_a_commune_that_nobody_signed_has_no_colour_and_says_so(citizen: Client) -> None:
    page = text(citizen, f"/map/{commune().code}/")
    assert "Not assessed" in page
    assert "Nobody has signed a level" in page


def test_a_province_shows_its_communes_as_cells_or_by_their_boundaries(citizen: Client) -> None:
    for number, code in enumerate(("20194", "20195")):
        area = commune(code, f"Phường {code}")
        Area.objects.filter(pk=area.pk).update(lat=16.06 + number / 10, lon=108.2)
    signed(level=4)
    page = text(citizen, "/map/48/")
    assert "lies nearest to its coordinates" in page
    assert 'class="zone-4"' in page
    for area in Area.objects.filter(level=3, code__startswith="2019"):
        square = [[[108.1, 16.0], [108.3, 16.0], [108.3, 16.2], [108.1, 16.2]]]
        Boundary.objects.create(area=area, rings=square, source="x", imported_at=NINE, imported_by=officer())
    assert "lies nearest to its coordinates" not in text(citizen, "/map/48/")


def test_the_page_of_a_province_of_168_communes_is_light(citizen: Client) -> None:
    for n in range(168):
        area = commune(f"3{n:04}", f"Phường số {n} Tân Phú Trung")
        Area.objects.filter(pk=area.pk).update(lat=15.7 + n % 13 / 25, lon=107.8 + n // 13 / 25)
        signed(area, 1 + n % 4)
    page = text(citizen, "/map/48/")
    assert page.count("<path") >= 168
    assert len(page.encode()) <= PUBLIC_BYTES


def test_weeks_are_chosen_by_address_and_by_slider_without_script(citizen: Client) -> None:
    signed(province(), 2, week_on=EARLIER)
    signed(province(), 4, week_on=WEEK)
    assert 'class="zone-4"' in text(citizen, "/map/")
    assert 'class="zone-2"' in text(citizen, f"/map/?week={EARLIER}")
    assert 'class="zone-2"' in text(citizen, "/map/?step=1")
    assert 'type="range"' in text(citizen, "/map/?step=2")


@pytest.mark.parametrize(
    "query", ["week=31/02/2026", "week=2199-01-01", "week=%00", "step=999", "step=x", "week=1800-01-01"]
)
def test_weeks_that_do_not_exist_give_the_newest(query: str, citizen: Client) -> None:
    signed(province(), 4)
    assert 'class="zone-4"' in text(citizen, f"/map/?{query}")


def test_an_area_is_found_by_its_name(citizen: Client) -> None:
    commune()
    answer = citizen.get("/map/", {"area": "hai chau"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/map/{commune().code}/?week=")
    assert "No area has this name" in text(citizen, "/map/?area=nowhere")


def test_an_unknown_code_is_not_found(citizen: Client) -> None:
    assert citizen.get("/map/99999/").status_code == 404


def test_levels_are_given_out_as_files(citizen: Client) -> None:
    signed(level=3)
    [row] = json.loads(citizen.get(f"/map/levels.json?week={WEEK}").content)
    assert (row["code"], row["level"], row["from"], row["overridden"]) == ("20194", 3, "2026-01-12", True)
    assert "20194" in citizen.get(f"/map/levels.csv?week={WEEK}").content.decode()


def test_the_office_signs_what_it_chooses_and_sees_the_rest(office: Client) -> None:
    recorded(commune(), QUIET)
    recorded(province(), {"cases": 1})
    row = proposed(commune())
    page = text(office, url("home") + "?state=waiting")
    assert "Sign the chosen levels" in page
    answer = office.post(url("sign_many"), {"proposal": [row.pk], "week": WEEK.isoformat()})
    assert answer.status_code == 303
    assert [s.area_id for s in queries.standing()] == [commune().pk]
    assert "Inhabitants" in text(office, url("home") + "?state=missing")
    assert "Phường Hải Châu" in text(office, url("home") + "?state=signed&unit=3")


def test_one_unit_is_signed_overridden_and_withdrawn_on_its_page(office: Client) -> None:
    recorded(commune(), ORANGE)
    row, number = proposed(commune()), commune().pk
    week = {"week": WEEK.isoformat()}
    assert "raises the level" in text(office, url("unit", number))
    assert office.post(url("sign", number), week | {"proposal": row.pk}).status_code == 303
    assert office.post(url("withdraw", number), week | {"reason": "nhầm"}).status_code == 422
    done = office.post(url("withdraw", number), week | {"reason": "Nhập nhầm số ca mắc"})
    assert done.status_code == 303
    refused = office.post(url("override", number), week | {"level": 2, "reason": "vì"})
    assert "Say why, in a sentence" in refused.content.decode()
    over = office.post(url("override", number), week | {"level": 2, "reason": "Ổ dịch trong khu phong tỏa"})
    assert over.status_code == 303
    again = office.post(url("override", number), week | {"level": 1, "reason": "Ổ dịch trong khu phong tỏa"})
    assert again.status_code == 409
    assert [s.level for s in queries.standing()] == [2]
    page = text(office, url("unit", number))
    assert "withdrawn: Nhập nhầm số ca mắc" in page
    assert Signature.objects.count() == 2


def test_what_changed_since_the_page_was_opened_is_not_signed_unseen(office: Client) -> None:
    recorded(commune(), QUIET)
    old = proposed(commune())
    recorded(commune(), {"cases": 90})
    proposed(commune())
    answer = office.post(
        url("sign", commune().pk), {"week": WEEK.isoformat(), "proposal": old.pk}, follow=True
    )
    assert "Look again before you sign" in answer.content.decode()
    assert not Signature.objects.exists()


def filled(**more: object) -> dict[str, object]:
    return {
        "week": WEEK.isoformat(), "population": 10000, "cases": 12, "adults_one_dose": 700, "adults_one_dose-of": 1000,
        "aged_full": 90, "aged_full-of": 100, "capacity_plan": "1", "as_of": "11/01/2026",
    } | more  # fmt: skip


def test_a_station_enters_figures_and_the_level_follows(station: Client) -> None:
    number = commune().pk
    assert "Not known yet" in text(station, url("figures", number))
    answer = station.post(url("figures", number), filled())
    assert answer.status_code == 303
    assert Proposal.objects.filter(area=number, week_on=WEEK).latest("revision").level == 2
    assert Input.objects.filter(area=number, source="entered").count() == 5
    assert "Now: 12 (11/01/2026)" in text(station, url("figures", number))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cases": "-1"}, "greater than or equal to 0"),
        ({"cases": "99999999999"}, "less than or equal"),
        ({"cases": "zwölf"}, "whole number"),
        ({"aged_full-of": ""}, "Give both"),
        ({"aged_full": 101}, "more vaccinated people than people"),
        ({"as_of": "31/02/2026"}, "no such day"),
        ({"as_of": "01/01/2027"}, "must be 13/01/2026 or earlier"),
    ],
)
def test_figures_that_cannot_be_are_refused_in_words_and_none_is_kept(
    change: dict[str, object], words: str, station: Client
) -> None:
    answer = station.post(url("figures", commune().pk), filled(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Input.objects.exists()


def test_a_station_neither_signs_nor_sees_other_communes(station: Client) -> None:
    other = commune("20195", "Phường Hòa Cường")
    assert station.get(url("unit", other.pk)).status_code == 404
    assert station.post(url("figures", other.pk), filled()).status_code == 404
    assert station.post(url("sign", commune().pk)).status_code == 403
    assert "Sign as proposed" not in text(station, url("unit", commune().pk))


def test_the_week_is_counted_and_judged_on_demand(office: Client) -> None:
    recorded(commune(), QUIET)
    answer = office.post(url("judge"), {"week": WEEK.isoformat()}, follow=True)
    assert "answers that changed: 2" in answer.content.decode()


def test_the_bulletin_is_a_pdf_and_a_spreadsheet(office: Client) -> None:
    signed(level=3)
    signed(level=1, week_on=EARLIER)
    pdf = office.get(url("bulletin_pdf") + f"?week={WEEK}")
    assert pdf.content.startswith(b"%PDF")
    book = load_workbook(BytesIO(office.get(url("bulletin_xlsx") + f"?week={WEEK}").content))
    rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == "20194"]
    assert rows[0][3:5] == (3, 1)


def test_the_desk_counts_what_waits(office: Client) -> None:
    recorded(commune(), QUIET)
    proposed(commune())
    page = text(office, "/")
    assert "epidemic levels to sign" in page
    assert "areas are not assessed" in page
