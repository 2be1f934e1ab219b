"""Tubes and people: what each desk sees of them."""

from lachan.core.models import Role
from lachan.systems.testing import commands
from lachan.systems.testing.models import TestOrder
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.pages.desks import People, Sign, english, url, words


def test_laboratories_see_numbers_and_stations_see_names(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    [person] = people(1)
    [tube] = bench.received([person])
    laboratory = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    station = english(signed_in(Role.SAMPLER, place=bench.station))
    pages = [url("home"), url("bench"), url("tube", tube.barcode), url("batches"), url("turnaround")]
    assert all(person.name not in words(laboratory.get(page)) for page in pages)
    assert "1980" in words(laboratory.get(url("tube", tube.barcode)))
    assert person.name in words(station.get(url("tube", tube.barcode)))
    assert laboratory.get(url("person", person.code)).status_code == 404


def test_a_tube_of_another_desk_is_not_found(signed_in: Sign, bench: Bench, people: People) -> None:
    tube = bench.collected(people(1))
    laboratory = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    for barcode in (tube.barcode, "NONE-0001", "%00", "x" * 500):
        assert laboratory.get(url("tube", barcode)).status_code == 404
    assert laboratory.get(url("find"), {"code": "?"}).status_code == 303


def test_a_tube_shows_its_whole_history(signed_in: Sign, bench: Bench, people: People) -> None:
    tubes = bench.received(people(2), people(1))
    pool = commands.pool_tubes(
        barcode="P-0001", tubes=tubes, laboratory=bench.laboratory, actor=bench.technician, at=AT
    )
    bench.reported(pool.barcode, "negative")
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    shown = words(client.get(url("tube", tubes[0].barcode)))
    for part in (
        "Negative with its pool",
        "Sample taken",
        "Sent in box",
        "Received",
        "Pooled as P-0001",
        "verified by",
    ):
        assert part in shown
    shown = words(client.get(url("tube", "P-0001")))
    assert tubes[0].barcode in shown
    assert tubes[1].barcode in shown


def test_a_tube_is_turned_down_on_its_page(signed_in: Sign, bench: Bench, people: People) -> None:
    tube = bench.collected(people(1))
    client = english(signed_in(Role.SAMPLER, place=bench.station))
    assert client.post(url("reject", tube.barcode), {"reason": "ugly"}).status_code == 303
    assert not TestOrder.objects.exists()
    assert client.post(url("reject", tube.barcode), {"reason": "mislabelled"}).status_code == 303
    assert TestOrder.objects.get().reason == "repeat"
    assert client.post(url("reject", tube.barcode), {"reason": "mislabelled"}).status_code == 404


def test_the_page_of_a_person_tells_of_samples_and_unresolved_pools(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    two = people(2)
    [tube] = bench.received(two)
    bench.reported(tube.barcode, "positive")
    client = english(signed_in(Role.COMMUNE_OFFICER, area=bench.station.area))
    shown = words(client.get(url("person", two[0].code)))
    assert tube.barcode in shown
    assert "nobody's result" in shown
    assert client.get(url("person", "nonsense")).status_code == 404
