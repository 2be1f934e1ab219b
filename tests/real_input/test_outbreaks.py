"""Line lists of real outbreaks: every row is taken or refused, and the tree in the database is the file's."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from lachan.core import subscribers
from lachan.core.models import Delivery, EventRow, Identifier, IdentifierKind, Person
from lachan.core.persons import identifier_value
from lachan.platform.models import Message
from lachan.systems.quarantine.models import Order
from lachan.systems.tracing.models import Case, CaseFinding, Contact, Exposure
from tests.real_input.conftest import MAPPINGS, Import, Importer

pytestmark = pytest.mark.django_db


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def results(done: Import) -> Counter[str]:
    return Counter(row["result"] for row in rows(done.report))


def everything() -> dict[str, int]:
    """How much of everything there is: an import that changes nothing changes none of it."""
    models = (Person, Identifier, EventRow, Delivery, Case, CaseFinding, Exposure, Contact, Order)
    return {model.__name__: model.objects.count() for model in models}


def tree() -> set[tuple[str, str]]:
    """The pairs in the database, by the ids of the list."""
    names = {
        identifier.person_id: identifier_value(identifier).split(":", 1)[1]
        for identifier in Identifier.objects.filter(kind=IdentifierKind.REFERENCE)
    }
    pairs = Exposure.objects.filter(kind="import", withdrawn_at__isnull=True)
    return {(names[s], names[p]) for s, p in pairs.values_list("source", "person")}


class Outbreak:
    """One of the outbreaks, with both of its lists, read by the mappings that docs ship."""

    def __init__(self, name: str, folder: Path, importer: Importer) -> None:
        self.cases, self.contacts = folder / f"{name}.linelist.csv", folder / f"{name}.contacts.csv"
        self.name, self._import = name, importer

    def load(self) -> tuple[Import, Import]:
        return (
            self._import("cases", self.cases, mapping=MAPPINGS / f"{self.name}.cases.toml"),
            self._import("contacts", self.contacts, mapping=MAPPINGS / f"{self.name}.contacts.toml"),
        )


@pytest.fixture
def mers(outbreaks: Path, lachan_import: Importer) -> Outbreak:
    return Outbreak("mers_korea_2015", outbreaks, lachan_import)


@pytest.fixture
def ebola(outbreaks: Path, lachan_import: Importer) -> Outbreak:
    return Outbreak("ebola_sim_clean", outbreaks, lachan_import)


def test_korea_2015_is_taken_whole_and_its_tree_is_the_files(mers: Outbreak) -> None:
    cases, contacts = mers.load()
    assert (cases.code, contacts.code) == (0, 0), cases.shown + contacts.shown
    assert results(cases) == {"taken": 162, "total": 1}
    assert results(contacts) == {"taken": 98, "total": 1}
    assert tree() == {(row["from"], row["to"]) for row in rows(mers.contacts)}
    assert Exposure.objects.count() == 98


def test_korea_2015_keeps_what_the_list_says_of_each_case(mers: Outbreak) -> None:
    mers.load()
    confirmed = Case.objects.filter(classification="confirmed")
    assert confirmed.count() == 162
    onsets = Counter(case.onset_on.isoformat() if case.onset_on else "" for case in confirmed)
    assert (onsets[""], onsets["2015-05-11"]) == (27, 1)
    assert Person.objects.filter(sex="m").count() == 99
    first = Person.objects.get(name="SK_1")
    assert (first.birth_year, first.sex) == (1947, "m")
    finding = CaseFinding.objects.get(case__person=first, kind="import")
    assert finding.note.startswith("loc_hosp: Pyeongtaek St. Mary, Hospital, Pyeongtaek, Gyeonggi")
    assert CaseFinding.objects.filter(kind="import", note__contains="outcome: dead").count() == 19


def test_korea_2015_again_changes_nothing(mers: Outbreak) -> None:
    mers.load()
    before = everything()
    cases, contacts = mers.load()
    assert everything() == before
    assert (cases.code, contacts.code) == (0, 0)
    assert results(cases) == {"already": 162, "total": 1}
    assert results(contacts) == {"already": 98, "total": 1}


def test_an_outbreak_of_2015_orders_and_tells_nobody_anything_today(mers: Outbreak) -> None:
    mers.load()
    subscribers.drain()
    assert not Delivery.objects.exists()
    assert not Order.objects.exists()
    assert not Message.objects.exists()
    assert not Contact.objects.exists()
    kinds = Counter(EventRow.objects.values_list("kind", flat=True))
    assert kinds["CaseConfirmed"] == 162
    assert kinds.keys() <= {"PersonRegistered", "FindingRecorded", "CaseConfirmed", "ExposuresRecorded"}


def test_simulated_ebola_is_taken_but_for_pairs_without_a_case(ebola: Outbreak) -> None:
    cases, contacts = ebola.load()
    assert cases.code == 0, cases.shown
    assert results(cases) == {"taken": 5_829, "total": 1}
    listed = {row["case_id"] for row in rows(ebola.cases)}
    pairs = {(row["infector"], row["case_id"]) for row in rows(ebola.contacts)}
    whole = {pair for pair in pairs if listed.issuperset(pair)}
    assert tree() == whole
    assert contacts.code == 2
    assert results(contacts) == {"taken": len(whole), "refused": 3_800 - len(whole), "total": 1}
    refused = [row for row in rows(contacts.report) if row["result"] == "refused"]
    assert {row["code"] for row in refused} == {"case-not-imported"}
    before = everything()
    again = ebola.load()
    assert everything() == before
    assert [results(done)["already"] for done in again] == [5_829, len(whole)]
    subscribers.drain()
    assert (Order.objects.count(), Message.objects.count(), Contact.objects.count()) == (0, 0, 0)
