"""Lists longer than a page: everything is reached, each row once, and what is cut says so."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import places
from lachan.core.models import Place, PlaceKind, Role
from lachan.systems.quarantine.models import Reading, ReleaseDecision
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    area_of,
    contact_under_order,
    order_of,
    posting,
    room,
    site,
)
from lachan.systems.quarantine.views import orders, sites
from tests.rows import browser_of
from tests.walking import every_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer_client() -> Client:
    client = browser_of(posting(Role.HEALTH_OFFICER, area=area_of()))
    client.cookies["language"] = "en"
    return client


def test_every_proposal_is_on_one_page(officer_client: Client) -> None:
    proposer = posting(Role.COMMUNE_OFFICER, area=area_of()).actor
    numbers = [order_of(contact_under_order()).pk for _ in range(23)]
    ReleaseDecision.objects.bulk_create(
        ReleaseDecision(
            order_id=number, certificate=f"{number:017d}", early=True, reason="ill child", decided_at=NOON,
            decided_by=proposer,
        )
        for number in numbers
    )  # fmt: skip
    pages = every_page(officer_client, reverse("quarantine:proposals"))
    seen = re.findall(r"/quarantine/orders/(\d+)/\"", "".join(pages))
    assert len(pages) == 2
    assert sorted(map(int, seen)) == sorted(numbers)


def test_every_site_is_on_one_page_and_may_be_chosen(officer_client: Client) -> None:
    contact_under_order()
    for n in range(120):
        places.open_place(
            kind=PlaceKind.QUARANTINE_SITE, name=f"Khu {n % 40}", area=area_of(), closed_space=True, at=NOON
        )
    wanted = sorted(Place.objects.filter(kind="quarantine_site").values_list("pk", flat=True))
    pages = every_page(officer_client, reverse("quarantine:sites"))
    seen = re.findall(r"/quarantine/sites/(\d+)/\"", "".join(pages))
    assert len(pages) == 3
    assert sorted(map(int, seen)) == wanted
    chosen = officer_client.get(reverse("quarantine:waiting")).content.decode()
    assert set(map(str, wanted)) <= set(re.findall(r"<option value=\"(\d+)\"", chosen))


def test_readings_that_are_not_shown_are_counted(
    officer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_of(contact_under_order())
    by = posting(Role.SITE_MANAGER, area=area_of()).actor
    Reading.objects.bulk_create(
        Reading(order=order, taken_at=NOON - timedelta(hours=n), recorded_at=NOON, recorded_by=by, spo2=97)
        for n in range(1, 7)
    )
    address = reverse("quarantine:order", args=[order.pk])
    assert "are shown" not in officer_client.get(address).content.decode()
    monkeypatch.setattr(orders, "NEWEST", 4)
    assert "4 of 6 are shown" in officer_client.get(address).content.decode()


def test_beds_that_are_not_offered_are_counted(
    officer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, who = site(), contact_under_order()
    room(place, beds=3)
    address = reverse("quarantine:reception", args=[place.pk]) + f"?code={who.code}"
    assert "are shown" not in officer_client.get(address).content.decode()
    monkeypatch.setattr(sites, "MOST_BEDS", 2)
    assert "2 of 3 are shown" in officer_client.get(address).content.decode()
