"""The bench: results in one key, pools by scanning, how long it takes."""

from datetime import timedelta

from lachan.core.models import Role
from lachan.systems.testing.models import Result
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.pages.desks import People, Sign, english, rows, url, words


def test_results_are_typed_in_one_key(signed_in: Sign, bench: Bench, people: People) -> None:
    a, b, c = bench.received(people(1), people(1), people(1))
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    sent = rows((a.barcode, "-"), (b.barcode, "+ N21,4"), (c.barcode, ""))
    assert client.post(url("bench"), sent | {"kit_lot": "K-77"}).status_code == 303
    assert [(r.outcome, r.ct, r.kit_lot) for r in Result.objects.order_by("pk")] == [
        ("negative", {}, "K-77"),
        ("positive", {"N": 21.4}, "K-77"),
    ]


def test_what_is_wrong_in_one_row_keeps_no_other_row_back(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    a, b = bench.received(people(1), people(1))
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    answer = client.post(
        url("bench"),
        rows((a.barcode, "-"), (b.barcode, "perhaps"), ("NONE-1", "-"), ("\x00", "+ low")),
    )
    assert answer.status_code == 422
    assert "3 rows were not taken" in words(answer)
    assert 'value="perhaps"' in answer.content.decode()
    assert Result.objects.get().tube == a


def test_a_station_cannot_enter_what_a_laboratory_reads(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    [tube] = bench.received(people(1))
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.station))
    assert client.post(url("bench"), rows((tube.barcode, "-"))).status_code == 422
    assert not Result.objects.exists()


def test_antigen_tests_are_read_where_they_are_taken(signed_in: Sign, bench: Bench, people: People) -> None:
    tube = bench.collected(people(1), assay="antigen")
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.station))
    assert tube.barcode in words(client.get(url("bench")))
    assert client.post(url("bench"), rows((tube.barcode, "+"))).status_code == 303


def test_a_pool_is_made_by_scanning(signed_in: Sign, bench: Bench, people: People) -> None:
    tubes = bench.received(people(1), people(1))
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    scans = "\n".join(t.barcode for t in tubes)
    assert client.post(url("pool"), {"barcode": "P-0001", "tubes": scans + "\n?"}).status_code == 422
    assert client.post(url("pool"), {"barcode": "P-0001", "tubes": scans + "\nNONE-1"}).status_code == 422
    assert client.post(url("pool"), {"barcode": "P-0001", "tubes": scans}).status_code == 303
    shown = words(client.get(url("bench")))
    assert "P-0001" in shown
    assert tubes[0].barcode not in shown


def test_turn_around_times_are_shown_by_place_and_day(signed_in: Sign, bench: Bench, people: People) -> None:
    for hours in (2, 4, 60):
        [tube] = bench.received(people(1), at=AT - timedelta(hours=hours))
        bench.reported(tube.barcode, "negative")
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    shown = words(client.get(url("turnaround")))
    assert f"{bench.laboratory.name} 10/01/2022 3 4.0 48.8 67%" in shown
    assert "No result was verified" in words(
        client.get(url("turnaround"), {"first": "1/12/2021", "last": "5/12/2021"})
    )
    for bad in ({"first": "31/2/2021"}, {"last": "x" * 10**5}, {"first": "\x00"}, {"first": "1/1/2199"}):
        assert client.get(url("turnaround"), bad).status_code == 200, bad
