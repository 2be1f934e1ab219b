"""Pages: what citizens, offices and the call centre see and do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lachan.core import actors, clock
from lachan.core.models import EventRow, Role
from lachan.platform import exports
from lachan.systems.feedback import commands, handlers
from lachan.systems.feedback.models import CallBack, Photo, Report
from lachan.systems.feedback.queries.states import state_of
from lachan.systems.feedback.tests.conftest import (
    NINE,
    TEXT,
    answered,
    commune,
    country,
    district,
    filed,
    later,
    posting,
    province,
    turn_of,
)
from lachan.systems.feedback.tests.test_file import picture
from lachan.systems.feedback.views.export import REPORTS
from tests.rows import browser_of, residents

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"feedback:{name}", args=args)


@pytest.fixture
def citizen() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def office() -> Client:
    return browser_of(posting(Role.COMMUNE_OFFICER, commune()))


@pytest.fixture
def agent() -> Client:
    return browser_of(posting(Role.CALL_AGENT, province()))


def body(**more: object) -> dict[str, object]:
    return {"category": "crowd", "area": "", "area_id": str(commune().pk), "text": TEXT} | more


def typed() -> dict[str, object]:
    return body(area="Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh")


def test_anybody_files_a_report_and_follows_it_by_its_code(citizen: Client) -> None:
    answer = citizen.post(url("file"), typed() | {"picture": SimpleUploadedFile("a.jpg", picture())})
    report = Report.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == url("state", report.code)
    assert Photo.objects.filter(report=report).exists()
    page = citizen.get(answer["Location"]).content.decode()
    assert "Received" in page
    assert TEXT not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "Fill this in"),
        ({"category": "gossip"}, "Select a valid choice"),
        ({"area": "Nowhere at all", "area_id": ""}, "No area has this name"),
        ({"text": "a\x00b"}, "cannot be read"),
        ({"picture": SimpleUploadedFile("a.jpg", b"GIF89a")}, "neither JPEG"),
        ({"text": "x" * 4_001}, "4000"),
    ],
)
def test_bad_input_is_refused_in_words(citizen: Client, change: dict[str, object], words: str) -> None:
    answer = citizen.post(url("file"), typed() | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Report.objects.exists()


def test_a_number_is_noted_once_its_code_was_typed(citizen: Client, settings: object) -> None:
    settings.LACHAN_DEMO = True  # type: ignore[attr-defined]
    shown = citizen.post(url("phone"), {"phone": "0912 345 678"}, follow=True).content.decode()
    [code] = re.findall(r"The code is (\d{3} \d{4})", shown)
    assert citizen.post(url("phone_code"), {"code": "0000000"}).status_code == 422
    assert citizen.post(url("phone_code"), {"code": code}).status_code == 303
    assert "091 ••• 678" in citizen.get(url("file")).content.decode()
    citizen.post(url("file"), typed() | {"category": "suspected"})
    report = Report.objects.get()
    assert (report.phone, report.verified) == ("+84912345678", True)


def test_an_address_files_so_many_reports_an_hour(citizen: Client) -> None:
    answers = [citizen.post(url("file"), typed()).status_code for _ in range(21)]
    assert answers == [303] * 20 + [429]
    assert Report.objects.count() == 20


def test_a_code_that_is_none_is_refused_in_words(citizen: Client) -> None:
    assert citizen.post(url("find"), {"code": "nonsense"}).status_code == 422
    report = filed()
    assert citizen.post(url("find"), {"code": report.code.lower()})["Location"] == url("state", report.code)
    for code in ("nonsense", "x" * 500, "0" * 17):
        assert citizen.get(url("state", code)).status_code == 404


def test_the_reporter_reopens_and_rates(citizen: Client) -> None:
    report = answered(filed())
    page = citizen.get(url("state", report.code)).content.decode()
    assert "xử phạt" in page
    assert commune().name in page
    assert citizen.post(url("rate", report.code), {"stars": "9"}).status_code == 422
    assert citizen.post(url("rate", report.code), {"stars": "4"}).status_code == 303
    assert citizen.post(url("rate", report.code), {"stars": "4"}).status_code == 409
    assert citizen.post(url("reopen", report.code), {"text": ""}).status_code == 422
    assert citizen.post(url("reopen", report.code), {"text": "Vẫn đông"}).status_code == 303
    assert state_of(report) == "reopened"


def test_the_reporter_says_that_it_is_settled(citizen: Client) -> None:
    report = filed()
    assert "settled" not in citizen.get(url("state", report.code)).content.decode()
    citizen.post(url("settled", report.code))
    assert state_of(report) == "received"
    answered(report)
    assert "Yes, it is settled" in citizen.get(url("state", report.code)).content.decode()
    assert citizen.post(url("settled", report.code)).status_code == 303
    assert state_of(report) == "closed"
    assert EventRow.objects.filter(kind="ReportClosed").count() == 1


def test_several_photos_are_sent_and_shown(citizen: Client, office: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.png", picture(size=(40, 30), form="PNG")) for n in range(5)]
    answer = citizen.post(url("file"), typed() | {"category": "hardship", "picture": files})
    assert answer.status_code == 422
    assert "At most 4 photos" in answer.content.decode()
    for file in files:
        file.seek(0)
    assert (
        citizen.post(url("file"), typed() | {"category": "hardship", "picture": files[:2]}).status_code == 303
    )
    report = Report.objects.get()
    page = office.get(url("report", report.pk)).content.decode()
    for number in (1, 2):
        assert url("photo", report.pk, number) in page
        assert office.get(url("photo", report.pk, number)).status_code == 200
    for number in (3, 9, 99_999):
        assert office.get(url("photo", report.pk, number)).status_code == 404


def test_a_place_is_chosen_on_maps_without_script(citizen: Client) -> None:
    ward = commune()
    first = citizen.get(url("place")).content.decode()
    assert f"{url('place')}?in={province().pk}" in first
    second = citizen.get(url("place") + f"?in={province().pk}").content.decode()
    assert f"{url('file')}?area={province().pk}" in second
    third = citizen.get(url("place") + f"?in={district().pk}").content.decode()
    assert f"{url('file')}?area={ward.pk}" in third
    form = citizen.get(url("file") + f"?area={ward.pk}")
    assert f'value="{ward.pk}"' in form.content.decode()
    assert "geolocation=(self)" in form["Permissions-Policy"]


@pytest.mark.parametrize("number", ["x", "0", "-1", "9" * 30, "١"])
def test_an_area_that_is_none_is_not_found_and_chooses_nothing(citizen: Client, number: str) -> None:
    assert citizen.get(url("place") + f"?in={number}").status_code == 404
    assert citizen.get(url("file") + f"?area={number}").status_code == 200


def test_published_figures_hide_small_counts(citizen: Client) -> None:
    for _ in range(6):
        filed("crowd")
    filed("hardship")
    page = citizen.get(url("figures")).content.decode()
    assert "too few to be told" in page
    assert re.search(r"Hardship, food needed</th><td class=\"num\" data-label=\"Received\"><span", page)


def test_every_page_of_the_desk_opens(office: Client) -> None:
    report = filed("hardship")
    for address in (
        url("home"), url("home") + "?whose=late", url("home") + "?whose=all&category=crowd",
        url("home") + "?whose=ended",
        url("report", report.pk), url("report", report.pk) + "?template=1", url("statistics"),
    ):  # fmt: skip
        assert office.get(address).status_code == 200, address


def test_the_queue_has_what_is_due_first_and_only_ours(office: Client) -> None:
    slow, fast = filed("hardship"), filed("crowd")
    elsewhere = filed("crowd", area=commune("Phường Đa Kao"))
    page = office.get(url("home")).content.decode()
    assert page.index(f"/feedback/{fast.pk}/") < page.index(f"/feedback/{slow.pk}/")
    assert f"/feedback/{elsewhere.pk}/" not in page
    commands.escalate_overdue(actor=actors.system(at=NINE), at=later(hours=5))
    assert f"/feedback/{fast.pk}/" not in office.get(url("home")).content.decode()
    assert f"/feedback/{fast.pk}/" in office.get(url("home") + "?whose=all").content.decode()


def test_what_may_name_people_is_read_only_by_who_takes_it_on(office: Client) -> None:
    report = filed("crowd", pictures=(picture(size=(60, 40)),))
    other = browser_of(posting(Role.HEALTH_OFFICER, province()))
    assert TEXT not in office.get(url("report", report.pk)).content.decode()
    assert office.get(url("photo", report.pk, 1)).status_code == 404
    assert office.post(url("claim", report.pk)).status_code == 303
    assert TEXT in office.get(url("report", report.pk)).content.decode()
    assert office.get(url("photo", report.pk, 1))["Content-Type"] == "image/jpeg"
    assert TEXT not in other.get(url("report", report.pk)).content.decode()
    assert EventRow.objects.filter(kind="ReportTaken").count() == 1


def test_who_only_looks_reads_no_words() -> None:
    report = filed("hardship", text="Hết gạo ăn")
    looking = browser_of(posting(Role.EPIDEMIOLOGIST, country()))
    assert "Hết gạo" not in looking.get(url("report", report.pk)).content.decode()
    assert looking.post(url("claim", report.pk)).status_code == 403


def test_another_area_sees_nothing() -> None:
    report = filed()
    stranger = browser_of(posting(Role.COMMUNE_OFFICER, commune("Phường Đa Kao")))
    for address in (url("report", report.pk), url("photo", report.pk, 1)):
        assert stranger.get(address).status_code == 404
    for name in ("claim", "let_go", "acknowledge", "hand_on", "answer", "refuse", "join", "separate"):
        assert stranger.post(url(name, report.pk), {"kept": report.pk}).status_code == 404


def test_an_office_acknowledges_answers_and_hands_on(office: Client) -> None:
    one, two, three = filed("hardship"), filed("hardship"), filed("hardship")
    assert office.post(url("acknowledge", one.pk)).status_code == 303
    assert office.post(url("answer", one.pk), {"text": ""}).status_code == 422
    assert office.post(url("answer", one.pk), {"text": "Đã tặng 10 kg gạo."}).status_code == 303
    assert (
        office.post(url("hand_on", two.pk), {"reason": "Cấp cứu", "category": "medical"}).status_code == 303
    )
    assert office.post(url("hand_on", two.pk), {"reason": ""}).status_code == 422
    assert office.post(url("refuse", three.pk), {"text": "Thuộc công an phường"}).status_code == 303
    assert office.post(url("refuse", three.pk), {"text": "Thuộc công an phường"}).status_code == 409
    assert [state_of(r) for r in (one, two, three)] == ["answered", "handed-on", "not-ours"]


def test_reports_that_may_be_the_same_are_shown_joined_and_taken_apart(office: Client) -> None:
    kept, double = filed("crowd"), filed("crowd", text=TEXT + " nữa")
    page = office.get(url("report", double.pk)).content.decode()
    assert f'value="{kept.pk}"' in page
    assert office.post(url("join", double.pk), {"kept": kept.pk}).status_code == 303
    assert "joined to this one" in office.get(url("report", kept.pk)).content.decode()
    assert office.post(url("separate", double.pk)).status_code == 303
    assert office.post(url("separate", double.pk)).status_code == 404
    assert office.post(url("join", double.pk), {"kept": "x"}).status_code == 404


def test_two_officers_do_not_work_on_one_report(office: Client) -> None:
    report = filed("hardship")
    other = browser_of(posting(Role.COMMUNE_OFFICER, commune()))
    office.post(url("claim", report.pk))
    page = other.post(url("claim", report.pk), follow=True).content.decode()
    assert "Somebody else is at work on this report" in page
    assert other.post(url("answer", report.pk), {"text": "Xong"}).status_code == 409


def test_the_hotline_files_and_calls_back_and_a_confirmed_call_declares_symptoms(agent: Client) -> None:
    answer = agent.post(
        url("intake"), typed() | {"category": "suspected", "phone": "0912345678", "text": "Con tôi sốt"}
    )
    assert answer.status_code == 303
    report = Report.objects.get()
    assert (report.channel, turn_of(report).area) == ("hotline", commune())
    _hear()
    _hear()
    call = CallBack.objects.get()
    page = agent.get(url("call", call.pk)).content.decode()
    assert "+84912345678" in page
    assert "Con tôi sốt" in page
    assert agent.post(url("call", call.pk), {"outcome": "no-answer"}).status_code == 303
    assert agent.post(url("call", call.pk), {"outcome": "confirmed"}).status_code == 409
    [ill] = residents(1, area=commune(), at=NINE)
    done = agent.post(
        url("call", call.pk), {"outcome": "confirmed", "person": ill.code, "symptoms": ["fever"]}
    )
    assert done.status_code == 303
    declared = EventRow.objects.get(kind="SymptomsDeclared")
    assert (declared.person_id, declared.facts["symptoms"]) == (ill.pk, ["fever"])
    assert agent.get(url("call", call.pk)).status_code == 404
    assert "Nobody waits for a call" in agent.get(url("calls")).content.decode()


def _hear() -> None:
    from lachan.core.eventlog import from_row

    told = [from_row(row) for row in EventRow.objects.filter(kind="UrgentReportFiled")]
    handlers.plan_call_backs(told, clock.now())  # type: ignore[arg-type]


def test_the_list_is_saved_without_words_names_and_numbers(office: Client) -> None:
    exports.offer([REPORTS])
    filed("hardship", phone="+84912345678")
    sheet = office.post(url("export"), {"ending": "csv"})
    text = b"".join(sheet.streaming_content if sheet.streaming else [sheet.content]).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "hardship" in text
    assert "912345678" not in text
    assert "nhậu" not in text
