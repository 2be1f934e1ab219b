"""The suggestions under the search box of areas."""

from __future__ import annotations

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
