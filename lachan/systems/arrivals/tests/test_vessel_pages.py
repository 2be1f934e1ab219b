"""Vessels and transfer lists on pages, as officers of a gate and of a site work with them."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lachan.core import actors, clock
from lachan.core.models import AccessLog, Place, Presence, Role
from lachan.systems.arrivals import queries
from lachan.systems.arrivals.models import Conveyance, Manifest, Passenger, TransferList
from lachan.systems.arrivals.tests.rows import NOON, at_gate, gate, officer
from lachan.systems.arrivals.tests.test_transfers import decisions
from lachan.systems.arrivals.tests.vessels import HEADING, flight, full_cabin, province, row, site, take
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return browser_of(at_gate())


def at_site(place: Place) -> Client:
    return browser_of(actors.post(officer(), Role.SITE_MANAGER, at=NOON, place=place))


def file(*rows: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEADING + "".join(rows)).encode())


def test_a_flight_is_announced_listed_and_landed(browser: Client) -> None:
    gate = queries.gates().get(code="HAN")
    typed = {
        "gate": str(gate.pk), "kind": "plane", "number": "vn 417", "from_country": "KOR", "layout": "A321",
        "departs_at": "05:00 20/3/2022", "arrives_at": "10:00 20/3/2022",
    }  # fmt: skip
    assert browser.post("/arrivals/vessels/new", typed).status_code == 303
    made = Conveyance.objects.get()
    assert (made.number, made.layout) == ("VN417", "A321")
    again = browser.post("/arrivals/vessels/new", typed)
    assert (again.status_code, "registered for that day" in again.text) == (422, True)
    sent = browser.post(f"/arrivals/vessels/{made.pk}/list", {"file": file(row(1, "3A"), row(2, "13A"))})
    assert sent.status_code == 303
    report = browser.get(sent["Location"])
    assert "The vessel has no such seat." in report.text
    kept = browser.get(f"{sent['Location']}refused.csv")
    assert "seat-not-there" in kept.text
    landing = {"departed_at": "05:10 20/3/2022", "landed_at": "09:50 20/3/2022"}
    assert browser.post(f"/arrivals/vessels/{made.pk}/landing", landing).status_code == 303
    assert Presence.objects.count() == 1
    twice = browser.post(f"/arrivals/vessels/{made.pk}/landing", landing, follow=True)
    assert "recorded before" in twice.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "?"}, "2 to 20 letters"),
        ({"layout": "what"}, "Write the rows like"),
        ({"arrives_at": "04:00 20/3/2022"}, "before it departs"),
        ({"arrives_at": "tomorrow"}, "Type the time and the date"),
        ({"from_country": "XXY"}, "valid choice"),
        ({"gate": "999999"}, "valid choice"),
    ],
)
def test_a_vessel_that_cannot_be_is_refused_in_words(
    browser: Client, changes: dict[str, str], words: str
) -> None:
    typed = {
        "gate": str(queries.gates().get(code="HAN").pk), "kind": "plane", "number": "VN1", "from_country": "KOR",
        "departs_at": "05:00 20/3/2022", "arrives_at": "10:00 20/3/2022",
    }  # fmt: skip
    answer = browser.post("/arrivals/vessels/new", typed | changes)
    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,b\n", "needs a column for the name"),
        ("name,passport\nLê Văn,C1234567\n".encode("cp1258"), "is not UTF-8"),
        (b"PK\x03\x04x", "not a whole workbook"),
        (b"name,passport\n" + b"A,C1234567\n" * 10_001, "too long for this page"),
        (b"name,passport\n" + b" " * (20 << 20), "larger than 20 MB"),
    ],
)
def test_a_bad_list_is_refused_in_words(browser: Client, content: bytes, words: str) -> None:
    vessel = flight()
    sent = browser.post(f"/arrivals/vessels/{vessel.pk}/list", {"file": SimpleUploadedFile("x", content)})
    assert (sent.status_code, words in sent.text) == (422, True)
    assert Manifest.objects.count() == 0


def test_the_seat_map_shows_who_sits_near_and_the_look_is_noted(browser: Client, tmp_path: Path) -> None:
    vessel = flight()
    take(tmp_path, vessel, *full_cabin(range(3, 10)), row(90, crew="x"))
    page = browser.get(f"/arrivals/vessels/{vessel.pk}/?seat=5C")
    assert page.text.count('class="near"') == 29
    assert "Near seat 5C</h2>" in page.text or "Near seat 5C (30)" in page.text
    assert AccessLog.objects.filter(part="vessel").count() == 30
    everybody = browser.get(f"/arrivals/vessels/{vessel.pk}/?seat=nonsense")
    assert everybody.text.count('class="taken"') == 42


def test_a_vessel_of_another_gate_is_not_found(browser: Client) -> None:
    elsewhere = gate("SGN")
    elsewhere.area = province()
    elsewhere.save()
    vessel = flight(gate=elsewhere)
    assert browser.get(f"/arrivals/vessels/{vessel.pk}/").status_code == 404
    assert vessel.number not in browser.get("/arrivals/vessels/").text


def test_travellers_are_listed_printed_handed_over_and_received_once(browser: Client) -> None:
    found, place = decisions(3), site()
    page = browser.get("/arrivals/transfers/new")
    assert page.text.count('name="people"') == 3
    typed = {"site": str(place.pk), "people": [str(c.pk) for c in found], "vehicle": "29B-123"}
    assert browser.post("/arrivals/transfers/new", typed).status_code == 303
    made = TransferList.objects.get()
    manager = at_site(place)
    url = f"/arrivals/transfers/{made.pk}/"
    assert manager.get(url).status_code == 404  # it has not left yet
    assert browser.get(f"{url}paper").content.startswith(b"%PDF")
    assert browser.post(f"{url}leave").status_code == 303
    assert "on the way" in manager.get(url).text
    assert manager.get("/").text.count("on their way here") == 1
    line = made.lines.order_by("pk")[0]
    assert browser.post(f"{url}receive").status_code == 404  # the gate does not receive
    sent = manager.post(f"{url}receive", {f"line-{line.pk}": "to-hospital", "note": "Sốt cao"})
    assert sent.status_code == 303
    made.refresh_from_db()
    assert (made.came, made.note) == (2, "Sốt cao")
    assert "received before" in manager.post(f"{url}receive", {}, follow=True).text
    assert "2 of 3 came" in browser.get(url).text


def test_neighbours_are_those_of_a_search_seat_by_seat(tmp_path: Path) -> None:
    vessel = flight(layout="1-2 AC-DF; 5-20 ABC-DEF; !13")
    take(
        tmp_path,
        vessel,
        *full_cabin([1, 2], "ACDF"),
        *full_cabin([5, 6, 12, 14, 15, 20], since=50),
        row(90, crew="x"),
    )
    everybody = list(Passenger.objects.all())
    rows = [1, 2, *range(5, 13), *range(14, 21)]
    for one in everybody:
        told = {p.pk for p in queries.neighbours(one, rows_apart=2)}
        plain = {
            p.pk for p in everybody if p != one and (p.crew or one.crew or _near(rows, one.seat, p.seat))
        }
        assert told == plain


def _near(rows: list[int], one: str, other: str) -> bool:
    return abs(rows.index(int(one[:-1])) - rows.index(int(other[:-1]))) <= 2


def test_the_desk_says_what_waits(tmp_path: Path) -> None:
    posting = at_gate()
    flight()
    flight(departs_at=NOON, arrives_at=NOON.replace(hour=9))
    decisions(2)
    told = {str(item.label): item.count for item in queries.desk(posting, at=clock.now())}
    assert told["Vessels due: record their arrival"] == 2
    assert told["Vessels of the next 24 hours without a passenger list"] == 1
    assert told["Travellers for a quarantine site without a list"] == 2
