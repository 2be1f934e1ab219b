"""The suggestions under the search box of areas."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core.models import Area
from lachan.core.names import search_key

pytestmark = pytest.mark.django_db


def test_suggestions_are_options_with_the_full_name(client: Client) -> None:
    name = "Phường Bến Nghé"
    Area.objects.create(
        code="1", level=3, name=name, search_key=search_key(name), path="/", valid_from=date(2000, 1, 1)
    )
    html = client.get(reverse("area_search"), {"q": "ben ng", "list": "id_home_list"}).content.decode()
    assert 'role="option"' in html
    assert 'data-name="Phường Bến Nghé"' in html
    assert 'id="id_home_list-' in html


@pytest.mark.parametrize(
    "query", ["", "\x00", "a" * 100_000, "%", "'; drop", "\ud800".encode("utf-16-le", "surrogatepass")]
)
def test_no_query_breaks_the_search(client: Client, query: str) -> None:
    answer = client.get(reverse("area_search"), {"q": query, "list": '"><script>'})
    assert answer.status_code == 200
    assert b"<script" not in answer.content
    assert b"data-name" not in answer.content


def placed(code: str, lat: float, lon: float, *, level: int = 3, valid_to: date | None = None) -> Area:
    return Area.objects.create(
        code=code, level=level, name=f"Xã {code}", search_key=f"xa {code}", path=f"/{code}/", lat=lat, lon=lon,
        valid_from=date(2000, 1, 1), valid_to=valid_to,
    )  # fmt: skip


def test_the_nearest_communes_of_today_come_first_and_nothing_far(client: Client) -> None:
    placed("far", 21.0, 105.8)
    placed("province", 10.77, 106.70, level=1)
    placed("gone", 10.77, 106.70, valid_to=date(2001, 1, 1))
    # East by 0.05 degrees is nearer than north by as much: meridians meet at the pole.
    for code, lat, lon in (("north", 10.82, 106.70), ("east", 10.77, 106.75), ("here", 10.771, 106.70)):
        placed(code, lat, lon)
    html = client.post(reverse("area_nearest"), {"lat": "10.77", "lon": "106.7"}).content.decode()
    assert re.findall(r'data-name="Xã (\w+)"', html) == ["here", "east", "north"]


def test_where_nothing_is_near_nothing_is_offered(client: Client) -> None:
    placed("here", 10.77, 106.70)
    answer = client.post(reverse("area_nearest"), {"lat": "51.5", "lon": "0"})
    assert answer.status_code == 200
    assert not answer.content.strip()


@pytest.mark.parametrize(
    "given",
    [{}, {"lat": "x", "lon": "1"}, {"lat": "91", "lon": "1"}, {"lat": "1", "lon": "nan"}, {"lat": "١", "lon": "1"},
     {"lat": "1" * 9_999, "lon": "1"}],
)  # fmt: skip
def test_near_what_is_no_place_is_nothing(client: Client, given: dict[str, str]) -> None:
    placed("here", 1.0, 1.0)
    answer = client.post(reverse("area_nearest"), given)
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_where_somebody_is_goes_into_no_address(client: Client) -> None:
    assert client.get(reverse("area_nearest"), {"lat": "10.77", "lon": "106.7"}).status_code == 405
