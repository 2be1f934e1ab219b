"""The desks as people use them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lachan.codecs.person_qr import person_text
from lachan.core import clock
from lachan.core.models import AccessLog, Actor, Area, Person, Role
from lachan.systems.testing import commands
from lachan.systems.testing.models import Batch, Result, TestOrder, Tube
from lachan.systems.testing.tests.conftest import AT, Bench

People = Callable[[int], list[Person]]
Sign = Callable[..., Client]
NOW = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _in_english_at_ten() -> Iterator[None]:
    with translation.override("en"), clock.frozen(NOW):
        yield


def url(name: str, *args: Any) -> str:
    return reverse(f"testing:{name}", args=args)


def words(answer: Any) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def english(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def ordered(bench: Bench, person: Person, days: int = 0) -> TestOrder:
    request = commands.TestRequest(
        person_id=person.pk, assay="pcr", reason="indicated", due_on=AT.date() + timedelta(days)
    )
    return commands.order_tests(requests=[request], actor=bench.nurse, at=AT)[0]


class CollectionDesk:
    """The page as a browser holds it: what it shows is what is sent back."""

    def __init__(self, client: Client, **start: str) -> None:
        self.client = client
        self.last = client.get(url("collect"), start)
        self.sent = 0

    def kept(self) -> str:
        found = re.search(r'name="kept" value="([^"]*)"', self.last.content.decode())
        assert found
        return unescape(found[1])

    def scan(self, text: str, **more: str) -> str:
        self.sent += 1
        self.last = self.client.post(url("collect"), {"kept": self.kept(), "scan": text, **more})
        return words(self.last)


@pytest.fixture
def desk(signed_in: Sign, bench: Bench) -> CollectionDesk:
    return CollectionDesk(english(signed_in(Role.SAMPLER, place=bench.station)))


def test_two_scans_are_a_saved_sample(desk: CollectionDesk, people: People) -> None:
    for number, person in enumerate(people(3)):
        desk.scan(f"T-{number}001")
        assert "SAVED" in desk.scan(person_text(person.code))
    assert (Tube.objects.count(), desk.sent) == (3, 6)
    assert "3 tubes saved" in words(desk.last)


def test_the_person_may_be_scanned_first(desk: CollectionDesk, people: People) -> None:
    [person] = people(1)
    desk.scan(person_text(person.code))
    assert "SAVED" in desk.scan("T-0001")
    assert Tube.objects.get().members.get().person == person


def test_a_shared_tube_is_saved_by_the_scan_of_the_next(desk: CollectionDesk, people: People) -> None:
    desk.scan("T-0001", shared="1")
    for person in people(5):
        desk.scan(person_text(person.code), shared="1")
    assert not Tube.objects.exists()
    assert "SAVED" in desk.scan("T-0002", shared="1")
    assert Tube.objects.get().size == 5
    assert "T-0002" in words(desk.last)


def test_enter_in_the_empty_box_saves_too(desk: CollectionDesk, people: People) -> None:
    desk.scan("T-0001", shared="1")
    desk.scan(person_text(people(1)[0].code), shared="1")
    assert "SAVED" in desk.scan("", shared="1")


def test_somebody_without_a_code_is_found_by_name(desk: CollectionDesk, people: People) -> None:
    person = people(2)[1]
    desk.scan("T-0001")
    shown = desk.scan("van b nguyen")
    assert "CHOOSE" in shown
    assert person.name in shown
    assert "SAVED" in desk.scan("", choose=person.code)


def test_a_tube_that_was_registered_is_refused_and_the_person_stays(
    desk: CollectionDesk, people: People
) -> None:
    one, other = people(2)
    desk.scan("T-0001")
    desk.scan(person_text(one.code))
    desk.scan(person_text(other.code))
    assert "NOT SAVED" in desk.scan("T-0001")
    assert desk.last.status_code == 422
    assert "SAVED" in desk.scan("T-0002")
    assert Tube.objects.get(barcode="T-0002").members.get().person == other


@pytest.mark.parametrize(
    "text", ["\x00", "🦠" * 2000, "x" * 10**6, "LC1:0000", "LV1:" + "0" * 17, "%00", "a|b|c"]
)
def test_a_scan_that_is_nothing_known_is_an_answer(desk: CollectionDesk, text: str) -> None:
    desk.scan(text)
    assert desk.last.status_code in (200, 422)
    assert not Tube.objects.exists()


def test_a_page_cannot_name_people_by_itself(desk: CollectionDesk, people: People) -> None:
    answer = desk.client.post(url("collect"), {"kept": '{"p":[1]}', "scan": "T-0001"})
    assert "Nobody scanned yet" in words(answer)


def test_an_order_from_the_list_begins_with_its_person(signed_in: Sign, bench: Bench, people: People) -> None:
    [person] = people(1)
    order = ordered(bench, person)
    desk = CollectionDesk(english(signed_in(Role.SAMPLER, place=bench.station)), order=str(order.pk))
    assert person.name in words(desk.last)
    assert "SAVED" in desk.scan("T-0001")
    assert TestOrder.objects.get(sample__isnull=False) == order


def test_every_look_at_a_person_is_in_the_persons_log(desk: CollectionDesk, people: People) -> None:
    [person] = people(1)
    desk.scan(person_text(person.code))
    assert AccessLog.objects.filter(person=person, purpose="testing").exists()


def test_the_list_shows_what_is_due_and_overdue(signed_in: Sign, bench: Bench, people: People) -> None:
    late, today, later = people(3)
    for person, days in ((late, -2), (today, 0), (later, 3)):
        ordered(bench, person, days)
    client = english(signed_in(Role.SAMPLER, place=bench.station))
    shown = words(client.get(url("orders")))
    assert late.name in shown
    assert "2 days overdue" in shown
    assert today.name in shown
    assert later.name not in shown
    assert later.name in words(client.get(url("orders"), {"due": "open"}))
    assert today.name not in words(client.get(url("orders"), {"due": "overdue"}))
    lines = client.get(url("orders_csv"), {"due": "open"}).content.decode().splitlines()
    assert len(lines) == 4


def test_another_area_sees_no_order(signed_in: Sign, bench: Bench, people: People, commune: Area) -> None:
    order = ordered(bench, people(1)[0])
    other = Area.objects.create(
        code="99999", level=3, name="Xã Khác", search_key="khac", parent=commune.parent, path="/0/0/",
        valid_from=commune.valid_from,
    )  # fmt: skip
    client = english(signed_in(Role.SAMPLER, area=other))
    assert "No test is due" in words(client.get(url("orders")))
    assert client.post(url("cancel_order", order.pk)).status_code == 404


def test_a_test_is_ordered_and_cancelled_by_hand(signed_in: Sign, bench: Bench, people: People) -> None:
    [person] = people(1)
    client = english(signed_in(Role.COMMUNE_OFFICER, area=bench.station.area))
    wanted = {"person": person.code, "assay": "pcr", "reason": "indicated", "due_on": "12/1/2022"}
    assert client.post(url("new_order"), wanted).status_code == 303
    order = TestOrder.objects.get()
    assert client.post(url("cancel_order", order.pk)).status_code == 303
    order.refresh_from_db()
    assert order.cancel_reason == "by-hand"
    for bad in (
        {"person": "x"},
        {"due_on": "31/2/2022"},
        {"due_on": "1/1/1900"},
        {"assay": "smell"},
        {"person": "\x00"},
    ):
        assert client.post(url("new_order"), wanted | bad).status_code == 422, bad


def test_a_box_goes_from_the_station_to_the_bench(signed_in: Sign, bench: Bench, people: People) -> None:
    tubes = [bench.collected(people(1)) for _ in range(3)]
    nurse = english(signed_in(Role.SAMPLER, place=bench.station))
    nothing = nurse.post(url("send"), {"laboratory": str(bench.laboratory.pk)})
    assert nothing.status_code == 409
    chosen = {"tube": [str(t.pk) for t in tubes], "laboratory": str(bench.laboratory.pk)}
    assert nurse.post(url("send"), chosen).status_code == 303
    batch = Batch.objects.get()
    page = url("batch", batch.pk)
    assert "Take the box in" not in words(nurse.get(page))
    assert nurse.post(page, {}).status_code == 404
    laboratory = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    assert "Take the box in" in words(laboratory.get(page))
    scanned = f"{tubes[0].barcode}\n{tubes[1].barcode.lower()}\n"
    strange = laboratory.post(page, {"scanned": scanned + "ODD-0001"})
    assert strange.status_code == 422
    assert "ODD-0001" in words(strange)
    answer = laboratory.post(page, {"scanned": scanned, f"reason-{tubes[1].barcode}": "leaking"})
    assert answer.status_code == 303
    reasons = Tube.objects.order_by("pk").values_list("rejection__reason", flat=True)
    assert list(reasons) == [None, "leaking", "missing"]
    shown = words(laboratory.get(url("bench")))
    assert tubes[0].barcode in shown
    assert tubes[1].barcode not in shown


def rows(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"barcode": [b for b, _ in lines], "result": [r for _, r in lines]}


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


def entered(bench: Bench, by: Actor, *outcomes: str, persons: list[list[Person]]) -> list[Result]:
    tubes = bench.received(*persons)
    entries = [
        commands.ResultEntry(barcode=t.barcode, outcome=o) for t, o in zip(tubes, outcomes, strict=True)
    ]
    return commands.enter_results(entries=entries, actor=by, at=AT)


def test_a_verifier_sees_the_entries_of_others_positives_first(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    theirs = entered(bench, bench.technician, "negative", "positive", persons=[people(1), people(1)])
    [own] = entered(bench, bench.verifier, "negative", persons=[people(1)])
    client = english(signed_in(Role.LAB_VERIFIER, actor=bench.verifier, place=bench.laboratory))
    shown = words(client.get(url("verify")))
    assert shown.index(theirs[1].subject.barcode) < shown.index(theirs[0].subject.barcode)
    assert own.subject.barcode not in shown
    assert "1 result that you entered waits" in shown
    assert client.post(url("verify"), {"result": [str(own.pk)], "action": "verify"}).status_code == 409
    assert client.post(url("verify"), {"action": "verify"}).status_code == 409
    both = {"result": [str(r.pk) for r in theirs], "action": "verify"}
    assert client.post(url("verify"), both).status_code == 303
    assert Result.objects.filter(verified_by=bench.verifier).count() == 2
    assert client.post(url("verify"), both).status_code == 409


def test_a_verifier_sends_a_result_back_with_a_reason(signed_in: Sign, bench: Bench, people: People) -> None:
    [result] = entered(bench, bench.technician, "positive", persons=[people(1)])
    client = english(signed_in(Role.LAB_VERIFIER, place=bench.laboratory))
    back = {"result": [str(result.pk)], "action": "return"}
    assert client.post(url("verify"), back).status_code == 409
    assert client.post(url("verify"), back | {"reason": "Row 3"}).status_code == 303
    assert result.subject.barcode in words(client.get(url("bench")))


def test_a_result_is_amended_on_its_page(signed_in: Sign, bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    result = bench.reported(tube.barcode, "positive", ct={"N": 20.0})
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    assert "Amend the result" in words(client.get(url("tube", tube.barcode)))
    page = url("amend", result.pk)
    assert client.post(page, {"outcome": "negative", "reason": ""}).status_code == 422
    assert client.post(page, {"outcome": "positive", "reason": "x", "ct_N": "low"}).status_code == 422
    assert client.post(page, {"outcome": "positive", "reason": "typo", "ct_N": "31,5"}).status_code == 303
    amendment = Result.objects.get(amends=result)
    assert (amendment.ct, amendment.verified_at) == ({"N": 31.5}, None)
    assert client.post(page, {"outcome": "negative", "reason": "again"}).status_code == 422


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


def test_each_desk_counts_its_own_work(signed_in: Sign, bench: Bench, people: People) -> None:
    ordered(bench, people(1)[0], -1)
    bench.collected(people(1))
    entered(bench, bench.technician, "negative", persons=[people(1)])
    nurse = words(english(signed_in(Role.SAMPLER, place=bench.station)).get(url("home")))
    assert "Tests overdue 1" in nurse
    assert "Tubes to send 1" in nurse
    assert "Results to verify" not in nurse
    verifier = words(english(signed_in(Role.LAB_VERIFIER, place=bench.laboratory)).get(url("home")))
    assert "Results to verify 1" in verifier
    assert "Tests overdue" not in verifier


NAMES = ["home", "orders", "orders_csv", "new_order", "collect", "send", "batches", "bench", "pool", "verify",
         "turnaround"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_guard_opens_no_desk_of_testing(name: str, signed_in: Sign, bench: Bench) -> None:
    assert signed_in(Role.GATE_GUARD, place=bench.station).get(url(name)).status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(
    language: str, signed_in: Sign, bench: Bench, people: People, settings: Any
) -> None:
    everything = [Role.SAMPLER, Role.LAB_VERIFIER]
    for role in everything:
        client = signed_in(role, area=bench.station.area)
        client.cookies["language"] = language
        for name in NAMES:
            answer = client.get(url(name))
            assert answer.status_code in (200, 403), name
            assert (
                answer.status_code == 403
                or f'lang="{language}"' in answer.content.decode()
                or name == "orders_csv"
            )
