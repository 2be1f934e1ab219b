"""The pages of guards, officers and visitors."""

import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from lachan.codecs.signed_code import make_signed_code
from lachan.core.codes import format_code, new_code
from lachan.core.events import OrderIssued
from lachan.core.models import AccessLog, Area, Person, Place, PlaceKind, Posting, Presence, Role
from lachan.core.persons import Identity, register
from lachan.core.places import open_place
from lachan.core.scan_words import scan_sentence
from lachan.platform.code_keys import CodeKeys
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import record_scan
from lachan.systems.checkpoints.models import Checkpoint, Device, Scan
from lachan.systems.checkpoints.tests.conftest import AT, staff, tell

pytestmark = pytest.mark.usefixtures("now")
HTMX = {"hx-request": "true"}


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def order(person: Person) -> None:
    tell(
        OrderIssued(
            person_id=person.pk, happened_at=AT, order_id=3, subject="F1", order_kind="home", starts_on=AT.date(),
            ends_on=AT.date().replace(day=28), test_dates=(), policy_id="p",
        )
    )  # fmt: skip


def test_a_guard_scans_without_a_script_and_the_box_is_ready_again(
    guard: Client, person: Person, place: Place
) -> None:
    page = text(guard.get("/checkpoints/"))
    assert place.name in page
    assert "autofocus" in page
    answer = guard.post("/checkpoints/", {"code": f"LC1:{person.code}", "direction": "in", "nonce": "n"})
    page = text(answer)
    assert answer.status_code == 200
    assert 'class="verdict pass"' in page
    assert "Nguyễn Thị Hoà" in page
    assert "<html" in page
    assert AccessLog.objects.get().purpose == "entry"


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("79|x|", "cccd-fields"), ("xin chào", "qr-unknown"), ("LC1:0000-0000-0000-0000-1", "code-check"),
        ("048090123456||Lê Văn Tám|01012005|Nữ|Đà Nẵng|01062021", "number-sex"),
    ],
)  # fmt: skip
def test_the_guard_reads_what_is_wrong_with_a_code(guard: Client, shown: str, said: str) -> None:
    page = text(guard.post("/checkpoints/", {"code": shown, "nonce": "n"}, headers=HTMX))
    with override("vi"):
        assert escape(str(scan_sentence(said))) in page


def test_with_htmx_only_the_answer_comes_back(guard: Client, person: Person) -> None:
    order(person)
    page = text(guard.post("/checkpoints/", {"code": person.code, "nonce": "n"}, headers=HTMX))
    assert "<html" not in page
    assert 'class="verdict stop"' in page
    assert 'data-sound="stop"' in page
    assert 'id="gate" hx-swap-oob="true"' in page
    assert "quyết định cách ly" in page
    assert "<details" in page


def test_a_form_sent_twice_is_one_scan_but_two_codes_are_two(
    guard: Client, person: Person, actor: Any
) -> None:
    other = register(Identity(name="Lê Văn Tám"), actor=actor, at=AT)
    for code in (person.code, person.code, other.code):
        guard.post("/checkpoints/", {"code": code, "nonce": "same", "direction": "in"}, headers=HTMX)
    assert Scan.objects.count() == 2


def test_the_last_scans_show_codes_and_no_names(
    guard: Client, person: Person, place: Place, actor: Any
) -> None:
    record_scan(place=place, payload=person.code, actor=actor, at=AT)
    page = text(guard.get("/checkpoints/"))
    assert "Nguyễn" not in page
    assert person.code[:4] in page


@pytest.mark.parametrize("code", ["", "  ", "\x00", "x" * 9_000, "<script>alert(1)</script>", "79|x|"])
def test_nonsense_in_the_box_is_kept_or_ignored_and_never_breaks(code: str, guard: Client) -> None:
    answer = guard.post("/checkpoints/", {"code": code, "direction": "sideways"})
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)


def test_people_without_a_phone_are_entered_by_hand(guard: Client) -> None:
    wrong = guard.post("/checkpoints/by-hand/", {"name": "", "birth": "31/2/1950", "direction": "in"})
    assert wrong.status_code == 422
    assert "31/2/1950" in text(wrong)
    right = guard.post(
        "/checkpoints/by-hand/", {"name": "Cụ Bảy", "birth": "1948", "direction": "in", "nonce": "n"}
    )
    assert "Cụ Bảy" in text(right)
    assert Presence.objects.count() == 1


def test_a_guard_cannot_search_people_and_an_officer_can(
    guard: Client, officer: Client, place: Place, area: Area, actor: Any
) -> None:
    person = register(Identity(name="Phan Thị Thắm", home_area=area), actor=actor, at=AT)
    assert "Thắm" not in text(guard.post("/checkpoints/by-hand/", {"q": "tham"}))
    url = f"/checkpoints/places/{place.code}/by-hand/"
    assert "Thắm" in text(officer.post(url, {"q": "tham"}))
    officer.post(url, {"person": person.code, "direction": "in", "nonce": "n"})
    assert Presence.objects.get().person_id == person.pk
    assert officer.post(url, {"person": new_code(), "direction": "in"}).status_code == 200


def test_an_officer_registers_a_place_in_their_own_area(officer: Client, area: Area) -> None:
    form = {
        "kind": "venue",
        "name": "Quán Phở Hoà",
        "area": "Phường Sài Gòn",
        "directions": "both",
        "capacity": "30",
    }
    wrong = officer.post("/checkpoints/places/new/", form | {"area": "Phường Tân Định"})
    assert wrong.status_code == 422
    answer = officer.post("/checkpoints/places/new/", form)
    assert answer.status_code == 303
    made = Checkpoint.objects.get().place
    assert answer["location"] == f"/checkpoints/places/{made.code}/"
    assert (made.area, made.capacity) == (area, 30)
    poster = officer.get(f"/checkpoints/places/{made.code}/poster.pdf")
    assert poster.content.startswith(b"%PDF-")
    assert Checkpoint.objects.get().poster_printed_at is None
    assert officer.post(f"/checkpoints/places/{made.code}/poster.pdf").status_code == 303
    assert Checkpoint.objects.get().poster_printed_at == AT
    assert "Quán Phở Hoà" in text(officer.get("/checkpoints/places/?q=ph"))
    assert "Quán Phở Hoà" not in text(officer.get("/checkpoints/places/?kind=border_gate"))


def test_a_token_is_shown_once_and_a_device_can_be_revoked(officer: Client, place: Place) -> None:
    url = f"/checkpoints/places/{place.code}/"
    assert officer.post(f"{url}devices/", {"device": ""}).status_code == 422
    shown = officer.post(f"{url}devices/", {"device": "Cổng 2"})
    assert (shown.status_code, shown["cache-control"]) == (201, "no-store")
    [token] = re.findall(r'readonly value="([\w-]{40,})"', text(shown))
    page = text(officer.get(url))
    assert "Cổng 2" in page
    assert token not in page
    device = Device.objects.get()
    assert officer.post(f"{url}devices/{device.pk}/revoke/").status_code == 303
    device.refresh_from_db()
    assert device.revoked_at == AT
    assert officer.post(f"{url}devices/999/revoke/").status_code == 404


def test_a_place_of_another_area_looks_like_none(guard: Client, officer: Client, area: Area) -> None:
    other = open_place(kind=PlaceKind.VENUE, name="Khác", area=Area.objects.get(code="26743"), at=AT)
    for code in (other.code, new_code(), "x"):
        assert officer.get(f"/checkpoints/places/{code}/").status_code == 404
        assert officer.get(f"/checkpoints/places/{code}/scan/").status_code == 404
        assert guard.post(f"/checkpoints/places/{code}/scan/", {"code": "x"}).status_code == 404


def test_an_officer_says_whose_an_unknown_code_is(
    officer: Client, place: Place, area: Area, actor: Any
) -> None:
    person = register(Identity(name="Phan Thị Thắm", home_area=area), actor=actor, at=AT)
    scan = record_scan(place=place, payload=f"LC1:{new_code()}", actor=actor, at=AT)
    assert place.name in text(officer.get("/checkpoints/unmatched/"))
    url = f"/checkpoints/unmatched/{scan.id}/"
    assert officer.post(url, {"code": new_code()}).status_code == 422
    assert officer.post(url, {"code": person.code}).status_code == 303
    assert Presence.objects.get().person_id == person.pk
    assert officer.get(url).status_code == 404


def test_codes_in_doubt_are_listed_by_code_and_without_names(
    officer: Client, person: Person, place: Place, area: Area, actor: Any, keys: CodeKeys
) -> None:
    forged = make_signed_code(person.code, Ed25519PrivateKey.generate(), issued_on=AT.date())
    record_scan(place=place, payload=forged, actor=actor, at=AT)
    record_scan(place=place, payload=person.code, actor=actor, at=AT - timedelta(hours=2))
    page = text(officer.get("/checkpoints/doubtful/?cursor=zzz"))
    assert page.count(format_code(person.code)) == 1
    assert "chữ ký sai" in page
    assert "Nguyễn" not in page
    elsewhere = staff(Role.COMMUNE_OFFICER, area=Area.objects.get(code="26743"))
    assert format_code(person.code) not in text(elsewhere.get("/checkpoints/doubtful/"))
    posting = Posting.objects.get(area=area)
    counts = {item.url: item.count for item in queries.desk(posting, at=AT)}
    assert counts["/checkpoints/doubtful/"] == 1


def test_breaches_name_the_person_and_the_look_is_logged(
    officer: Client, person: Person, place: Place, actor: Any
) -> None:
    order(person)
    record_scan(place=place, payload=person.code, actor=actor, at=AT)
    page = text(officer.get("/checkpoints/breaches/?day=20/11/2026"))
    assert "Nguyễn Thị Hoà" in page
    assert AccessLog.objects.get().part == "breaches"
    assert "Nguyễn" not in text(officer.get("/checkpoints/breaches/?day=19/11/2026"))
    assert officer.get("/checkpoints/breaches/?day=32/13/x&cursor=zzz").status_code == 200


def test_a_person_gets_a_code_on_paper(officer: Client, area: Area, actor: Any) -> None:
    person = register(Identity(name="Phan Thị Thắm", home_area=area), actor=actor, at=AT)
    assert "<svg" in text(officer.get(f"/checkpoints/people/{person.code}/card/"))
    assert officer.get(f"/checkpoints/people/{person.code}/card.pdf").content.startswith(b"%PDF-")
    assert officer.get(f"/checkpoints/people/{new_code()}/card/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "LV1:"])
def test_a_visitor_checks_in_without_an_account(prefix: str, place: Place) -> None:
    visitor, url = Client(), f"/q/{prefix}{place.code}"
    page = visitor.get(url)
    assert place.name in text(page)
    wrong = visitor.post(url, {"name": "Lê Văn Tám", "phone": "12", "direction": "in"})
    assert wrong.status_code == 422
    assert "Lê Văn Tám" in text(wrong)
    form = {"name": "Lê Văn Tám", "phone": "0912 345 678", "direction": "in", "nonce": "n"}
    answers = [visitor.post(url, form) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert "Tám" not in answers[0]["location"]
    assert Scan.objects.count() == Presence.objects.count() == 1
    assert "verdict pass" in text(visitor.get(answers[0]["location"]))


def test_checking_in_tells_nothing_about_the_owner_of_a_number(place: Place, actor: Any) -> None:
    known = register(Identity(name="Lê Văn Tám", identifiers={"phone": "+84912345678"}), actor=actor, at=AT)
    order(known)
    pages = []
    for name, phone in (("Lê Văn Tám", "0912345678"), ("Lê Văn Chín", "0912345679")):
        answer = Client().post(
            f"/q/{place.code}", {"name": name, "phone": phone, "direction": "in"}, follow=True
        )
        pages.append(re.sub(r'(csrf\w*"|nonce)[^>]*>|csrftoken": "\w+"', "", text(answer)))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("code", ["x", "LV1:x", "0" * 17, "%00", "a" * 3_000])
def test_a_poster_of_nowhere_is_not_found(code: str, db: None) -> None:
    assert Client().get(f"/q/{code}").status_code == 404


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("gate_guard", {"scan"}), ("commune_officer", {"scan", "places", "breaches"}), ("administrator", {"places"}),
        ("tracer", {"breaches"}), ("sampler", set()), ("lab_technician", set()),
    ],
)  # fmt: skip
def test_each_role_opens_its_own_pages(role: str, allowed: set[str], area: Area) -> None:
    browser = staff(role, area=area)
    urls = {
        "scan": "/checkpoints/by-hand/",
        "places": "/checkpoints/places/",
        "breaches": "/checkpoints/breaches/",
    }
    opened = {name for name, url in urls.items() if browser.get(url).status_code != 403}
    assert opened == allowed
