"""The pages of the line: one person from the scan to the door in four clicks, and what is said when it does not go."""

from datetime import timedelta

import pytest
from django.test import Client

from lachan.core.clock import frozen
from lachan.core.models import AccessLog, Place, Role
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Dose, Observation, Session, Vial, Visit
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper, posting
from lachan.systems.vaccination.tests.line_rows import (
    MINUTE,
    earlier,
    injected,
    person,
    screened,
    session,
    vial,
    visit,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
SIGNS = {"temperature": "36,6", "pulse": "76"}


@pytest.fixture
def here() -> Session:
    return session(places=50)


@pytest.fixture
def client(here: Session) -> Client:
    return browser_of(posting(Role.VACCINATOR, place=here.site))


def url(here: Session, page: str = "") -> str:
    return f"/vaccination/line/{here.pk}/{page}"


def test_one_person_goes_from_the_scan_to_the_door_in_four_clicks(client: Client, here: Session) -> None:
    bottle, who = vial(here), person("Nguyễn Thị Hoa")
    came = client.post(url(here, "reception"), {"scan": f"LC1:{who.code}", "walk_in": "1"})
    assert "NUMBER 1" in came.text
    client.post(url(here, "examination"), {"number": "1"} | SIGNS, follow=True)
    page = client.get(url(here, "injection")).text
    assert who.name in page
    assert "Primary dose 1 of 2" in page
    given = client.post(url(here, "injection"), {"number": "1", "vial": bottle.pk}, follow=True).text
    assert "Next dose from 01/12/2026" in given
    with frozen(NOON + 31 * MINUTE):
        assert "Well: goes" in client.get(url(here, "watch")).text
        client.post(f"/vaccination/visits/{Visit.objects.get().pk}/watched")
    assert Visit.objects.get().ending == "done"


def test_the_only_session_of_today_opens_at_once(client: Client, here: Session) -> None:
    assert client.get("/vaccination/line/").headers["Location"] == url(here)
    session(site=here.site)
    assert client.get("/vaccination/line/").status_code == 200


def test_a_screen_at_a_table_remembers_it(client: Client, here: Session) -> None:
    client.post(url(here, "table"), {"table": "3"})
    assert "table 3" in client.get(url(here, "injection")).text
    for wrong in ("0", "9", "x", "²", ""):
        client.post(url(here, "table"), {"table": wrong})
    assert "table 3" in client.get(url(here, "injection")).text


def test_the_board_shows_numbers_and_no_names(client: Client, here: Session) -> None:
    who = person("Trần Văn Bí")
    visit(here, who)
    board = client.get(url(here), headers={"hx-request": "true"}).text
    assert "?number=1" in board
    assert who.name not in board
    assert not AccessLog.objects.exists()


def test_who_is_not_invited_is_taken_in_by_a_second_press(client: Client, here: Session) -> None:
    who = person()
    asked = client.post(url(here, "reception"), {"scan": who.code}).text
    assert "NOT INVITED" in asked
    assert 'name="walk_in"' in asked
    assert not Visit.objects.exists()


def test_an_unknown_code_and_a_second_scan_are_said_in_words(client: Client, here: Session) -> None:
    assert "UNKNOWN" in client.post(url(here, "reception"), {"scan": "nobody at all"}).text
    who = person()
    visit(here, who)
    assert (
        "in the line already" in client.post(url(here, "reception"), {"scan": who.code, "walk_in": "1"}).text
    )


def test_what_is_not_measured_is_asked_for_at_the_field(client: Client, here: Session) -> None:
    visit(here)
    answer = client.post(url(here, "examination"), {"number": "1", "temperature": "36.6"})
    assert answer.status_code == 422
    assert "Answer every question and measure every sign" in answer.text
    assert 'value="36.6"' in answer.text


def test_care_is_decided_by_a_person(client: Client, here: Session) -> None:
    visit(here)
    given = {"number": "1", "q-7": "on"} | SIGNS
    asked = client.post(url(here, "examination"), given).text
    assert "Inject here, with care" in asked
    client.post(url(here, "examination"), given | {"careful": "here"})
    form = Visit.objects.get().forms.get()
    assert (form.outcome, form.careful_here) == ("careful", True)


def test_who_is_put_off_leaves_with_a_date(client: Client, here: Session) -> None:
    visit(here)
    given = {"number": "1", "q-3": "on"} | SIGNS
    assert "Say until when" in client.post(url(here, "examination"), given).text
    client.post(url(here, "examination"), given | {"defer_until": "1/12/2026"})
    page = client.get(url(here, "watch")).text
    assert "until 01/12/2026" in page
    client.post(f"/vaccination/visits/{Visit.objects.get().pk}/gone")
    assert Visit.objects.get().ending == "sent_away"


def test_the_table_says_before_that_it_is_too_early(client: Client, here: Session) -> None:
    vial(here)
    who = person()
    earlier(who, TODAY - timedelta(days=3))
    screened(here, who)
    page = client.get(url(here, "injection")).text
    assert "DO NOT INJECT" in page
    assert "Too early" in page
    assert "record and call the next" not in page


def test_a_table_without_a_vial_opens_one(client: Client, here: Session) -> None:
    screened(here)
    assert "No vial of this vaccine is open" in client.get(url(here, "injection")).text
    client.post(url(here, "vial"), {"lot": here.lot_id})
    assert Vial.objects.get().session_id == here.pk
    assert "6 left" in client.get(url(here, "injection")).text


def test_a_dose_by_mistake_is_taken_back(client: Client, here: Session) -> None:
    dose = injected(here, vial(here))
    address = f"/vaccination/doses/{dose.pk}/back"
    assert dose.person.name in client.get(address).text
    client.post(address, {"reason": "another person"})
    assert Dose.objects.get().withdrawal == "another person"


def test_what_is_noticed_keeps_the_person_in_the_list(client: Client, here: Session) -> None:
    dose = injected(here, vial(here))
    address = f"/vaccination/visits/{dose.visit_id}/watched"
    refused = client.post(address, follow=True).text
    assert "The watch is not over" in refused
    client.post(address, {"noticed": "1", "note": "Nổi mẩn ngứa"})
    assert Observation.objects.get().note == "Nổi mẩn ngứa"
    assert Visit.objects.get().left_at is None


def test_the_slip_is_one_page(client: Client, here: Session) -> None:
    dose = injected(here, vial(here))
    made = client.get(f"/vaccination/doses/{dose.pk}/slip")
    assert made.headers["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")


def test_a_session_closes_when_every_dose_is_explained(client: Client, here: Session) -> None:
    bottle = vial(here)
    dose = injected(here, bottle)
    assert dose.visit is not None
    assert "in the line" in client.post(url(here, "close"), follow=True).text
    commands.leave(visit=dose.visit, ending="left", actor=keeper(), at=NOON)
    assert "Doses are left" in client.post(url(here, "close"), follow=True).text
    client.post(url(here, "rest"), {"vial": bottle.pk, "reason": "residual"})
    assert "every dose is accounted for" in client.post(url(here, "close"), follow=True).text
    here.refresh_from_db()
    assert here.ended_at == NOON
    assert (
        "This session is closed"
        in client.post(url(here, "reception"), {"scan": person().code, "walk_in": "1"}).text
    )


def test_names_are_noted_once_a_day(client: Client, here: Session) -> None:
    dose = injected(here, vial(here))
    for _ in range(3):
        client.get(url(here, "watch"))
    assert AccessLog.objects.filter(person=dose.person, purpose="vaccination").count() == 1


def test_a_dose_is_found_by_its_lot(here: Session) -> None:
    dose = injected(here, vial(here))
    officer = posting(Role.VACCINE_OFFICER, area=Place.objects.get(pk=here.site_id).area)
    page = browser_of(officer).get(f"/vaccination/lots/{here.lot_id}/doses").text
    assert dose.person.name in page
    assert "URN:UVCI" in page.upper()
    assert AccessLog.objects.filter(person=dose.person, part="doses of a lot").exists()
    stranger = browser_of(posting(Role.VACCINATOR, place=here.site))
    assert stranger.get(f"/vaccination/lots/{here.lot_id}/doses").status_code == 403


def test_a_dose_on_paper_counts_at_once(client: Client, here: Session) -> None:
    who = person()
    address = f"/vaccination/visits/{visit(here, who).pk}/earlier"
    paper = {
        "product": "comirnaty",
        "which": "primary-1",
        "given_on": "1/9/2026",
        "source": "paper",
        "lot_number": "X1",
    }
    assert client.post(address, paper).status_code == 303
    assert "01/09/2026" in client.get(url(here, "examination")).text
    assert "on record already" in client.post(address, paper).text
    assert (
        "in the future" in client.post(address, paper | {"given_on": "1/12/2026", "which": "primary-2"}).text
    )
    assert "does not fit" in client.post(address, paper | {"given_on": "2/9/2026", "which": "primary-3"}).text
    client.post(url(here, "examination"), {"number": "1"} | SIGNS)
    assert "Primary dose 2 of 2" in client.get(url(here, "injection")).text


BAD = ("\x00", "²", "9" * 40, "-1", "x", "")


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_never_an_error_page(client: Client, here: Session, bad: str) -> None:
    visit(here)
    for page, names in (
        ("reception", ("scan", "choose")), ("examination", ("number", "temperature", "defer_until")),
        ("injection", ("number", "vial")), ("vial", ("lot",)), ("rest", ("vial", "reason")), ("table", ("table",)),
    ):  # fmt: skip
        for name in names:
            assert client.post(url(here, page), {name: bad}).status_code < 500
    assert client.get(url(here, "examination"), {"number": bad}).status_code == 200
