"""The JSON doors, with good input and bad."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.core import clock
from lachan.core.events import ResultReported
from lachan.core.models import Person, Role
from lachan.systems.testing import commands
from lachan.systems.testing.models import Result, TestOrder, Tube
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.told import told

BASE = "/api/testing"
People = Callable[[int], list[Person]]
Sign = Callable[..., Client]
NOW = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _at_ten() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def station_client(signed_in: Sign, bench: Bench) -> Client:
    return signed_in(Role.SAMPLER, place=bench.station)


@pytest.fixture
def laboratory_client(signed_in: Sign, bench: Bench) -> Client:
    return signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(f"{BASE}{path}", data=text, content_type="application/json", headers=headers)


def test_a_station_that_was_offline_sends_its_tubes(station_client: Client, people: People) -> None:
    one, other = people(2)
    lines = [
        {"barcode": "T-0001", "persons": [one.code], "collected_at": (AT - timedelta(days=1)).isoformat()},
        {"barcode": "T-0001", "persons": [other.code]},
        {"barcode": "T-0002", "persons": ["0" * 17]},
        {"barcode": "T-0003", "persons": [one.code, one.code]},
        {"barcode": "T-0004", "persons": [one.code, other.code]},
        {"barcode": "T-0005", "persons": [one.code], "collected_at": "0001-01-01T00:00:00Z"},
        {"barcode": "T-0006", "persons": [one.code], "place": "9" * 17},
    ]
    answer = post(station_client, "/tubes", {"tubes": lines}).json()
    assert answer["received"] == len(answer["taken"]) + len(answer["refused"]) == len(lines)
    assert [(t["row"], t["barcode"]) for t in answer["taken"]] == [(0, "T-0001"), (4, "T-0004")]
    assert [(r["row"], r["code"]) for r in answer["refused"]] == [
        (1, "tube-registered"), (2, "person-not-visible"), (3, "person-twice"), (5, "collected-long-ago"),
        (6, "not-on-this-desk"),
    ]  # fmt: skip
    assert Tube.objects.get(barcode="T-0001").collected_at == AT - timedelta(days=1)


def test_the_same_request_twice_is_one_effect(station_client: Client, people: People) -> None:
    body = {"tubes": [{"barcode": "T-0001", "persons": [people(1)[0].code]}]}
    first = post(station_client, "/tubes", body, idempotency_key="k-1")
    again = post(station_client, "/tubes", body, idempotency_key="k-1")
    assert (first.status_code, first.content) == (200, again.content)
    assert Tube.objects.count() == 1
    assert post(station_client, "/tubes", body | {"x": 1}, idempotency_key="k-1").status_code in (409, 422)


def test_results_are_taken_or_refused_line_by_line(
    laboratory_client: Client, bench: Bench, people: People
) -> None:
    a, b = bench.received(people(1), people(1))
    away = bench.collected(people(1))
    lines = [
        {"barcode": a.barcode, "outcome": "positive", "ct": {"N": 21.4, "E": 22.0}, "instrument": "QS-5"},
        {"barcode": b.barcode, "outcome": "maybe"},
        {"barcode": away.barcode, "outcome": "negative"},
        {"barcode": b.barcode, "outcome": "negative", "ct": {"N": 1e300}},
        {"barcode": b.barcode, "outcome": "negative", "assay": "antigen"},
    ]
    answer = post(laboratory_client, "/results", {"results": lines}).json()
    assert answer["received"] == len(answer["taken"]) + len(answer["refused"]) == len(lines)
    assert [r["code"] for r in answer["refused"]] == [
        "outcome-unknown", "tube-not-received", "ct-range", "assay-other",
    ]  # fmt: skip
    assert Result.objects.get().ct == {"N": 21.4, "E": 22.0}


def test_results_are_verified_by_somebody_else(
    signed_in: Sign, laboratory_client: Client, bench: Bench, people: People
) -> None:
    [tube] = bench.received(people(1))
    sent = post(
        laboratory_client, "/results", {"results": [{"barcode": tube.barcode, "outcome": "negative"}]}
    )
    number = sent.json()["taken"][0]["number"]
    assert post(laboratory_client, "/results/verify", {"results": [number]}).status_code == 403
    assert told(ResultReported) == []
    verifier = signed_in(Role.LAB_VERIFIER, place=bench.laboratory)
    elsewhere = signed_in(Role.LAB_VERIFIER, place=bench.station)
    assert post(elsewhere, "/results/verify", {"results": [number]}).status_code == 404
    assert post(verifier, "/results/verify", {"results": [number]}).json() == {"verified": 1}
    assert len(told(ResultReported)) == 1


def test_nobody_verifies_their_own_by_machine(signed_in: Sign, bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    entries = [commands.ResultEntry(barcode=tube.barcode, outcome="negative")]
    [result] = commands.enter_results(entries=entries, actor=bench.verifier, at=AT)
    client = signed_in(Role.LAB_VERIFIER, actor=bench.verifier, place=bench.laboratory)
    answer = post(client, "/results/verify", {"results": [result.pk]})
    assert (answer.status_code, answer.json()["code"]) == (409, "own-entry")


def test_a_test_is_ordered_by_machine(station_client: Client, people: People) -> None:
    answer = post(station_client, "/orders", {"person": people(1)[0].code, "due_on": "2022-01-12"})
    assert (answer.status_code, TestOrder.objects.get().pk) == (201, answer.json()["number"])


def test_a_tube_is_read_without_its_people(laboratory_client: Client, bench: Bench, people: People) -> None:
    [person] = people(1)
    [tube] = bench.received([person])
    bench.reported(tube.barcode, "positive", ct={"N": 21.4})
    answer = laboratory_client.get(f"{BASE}/tubes/{tube.barcode}")
    assert person.code not in answer.content.decode()
    assert answer.json()["results"][0]["in_force"] is True
    for bad in ("NONE-0001", "%00", "%ff", "x" * 5000, "🦠"):
        assert laboratory_client.get(f"{BASE}/tubes/{bad}").status_code == 404, bad


BAD_BODIES: list[Any] = [
    "", "{", "[]", "null", b"\xff\xfe\x00", '{"results": [{"barcode": "T-1\\u0000", "outcome": "negative"}', {},
    {"results": []}, {"results": [{}]}, {"results": "x"}, {"results": [{"barcode": "x" * 10**6, "outcome": "-"}]},
    {"results": [{"barcode": "T-0001", "outcome": "negative", "instrument": "a\x00b"}]},
    {"results": [{"barcode": "T-0001", "outcome": "negative", "ct": {"N": "low"}}]},
    {"results": [{"barcode": "T-0001", "outcome": "negative", "ct": {str(n): 1 for n in range(20)}}]},
    {"results": [{"barcode": "T-0001", "outcome": "negative"}] * 1001},
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_bad_results_are_a_clear_answer(body: Any, laboratory_client: Client) -> None:
    answer = post(laboratory_client, "/results", body)
    assert answer.status_code in (400, 413, 422)
    assert {"code", "message"} <= answer.json().keys()


BAD_TUBES: list[Any] = [
    {"tubes": [{"barcode": "T-0001", "persons": []}]},
    {"tubes": [{"barcode": "T-0001", "persons": ["x"], "collected_at": "2022-02-31T00:00:00Z"}]},
    {"tubes": [{"barcode": "T-0001", "persons": ["x"], "collected_at": "2022-01-10T09:00:00"}]},
    {"tubes": [{"barcode": "T-0001", "persons": ["x"], "assay": "smell"}]},
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_TUBES, ids=range(len(BAD_TUBES)))
def test_bad_tubes_are_a_clear_answer(body: Any, station_client: Client) -> None:
    assert post(station_client, "/tubes", body).status_code == 422


@pytest.mark.parametrize("text", ["\x00", "T\x00001", "🦠" * 10, "'; --", "NaN"])
def test_odd_texts_refuse_the_line_only(text: str, station_client: Client, laboratory_client: Client) -> None:
    tubes = post(station_client, "/tubes", {"tubes": [{"barcode": text, "persons": [text]}]})
    results = post(laboratory_client, "/results", {"results": [{"barcode": text, "outcome": "negative"}]})
    for answer in (tubes, results):
        assert (answer.status_code, answer.json()["taken"], len(answer.json()["refused"])) == (200, [], 1)


def test_a_ct_that_is_no_number_is_refused(laboratory_client: Client, bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    body = f'{{"results": [{{"barcode": "{tube.barcode}", "outcome": "positive", "ct": {{"N": NaN}}}}]}}'
    answer = post(laboratory_client, "/results", body)
    assert answer.status_code in (200, 400, 422)
    assert not Result.objects.exists()


@pytest.mark.parametrize("path", ["/orders", "/tubes", "/results", "/results/verify"])
def test_strangers_and_other_roles_are_turned_away(path: str, signed_in: Sign, bench: Bench) -> None:
    assert post(Client(), path, {}).status_code == 401
    assert post(signed_in(Role.GATE_GUARD, place=bench.station), path, {}).status_code == 403


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**40, "x", 1.5, None])
def test_impossible_numbers_are_a_clear_answer(number: Any, signed_in: Sign, bench: Bench) -> None:
    client = signed_in(Role.LAB_VERIFIER, place=bench.laboratory)
    assert post(client, "/results/verify", {"results": [number]}).status_code == 422
