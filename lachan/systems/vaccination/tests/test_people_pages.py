"""The pages before the line: registering, deciding, planning, inviting, answering, lists."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lachan.core.models import AccessLog, Area, Role
from lachan.platform import jobs
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands.lists import MOST_BYTES
from lachan.systems.vaccination.models import Invitation, Registration, RegistrationList, Session
from lachan.systems.vaccination.tests.conftest import NOON, keeper, posting, province, received
from lachan.systems.vaccination.tests.people import (
    approved,
    commune,
    district,
    elsewhere,
    invite,
    invited,
    person,
    registered,
    session,
    site,
)
from lachan.systems.vaccination.tests.test_lists import GOOD, changed, table
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
WHO = {"name": "Trần Thị Bình", "birth": "5/3/1990", "group": "13", "phone": "0905 111 222"}
BASE = "/vaccination/"


@pytest.fixture
def anybody(settings: Any) -> Client:
    settings.LACHAN_DEMO = True
    return Client(headers={"accept-language": "en"})


def officer(role: str, area: Area | None = None) -> Client:
    return browser_of(posting(role, area=area or province()))


def typed(**more: str) -> dict[str, str]:
    here = commune()
    return WHO | {"area": here.name, "area_id": str(here.pk)} | more


def words(answer: Any) -> str:
    return str(answer.content.decode())


# --- anybody ------------------------------------------------------------------------------------------------------


def confirmed(browser: Client, **more: str) -> Any:
    page = words(browser.post(BASE + "register", typed(**more)))
    code, draft = (
        re.search(r"The code is (\d{3} \d{4})", page),
        re.search(r'name="draft" value="([^"]+)"', page),
    )
    assert code, page
    assert draft
    return browser.post(BASE + "register/confirm", {"draft": draft[1], "code": code[1]})


def test_anybody_registers_with_a_code_and_without_an_account(anybody: Client) -> None:
    answer = confirmed(anybody)
    assert (answer.status_code, answer["Location"]) == (303, "/vaccination/registered")
    row = Registration.objects.select_related("person").get()
    assert (row.person.name, row.group, row.source, row.area) == ("Trần Thị Bình", "13", "citizen", commune())
    assert "Trần" not in words(anybody.get("/vaccination/registered"))


def test_a_wrong_code_registers_nobody(anybody: Client) -> None:
    page = words(anybody.post(BASE + "register", typed()))
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    answer = anybody.post(BASE + "register/confirm", {"draft": draft[1], "code": "000 0000"})
    assert answer.status_code == 422
    assert not Registration.objects.exists()


@pytest.mark.parametrize("draft", ["", "x", "é", "A" * 70_000])
def test_a_forged_draft_begins_again(anybody: Client, draft: str) -> None:
    assert anybody.post(BASE + "register/confirm", {"draft": draft, "code": "1"}).status_code == 303


def test_the_rules_speak_on_the_form(anybody: Client) -> None:
    answer = confirmed(anybody, birth="2023")
    assert answer.status_code == 422
    assert "No vaccine is allowed at this age yet" in words(answer)


@pytest.mark.parametrize("change", [{"name": ""}, {"phone": "12"}, {"group": "99"}, {"birth": "31/2/1990"}])
def test_what_cannot_be_is_refused_before_a_code_is_sent(anybody: Client, change: dict[str, str]) -> None:
    assert anybody.post(BASE + "register", typed(**change)).status_code == 422


def test_the_groups_stand_with_their_decision(anybody: Client) -> None:
    page = words(anybody.get(BASE + "groups"))
    assert "People with chronic diseases" in page
    assert "3309/BYT-DP" in page


def test_an_invitation_is_opened_and_answered_by_its_code(anybody: Client) -> None:
    row = invited()
    found = anybody.post(BASE + "invitation", {"code": row.code.lower()})
    assert found["Location"] == f"/vaccination/i/{row.code}"
    page = words(anybody.get(found["Location"]))
    assert "08:00 11/11/2026" in page
    assert row.person.name not in page
    assert anybody.post(f"{BASE}i/{row.code}/answer", {"coming": "yes"}).status_code == 303
    row.refresh_from_db()
    assert row.answer == "accepted"
    anybody.post(f"{BASE}i/{row.code}/answer", {"coming": "no"})
    assert "You gave the place back" in words(anybody.get(found["Location"]))


def test_a_code_that_nobody_has_is_told_so(anybody: Client) -> None:
    assert anybody.get(BASE + "i/NONE").status_code == 404
    assert anybody.post(BASE + "invitation", {"code": "7K3M0Q9ZAB12CD34"}).status_code == 422
    assert anybody.post(BASE + "i/NONE/answer", {"coming": "yes"}).status_code == 404


# --- desks --------------------------------------------------------------------------------------------------------


def test_the_commune_registers_who_has_no_telephone() -> None:
    desk = officer(Role.COMMUNE_OFFICER, commune())
    answer = desk.post(BASE + "registrations/new", typed(phone=""))
    row = Registration.objects.get()
    assert answer["Location"] == f"/vaccination/registrations/{row.pk}/"
    assert row.source == "commune"
    assert "Waits for the province" in words(desk.get(answer["Location"]))


def test_the_commune_registers_who_shows_a_code() -> None:
    who, desk = person(), officer(Role.COMMUNE_OFFICER, commune())
    answer = desk.post(BASE + "registrations/new", typed(name="", birth="", phone="", person=who.code))
    assert answer.status_code == 303
    assert Registration.objects.get().person == who
    again = desk.post(BASE + "registrations/new", typed(name="", birth="", phone="", person=who.code))
    assert "There is an open registration already" in words(again)
    assert desk.post(BASE + "registrations/new", typed(name="")).status_code == 422


def test_the_province_approves_what_is_ticked_and_all_that_the_filter_shows() -> None:
    one, two, three = (registered(group=g) for g in ("9", "9", "13"))
    far, desk = registered(area=elsewhere()), officer(Role.VACCINE_OFFICER)
    assert desk.post(BASE + "registrations/approve", {"registration": [one.pk, far.pk]}).status_code == 303
    assert desk.post(BASE + "registrations/approve?group=9", {"all": "1"}).status_code == 303
    decided = set(Registration.objects.filter(decisions__isnull=False).values_list("pk", flat=True))
    assert decided == {one.pk, two.pk}
    assert "Waits for the province" in words(desk.get(f"{BASE}registrations/{three.pk}/"))
    assert desk.get(f"{BASE}registrations/{far.pk}/").status_code == 404


def test_the_province_allocates_in_its_own_area_only() -> None:
    row, desk, hue = registered(), officer(Role.VACCINE_OFFICER), elsewhere()
    sent = {"registration": [row.pk], "to": hue.name, "to_id": str(hue.pk)}
    assert desk.post(BASE + "registrations/approve", sent).status_code == 422
    assert not row.decisions.exists()


def test_a_rejection_needs_words() -> None:
    row, desk = registered(), officer(Role.VACCINE_OFFICER)
    assert desk.post(BASE + "registrations/reject", {"registration": [row.pk]}).status_code == 422
    desk.post(BASE + "registrations/reject", {"registration": [row.pk], "reason": "Trùng hồ sơ"})
    assert "Trùng hồ sơ" in words(desk.get(f"{BASE}registrations/{row.pk}/"))


def test_communes_do_not_decide_nor_plan() -> None:
    desk = officer(Role.COMMUNE_OFFICER, commune())
    for path in (
        "registrations/approve",
        "registrations/reject",
        "sessions/new",
        f"sessions/{session().pk}/invite",
    ):
        assert desk.post(BASE + path).status_code == 403


@pytest.mark.parametrize(
    ("state", "expected"),
    [("", 4), ("undecided", 1), ("waiting", 2), ("invited", 1), ("missed", 1), ("closed", 1)],
)
def test_the_list_is_filtered_by_state(state: str, expected: int) -> None:
    invited()
    missed = invited()
    Session.objects.filter(pk=missed.session_id).update(
        starts_at=NOON - timedelta(hours=5), ends_at=NOON - timedelta(hours=1)
    )
    approved()
    registered()
    commands.reject_registrations(registrations=[registered().pk], reason="x", actor=keeper(), at=NOON)
    page = officer(Role.VACCINE_OFFICER).get(f"{BASE}registrations/?state={state}")
    assert len(page.context["rows"]) == expected
    assert AccessLog.objects.filter(part="registrations").count() == expected


def test_a_list_is_saved_without_formulas_or_names() -> None:
    row = registered(person("=HYPERLINK(1)"))
    answer = officer(Role.VACCINE_OFFICER).post(BASE + "registrations/export", {"ending": "csv"})
    assert str(row.pk) in words(answer)
    assert "HYPERLINK" not in words(answer)


def test_a_district_plans_a_session_invites_and_cancels() -> None:
    desk, where = officer(Role.VACCINE_OFFICER, district()), site()
    lot = received(where)
    approved()
    form = {
        "site": where.pk, "product": "vaxzevria", "starts_at": "08:00 11/11/2026", "ends_at": "11:00 11/11/2026",
        "tables": 2, "places": 50, "lot": lot.pk,
    }  # fmt: skip
    assert desk.get(BASE + "sessions/new").status_code == 200
    answer = desk.post(BASE + "sessions/new", form)
    row = Session.objects.get()
    assert answer["Location"] == f"/vaccination/sessions/{row.pk}/"
    assert (row.places, row.lot) == (50, lot)
    assert "1 people of your area wait" in words(desk.get(answer["Location"]))
    desk.post(f"{answer['Location']}invite", {"most": 10})
    page = words(desk.get(answer["Location"]))
    assert "No answer yet" in page
    assert Invitation.objects.get().session == row
    assert desk.post(f"{answer['Location']}invite", {"most": 10}).status_code == 409
    desk.post(f"{answer['Location']}cancel", {"reason": "Mất điện"})
    assert "Mất điện" in words(desk.get(answer["Location"]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lot": "held"}, "The lot is held"),
        ({"places": 500}, "There are not as many doses"),
        ({"ends_at": "07:00 11/11/2026"}, "ends after it begins"),
        ({"starts_at": "08:00 9/11/2026", "ends_at": "11:00 9/11/2026"}, "over already"),
        ({"site": "999"}, "Select a valid choice"),
        ({"tables": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_session_that_cannot_be_held_is_refused_in_words(change: dict[str, Any], said: str) -> None:
    desk, where = officer(Role.VACCINE_OFFICER, district()), site()
    lot, held = received(where), received(where)
    commands.hold_lot(lot=held, reason="Chờ", actor=keeper(), at=NOON)
    form = {
        "site": where.pk, "product": "vaxzevria", "starts_at": "08:00 11/11/2026", "ends_at": "11:00 11/11/2026",
        "tables": 2, "places": 50, "lot": lot.pk,
    }  # fmt: skip
    if change.get("lot") == "held":
        change = {"lot": held.pk}
    answer = desk.post(BASE + "sessions/new", form | change)
    assert answer.status_code in (409, 422)
    assert said in words(answer)


def test_sessions_of_another_area_are_not_there() -> None:
    row = session()
    desk = officer(Role.VACCINE_OFFICER, elsewhere())
    assert desk.get(f"{BASE}sessions/{row.pk}/").status_code == 404
    assert desk.get(f"{BASE}sessions/").context["rows"] == []


def test_the_session_page_counts_who_came_and_who_is_missing() -> None:
    to = session()
    for _ in range(3):
        approved()
    invite(to)
    [first, *_] = Invitation.objects.order_by("pk")
    to.visits.create(person=first.person, number=1, known_by="code", arrived_at=NOON, received_by=keeper())
    Session.objects.filter(pk=to.pk).update(starts_at=NOON - timedelta(hours=3), ends_at=NOON)
    page = officer(Role.VACCINE_OFFICER, district()).get(f"{BASE}sessions/{to.pk}/")
    counts = page.context["counts"]
    assert (counts.invited, counts.came, counts.missing) == (3, 1, 2)
    assert words(page).count("Did not come") == 3  # two rows and the label of the figure


# --- lists --------------------------------------------------------------------------------------------------------


def handed_in(desk: Client, body: bytes, name: str = "list.csv") -> Any:
    here = commune()
    form = {
        "organisation": "Công ty Dệt", "group": "13", "area": here.name, "area_id": str(here.pk),
        "file": SimpleUploadedFile(name, body),
    }  # fmt: skip
    return desk.post(BASE + "lists/", form)


def test_a_list_is_handed_in_read_and_reported() -> None:
    desk = officer(Role.COMMUNE_OFFICER, commune())
    answer = handed_in(desk, table(GOOD, changed(name="=1+1", birth="31/2/1990")))
    row = RegistrationList.objects.get()
    assert answer["Location"] == f"/vaccination/lists/{row.pk}/"
    assert "The list is being read" in words(desk.get(answer["Location"]))
    commands.read_list(row.pk, at=NOON)
    page = words(desk.get(answer["Location"]))
    assert "There is no such day in the calendar" in page
    saved = words(desk.post(answer["Location"] + "refused"))
    assert "date-impossible" in saved
    assert "This very file was handed in before" in words(
        handed_in(desk, table(GOOD, changed(name="=1+1", birth="31/2/1990")))
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
        ("Họ và tên,Ngày sinh\nTrần,1985".encode("cp1258", "replace"), "Save the file as UTF-8"),
        (b"PK\x03\x04 no workbook", "not a whole workbook"),
        (b"a,b\n1,2\n", "The heading has no column"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(body: bytes, said: str) -> None:
    answer = handed_in(officer(Role.COMMUNE_OFFICER, commune()), body)
    assert answer.status_code == 422
    assert said in words(answer)


def test_the_job_reads_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    deferred: list[Any] = []
    monkeypatch.setattr(jobs, "defer", lambda what, *given: deferred.append((what.name, given)))
    handed_in(officer(Role.COMMUNE_OFFICER, commune()), table(GOOD))
    row = RegistrationList.objects.get()
    assert deferred == [("systems.vaccination.read_registration_list", (row.pk,))]
