"""Taking samples: scans in any order, and people without a code."""

import re
from html import unescape

import pytest
from django.test import Client

from lachan.codecs.person_qr import person_text
from lachan.core import persons
from lachan.core.models import AccessLog, Role
from lachan.systems.testing.models import TestOrder, Tube
from lachan.systems.testing.tests.conftest import Bench
from lachan.systems.testing.tests.pages.desks import (
    People,
    Sign,
    english,
    ordered,
    url,
    words,
)


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


@pytest.mark.parametrize(
    ("kind", "number", "scan"),
    [
        ("national_id", "079185000123", "079185000123||Trần Văn Đức|05031985|Nam|Số 1|01062021"),
        ("national_id", "079185000123", "079185000123|Trần Văn Đức|1985/3/5|0|QID0012345678"),
        ("health_insurance", "GD4877912345678", "******000123|Trần Văn Đức|1985/3/5|0|GD4877912345678"),
    ],
)
def test_a_card_or_the_national_code_names_its_holder(
    desk: CollectionDesk, people: People, kind: str, number: str, scan: str
) -> None:
    [person] = people(1)
    persons.claim_identifier(person, kind, number, at=person.registered_at)
    desk.scan("T-0001")
    assert "SAVED" in desk.scan(scan)
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
