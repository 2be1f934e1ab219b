"""Pages: what a posting sees and does, in the browser's words."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lachan.core import clock
from lachan.core.models import AccessLog, Person, Role
from lachan.platform import exports
from lachan.platform.models import Export
from lachan.systems.tracing import queries
from lachan.systems.tracing.commands import handovers
from lachan.systems.tracing.models import (
    Case,
    CaseFinding,
    Contact,
    CrowdNotice,
    Exposure,
    FollowUpCall,
    HandOver,
)
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still_clock() -> Any:
    with clock.frozen(AT + HOUR):
        yield


@pytest.fixture
def officer() -> Client:
    return browser_of(world.posting(Role.HEALTH_OFFICER))


@pytest.fixture
def case() -> Case:
    """A case with one contact of the same commune, one from elsewhere, and a crowd."""
    ill, friend = world.people(2)
    guest = world.people(1, area=world.commune("Phường Đa Kao", "26737"))[0]
    Person.objects.filter(pk=guest.pk).update(name="Vũ Thị Khách")
    world.visit(world.venue(), [ill, friend, guest], since=AT - DAY)
    world.visit(world.venue(), [ill, *world.people(101)], since=AT - DAY + 3 * HOUR)
    world.turn_positive(ill)
    return Case.objects.get()


def url(name: str, *args: object) -> str:
    return reverse(f"tracing:{name}", args=args)


def resident(case: Case) -> Contact:
    return Contact.objects.get(person__home_area=case.root.home_area)


def test_every_page_opens(officer: Client, case: Case) -> None:
    for address in (
        url("home"), url("home") + "?state=open&code=none", url("case", case.pk), url("report"), url("worklist"),
        url("worklist") + "?state=late&level=2", url("contact", resident(case).pk), url("handovers"),
        url("notice", CrowdNotice.objects.get().pk),
    ):  # fmt: skip
        assert officer.get(address).status_code == 200, address


def test_every_page_opens_with_nothing_in_it(officer: Client) -> None:
    for name in ("home", "report", "worklist", "handovers"):
        assert officer.get(url(name)).status_code == 200


def test_case_page_tells_why_and_names_residents_only(officer: Client, case: Case) -> None:
    page = officer.get(url("case", case.pk)).content.decode()
    assert "11042/BYT-DP" in page
    assert resident(case).person.name in page
    assert "Vũ Thị Khách" not in page
    assert "Phường Đa Kao" in page


def test_reads_are_noted_for_everybody_who_was_named(officer: Client, case: Case) -> None:
    officer.get(url("case", case.pk))
    noted = set(AccessLog.objects.filter(part="case").values_list("person", flat=True))
    assert noted == {case.root_id, resident(case).person_id}


def test_contact_page_shows_exposure_and_the_way_to_the_case(officer: Client, case: Case) -> None:
    page = officer.get(url("contact", resident(case).pk)).content.decode()
    assert "60 minutes" in page
    assert "F0" in page


@pytest.mark.parametrize("name", ["case", "contact", "notice"])
def test_what_belongs_to_another_area_is_not_found(case: Case, name: str) -> None:
    elsewhere = browser_of(world.posting(Role.HEALTH_OFFICER, area=world.commune("Xã Cần Giờ", "27664")))
    number = {"case": case.pk, "contact": resident(case).pk, "notice": CrowdNotice.objects.get().pk}[name]
    assert elsewhere.get(url(name, number)).status_code == 404
    assert elsewhere.get(url(name, 2**31 + 5)).status_code == 404


def test_suspect_case_is_reported_by_evidence(officer: Client) -> None:
    who = world.people(1)[0]
    sent = officer.post(
        url("report"), {"code": who.code, "symptoms": ["fever", "cough"], "onset_on": "9/1/2022"}
    )
    assert (sent.status_code, sent["location"]) == (303, url("case", Case.objects.get().pk))
    assert Case.objects.get().classification == "suspect"


@pytest.mark.parametrize(
    "more",
    [
        {"symptoms": ["fever"]},
        {"symptoms": ["moon"]},
        {"onset_on": "31/2/2022"},
        {"code": "nothing"},
        {"note": "a\x00b"},
    ],
)
def test_report_that_cannot_be_kept_keeps_what_was_typed(officer: Client, more: dict[str, Any]) -> None:
    who = world.people(1)[0]
    answer = officer.post(url("report"), {"code": who.code, "onset_on": "1/1/2022"} | more)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert Case.objects.count() == 0


def test_finding_is_added_and_taken_back(officer: Client, case: Case) -> None:
    sent = officer.post(url("record_finding", case.pk), {"onset_on": "8/1/2022", "symptoms": ["fever"]})
    assert sent.status_code == 303
    case.refresh_from_db()
    assert str(case.onset_on) == "2022-01-08"
    finding = CaseFinding.objects.get(kind="symptoms")
    assert officer.post(url("void_finding", case.pk, finding.pk)).status_code == 303
    case.refresh_from_db()
    assert case.onset_on is None
    assert officer.post(url("void_finding", case.pk, 999_999)).status_code == 404
    assert officer.post(url("record_finding", case.pk), {}).status_code == 422


def meeting(**more: Any) -> dict[str, Any]:
    given = {
        "setting": "friend",
        "starts_at": "08:00 9/1/2022",
        "ends_at": "09:00 9/1/2022",
        "name": "Lê Thị Hoa",
    }
    return given | more


def test_named_contact_is_kept(officer: Client, case: Case) -> None:
    assert (
        officer.post(url("record_exposure", case.pk), meeting(masked="yes", birth="1950")).status_code == 303
    )
    exposure = Exposure.objects.get(kind="interview")
    assert (exposure.minutes, exposure.masked, exposure.person.birth_year) == (60, True, 1950)


def test_ended_case_says_so_and_stays_in_the_line_list(officer: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(ended_at=AT)
    page = officer.get(url("case", case.pk)).content.decode()
    assert "Ended" in page
    assert url("record_finding", case.pk) not in page
    assert case.root.name in officer.get(url("home") + "?state=ended").content.decode()
    assert case.root.name not in officer.get(url("home") + "?state=confirmed").content.decode()
    assert case.root.name in saved(officer).decode()


def test_read_of_somebody_named_by_code_is_noted(officer: Client, case: Case) -> None:
    far = world.people(1, area=world.commune("Phường Đa Kao", "26737"))[0]
    assert officer.post(url("record_exposure", case.pk), meeting(code=far.code, name="")).status_code == 303
    assert AccessLog.objects.filter(person=far, part="interview", purpose="tracing").count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""}, {"ends_at": "07:00 9/1/2022"}, {"starts_at": "yesterday"}, {"code": "7K3M0Q9ZAB12CD34X"},
        {"name": "A" * 1_000_000}, {"starts_at": "08:00 9/1/2029", "ends_at": "09:00 9/1/2029"},
    ],
)  # fmt: skip
def test_named_contact_that_cannot_be_is_refused(officer: Client, case: Case, more: dict[str, Any]) -> None:
    assert officer.post(url("record_exposure", case.pk), meeting(**more)).status_code == 422
    assert not Exposure.objects.filter(kind="interview").exists()


def test_contact_is_taken_called_and_given_back(officer: Client, case: Case) -> None:
    contact = resident(case)
    assert officer.post(url("take", contact.pk)).status_code == 303
    sent = officer.post(url("call", contact.pk), {"outcome": "reached", "symptoms": ["fever"]})
    assert (sent.status_code, FollowUpCall.objects.get().symptoms) == (303, ["fever"])
    assert officer.post(url("call", contact.pk), {"outcome": "sang"}).status_code == 422
    assert (
        officer.post(url("call", contact.pk), {"outcome": "no_answer", "symptoms": ["fever"]}).status_code
        == 422
    )
    officer.post(url("take", contact.pk), {"back": "yes"})
    contact.refresh_from_db()
    assert contact.tracer is None


def test_contact_of_another_tracer_is_refused_in_words(officer: Client, case: Case) -> None:
    contact = resident(case)
    Contact.objects.filter(pk=contact.pk).update(tracer=world.officer("other"), taken_at=AT)
    page = officer.post(url("take", contact.pk), follow=True).content.decode()
    assert "Another tracer has taken this contact on." in page


def test_statement_is_taken_back(officer: Client, case: Case) -> None:
    officer.post(url("record_exposure", case.pk), meeting(code=world.people(1)[0].code, name=""))
    exposure = Exposure.objects.get(kind="interview")
    contact = Contact.objects.get(person=exposure.person)
    address = url("withdraw", contact.pk, exposure.pk)
    assert officer.post(address, {"reason": ""}).status_code == 422
    assert officer.post(address, {"reason": "mistaken"}).status_code == 303
    assert officer.post(url("withdraw", contact.pk, 1), {"reason": "x"}).status_code == 404
    assert not Contact.objects.filter(person=exposure.person, ended_at__isnull=True).exists()


def test_case_is_handed_over_acknowledged_and_accepted(officer: Client, case: Case) -> None:
    there = world.commune("Phường Đa Kao", "26737")
    other = browser_of(world.posting(Role.HEALTH_OFFICER, area=there))
    assert officer.post(url("send_handover", case.pk), {"reason": "moved"}).status_code == 422
    sent = handovers.send_handover(
        case=case, from_area=world.commune(), to_area=there, reason="moved", actor=world.officer(), at=AT
    )
    assert officer.post(url("acknowledge", sent.pk)).status_code == 404
    assert other.get(url("handovers")).status_code == 200
    assert other.post(url("acknowledge", sent.pk)).status_code == 303
    other.post(url("decide", sent.pk), {"answer": "maybe"})
    other.post(url("decide", sent.pk), {"answer": "decline"})
    assert HandOver.objects.get().accepted is None
    assert other.post(url("decide", sent.pk), {"answer": "accept"}).status_code == 303
    assert HandOver.objects.get().accepted is True
    assert other.get(url("case", case.pk)).status_code == 200


def test_all_contacts_go_along_with_a_handed_over_case(
    officer: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 1)
    monkeypatch.setattr("lachan.systems.tracing.queries.evidence.SHOWN", 1)
    there = world.commune("Phường Đa Kao", "26737")
    sent = officer.post(url("send_handover", case.pk), {"reason": "moved", "to_area": there.name})
    assert sent.status_code == 303
    assert HandOver.objects.get().contacts.count() == Contact.objects.count() == 2


def saved(client: Client, ending: str = "csv", **filters: str) -> bytes:
    return bytes(client.post(f"{url('line_list')}?{urlencode(filters)}", {"ending": ending}).content)


@pytest.mark.parametrize("at_once", [2, 1_000])
def test_line_list_has_all_cases_in_the_order_of_the_page(
    officer: Client, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Short and at once, or long and by the job."""
    monkeypatch.setattr("lachan.platform.exports.asking.AT_ONCE", at_once)
    monkeypatch.setattr("lachan.platform.exports.sources.BATCH", 2)
    for n, who in enumerate(world.people(5)):
        world.turn_positive(who, at=AT + n * HOUR)
    text = saved(officer).decode("utf-8-sig")
    if at_once == 2:
        assert text == ""
        export = Export.objects.get()
        exports.write(export.pk, at=clock.now())
        answer = officer.get(reverse("export_file", args=[export.pk]))
        text = b"".join(answer).decode("utf-8-sig")
    numbers = [int(row[0]) for row in list(csv.reader(io.StringIO(text)))[1:]]
    assert numbers == list(Case.objects.order_by("-opened_at").values_list("pk", flat=True))
    assert len(numbers) == 5


def test_notice_names_nobody(officer: Client, case: Case) -> None:
    page = officer.get(url("notice", CrowdNotice.objects.get().pk)).content.decode()
    assert "102" in page
    assert case.root.name not in page
    assert case.root.code not in page


def test_line_list_is_the_same_in_both_formats_and_noted(officer: Client, case: Case) -> None:
    Person.objects.filter(pk=case.root_id).update(name="=HYPERLINK(1)")
    text = saved(officer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][2] == "'=HYPERLINK(1)"
    sheet: Any = load_workbook(io.BytesIO(saved(officer, "xlsx"))).active
    cells = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    assert [r[:4] for r in cells] == [r[:4] for r in rows]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
    assert AccessLog.objects.filter(person=case.root, part="line list export").count() == 2


def test_line_list_is_for_those_who_may_export(case: Case) -> None:
    commune_officer = browser_of(world.posting(Role.COMMUNE_OFFICER))
    assert commune_officer.post(url("line_list")).status_code == 403
