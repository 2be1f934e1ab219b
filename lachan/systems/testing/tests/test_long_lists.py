"""Lists longer than a page: everything is reached, each row once, and what is cut says so."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import clock, places
from lachan.core.models import Person, PlaceKind, Role
from lachan.systems.testing import commands
from lachan.systems.testing.models import Result, Tube
from lachan.systems.testing.tests.conftest import AT, Bench, Sign
from lachan.systems.testing.views import batches, collection
from tests.walking import every_page

People = Callable[[int], list[Person]]


@pytest.fixture(autouse=True)
def _at_ten() -> Iterator[None]:
    with clock.frozen(AT + timedelta(hours=2)):
        yield


def english(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"testing:{name}", args=args)


def test_every_result_waits_on_one_page_of_the_verifier_positives_first(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    tubes = bench.received(*[[person] for person in people(55)])
    entries = [
        commands.ResultEntry(barcode=t.barcode, outcome="positive" if n > 52 else "negative")
        for n, t in enumerate(tubes)
    ]
    commands.enter_results(entries=entries, actor=bench.technician, at=AT)
    pages = every_page(signed_in(Role.LAB_VERIFIER, place=bench.laboratory), url("verify"))
    seen = [int(pk) for page in pages for pk in re.findall(r'name="result" value="(\d+)"', page)]
    assert len(pages) == 2
    assert sorted(seen) == sorted(Result.objects.values_list("pk", flat=True))
    assert set(seen[:2]) == set(Result.objects.filter(outcome="positive").values_list("pk", flat=True))


def test_every_sample_of_a_person_is_on_one_page(signed_in: Sign, bench: Bench, people: People) -> None:
    [person] = people(1)
    for n in range(55):
        bench.collected([person], at=AT - timedelta(hours=n))
    client = signed_in(Role.HEALTH_OFFICER, area=bench.station.area)
    pages = every_page(client, url("person", person.code))
    seen = re.findall(r'class="code">(T\d+)<', "".join(pages))
    assert len(pages) == 2
    assert sorted(seen) == sorted(Tube.objects.values_list("barcode", flat=True))
    assert seen == list(Tube.objects.order_by("-collected_at").values_list("barcode", flat=True))


def test_tubes_and_places_beyond_what_a_page_offers_are_counted(
    signed_in: Sign, bench: Bench, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in people(3):
        bench.collected([person])
    places.open_place(kind=PlaceKind.CONTROL_POST, name="Chốt", area=bench.station.area, at=AT)
    sampler = english(signed_in(Role.SAMPLER, area=bench.station.area))
    assert "are shown" not in sampler.get(url("send")).content.decode()
    assert "are shown" not in sampler.get(url("collect")).content.decode()
    monkeypatch.setattr(batches, "IN_A_BOX", 2)
    monkeypatch.setattr(collection, "MOST_PLACES", 1)
    assert "2 of 3 are shown" in sampler.get(url("send")).content.decode()
    assert "1 of 2 are shown" in sampler.get(url("collect")).content.decode()


def test_waiting_times_that_are_cut_say_so(
    signed_in: Sign, bench: Bench, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    [tube] = bench.received(people(1))
    bench.reported(tube.barcode, "negative")
    officer = english(signed_in(Role.HEALTH_OFFICER, area=bench.station.area))
    assert "Choose fewer days" not in officer.get(url("turnaround")).content.decode()
    monkeypatch.setattr("lachan.systems.testing.queries.MOST_LINES", 1)
    assert "Choose fewer days" in officer.get(url("turnaround")).content.decode()


def test_a_program_may_name_any_station_of_a_large_area(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    area = bench.station.area
    for n in range(510):
        places.open_place(kind=PlaceKind.BORDER_GATE, name=f"Cửa {n:03d}", area=area, at=AT)
    last = places.open_place(kind=PlaceKind.HEALTH_STATION, name="Trạm Z", area=area, at=AT)
    client = signed_in(Role.SAMPLER, area=area)
    body = {"tubes": [{"barcode": "T-0001", "persons": [people(1)[0].code], "place": last.code}]}
    answer = client.post("/api/testing/tubes", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["refused"]) == (200, [])
    assert Tube.objects.get().place == last
