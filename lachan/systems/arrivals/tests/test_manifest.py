"""Lists as they are sent: every row aboard or refused, twice is once, a bad file changes nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from lachan.core import persons
from lachan.core.models import EventRow, Person, Presence
from lachan.core.persons import Identity
from lachan.platform.lists import BadFile, Verdict
from lachan.systems.arrivals.commands import manifests
from lachan.systems.arrivals.models import Manifest, Passenger
from lachan.systems.arrivals.tests.rows import NOON
from lachan.systems.arrivals.tests.vessels import flight, full_cabin, landed, row, system, take
from tests.rows import nobody_listening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def codes(told: list[Verdict]) -> list[str]:
    return [verdict.code for verdict in told]


def test_each_row_is_somebody_aboard_in_a_row_of_the_vessel(tmp_path: Path) -> None:
    made = take(tmp_path, flight(), row(1, "3A"), row(2, "14F"), row(3, crew="x"), row(4))
    assert (made.read, made.taken, made.refused) == (4, 4, 0)
    seats = Passenger.objects.order_by("pk").values_list("seat", "row_from", "row_to", "crew")
    assert list(seats) == [
        ("3A", 2, 2, False),
        ("14F", 12, 12, False),
        ("", 0, 34, True),
        ("", None, None, False),
    ]
    told = EventRow.objects.filter(kind="ManifestTaken").get()
    assert told.facts["taken"] == 4
    assert Person.objects.get(search_key="nguyen van 1").identifiers.get().kind == "passport"


def test_rows_are_refused_one_by_one_and_the_others_stay(tmp_path: Path) -> None:
    told = list[Verdict]()
    rows = (
        row(1, "3A"), row(2, "3A"), row(3, "13A"), row(4, "99Z"), row(5, birth="2050"), row(1, "4A"),
        ",C7777777,VNM,1980,M,,\n", "A,B\n", row(6, "5A", birth="31/02/1980"), row(7, "5A"),
    )  # fmt: skip
    made = take(tmp_path, flight(), *rows, told=told)
    assert codes(told) == [
        "", "seat-taken", "seat-not-there", "seat-not-there", "date-future", "document-twice", "name-empty",
        "row-ragged", "date-impossible", "",
    ]  # fmt: skip
    assert (made.read, made.taken, made.refused) == (10, 2, 8)
    assert [refusal[:3] for refusal in made.refusals][:2] == [
        [3, "Số ghế", "seat-taken"], [4, "Số ghế", "seat-not-there"]
    ]  # fmt: skip
    assert Passenger.objects.count() == 2


def test_the_same_file_again_is_the_same_list(tmp_path: Path) -> None:
    vessel = flight()
    first, again = (take(tmp_path, vessel, row(1, "3A"), row(2)) for _time in range(2))
    assert (first, Manifest.objects.count(), Passenger.objects.count()) == (again, 1, 2)
    assert EventRow.objects.filter(kind="ManifestTaken").count() == 1


def test_a_longer_list_adds_who_was_missing(tmp_path: Path) -> None:
    vessel, told = flight(), list[Verdict]()
    take(tmp_path, vessel, row(1, "3A"), row(2, "3B"))
    made = take(tmp_path, vessel, row(1, "3A"), row(2, "4B"), row(3, "3C"), told=told)
    assert codes(told) == ["already-there", "differs", ""]
    assert (made.taken, made.already, made.refused, Passenger.objects.count()) == (2, 1, 1, 3)


def test_people_are_found_by_their_document(tmp_path: Path) -> None:
    known = persons.register(
        Identity(name="Nguyễn Văn An", identifiers={"passport": "C0000001"}), actor=system(), at=NOON
    )
    take(tmp_path, flight(), row(1, "3A", name="NGUYEN/VAN AN"))
    assert Passenger.objects.get().person == known


def test_a_mistyped_number_puts_nobody_else_on_the_plane(tmp_path: Path) -> None:
    other = persons.register(
        Identity(name="Trần Thị Bình", identifiers={"passport": "C0000001"}), actor=system(), at=NOON
    )
    told = list[Verdict]()
    take(tmp_path, flight(), row(1, "3A", name="KIM/MIN SU"), told=told)
    assert Passenger.objects.get().person != other
    assert codes(told) == ["document-of-another"]


def test_an_infant_shares_the_seat_of_an_adult(tmp_path: Path) -> None:
    take(tmp_path, flight(), row(1, "3A"), row(2, "3A", birth="01/03/2021"))
    assert list(Passenger.objects.order_by("pk").values_list("seat", "row_from")) == [("3A", 2), ("", 2)]


def test_one_person_with_two_passports_is_aboard_once(tmp_path: Path) -> None:
    known = persons.register(
        Identity(name="Nguyễn Văn An", identifiers={"passport": "C0000001"}), actor=system(), at=NOON
    )
    persons.claim_identifier(known, "passport", "C0000002", at=NOON)
    told = list[Verdict]()
    rows = (row(n, f"3{seat}", name="NGUYEN/VAN AN") for n, seat in ((1, "A"), (2, "B")))
    take(tmp_path, flight(), *rows, told=told)
    assert codes(told) == ["", "person-twice"]


def test_with_the_landing_everybody_was_aboard_and_late_rows_too(tmp_path: Path) -> None:
    vessel = flight()
    take(tmp_path, vessel, row(1, "3A"), row(2))
    assert Presence.objects.count() == 0
    landed(vessel)
    take(tmp_path, vessel, row(3, "3B"))
    rows = Presence.objects.values_list("row_from", "row_to")
    assert sorted(rows, key=str) == [(2, 2), (2, 2), (None, None)]
    times = {(p.place_id, p.starts_at, p.ends_at, p.source) for p in Presence.objects.all()}
    assert times == {(vessel.place_id, vessel.departs_at, vessel.arrives_at, "seat")}


def test_a_voyage_of_days_is_several_presences(tmp_path: Path) -> None:
    ship = flight(kind="ship", layout="", departs_at=NOON - timedelta(hours=60), arrives_at=NOON)
    take(tmp_path, ship, row(1, "C204"))
    landed(ship)
    lengths = [p.ends_at - p.starts_at for p in Presence.objects.order_by("starts_at")]
    assert lengths == [timedelta(hours=24), timedelta(hours=24), timedelta(hours=12)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"a,b\n1,2\n", "columns-missing"),
        ("name,passport\nLê Văn,C1234567\n".encode("cp1258"), "file-encoding"),
        (b"PK\x03\x04 no workbook", "file-workbook"),
        (b"name,passport\n" + b"A,C1234567\n" * 3, "list-long"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_nothing_of_it_is_taken(
    tmp_path: Path, content: bytes, code: str
) -> None:
    file = tmp_path / "list"
    file.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        manifests.import_manifest(conveyance=flight(), file=file, actor=system(), at=NOON, most_rows=2)
    assert refused.value.code == code
    assert str(refused.value.message)
    assert (Manifest.objects.count(), Passenger.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_a_workbook_is_taken_like_text_and_a_formula_never_computed(tmp_path: Path) -> None:
    book = Workbook()
    for cells in (("Name", "Passport", "Seat"), ("AN", "C0000001", "3A"), ('=CMD("x")', "C0000002", "3B")):
        book.worksheets[0].append(cells)
    book.save(tmp_path / "list.xlsx")
    made = manifests.import_manifest(
        conveyance=flight(), file=tmp_path / "list.xlsx", actor=system(), at=NOON
    )
    assert (made.taken, [r[2] for r in made.refusals]) == (1, ["name-empty"])


def test_so_many_rows_take_so_few_statements(tmp_path: Path) -> None:
    few, many = flight(), flight()
    landed(few)
    landed(many)
    with CaptureQueriesContext(connection) as small:
        take(tmp_path, few, *full_cabin(range(3, 5)))
    with CaptureQueriesContext(connection) as large:
        take(tmp_path, many, *full_cabin([*range(5, 13), *range(14, 36)], since=500))
    assert len(work(large)) <= len(work(small)) + 4


def work(asked: CaptureQueriesContext) -> list[str]:
    """The statements but those on statistics: whether they are due hangs on what other tests left in the tables."""
    statements = [query["sql"] for query in asked.captured_queries]
    return [sql for sql in statements if "reltuples" not in sql and "core_analyze" not in sql]
