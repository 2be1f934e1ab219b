"""Finding people and their record: what is found, what is shown, and that each look is written down."""

import re
from datetime import datetime
from typing import Any

import pytest

from lachan.codecs.cccd import CitizenCard, write_cccd
from lachan.codecs.person_qr import person_text
from lachan.core import clock, persons
from lachan.core.codes import format_code, new_code
from lachan.core.models import AccessLog, Identifier, Person, PersonMerge
from tests.pages.conftest import SignIn, text_of
from tests.town import Town, moment, staff_member

pytestmark = pytest.mark.django_db
Outbreak = dict[str, Person]
PHONE, CITIZEN_ID = "0905123456", "048180001234"


@pytest.fixture
def numbered(town: Town, hoa: Person) -> Person:
    persons.claim_identifier(hoa, "phone", "+84905123456", at=moment(-1))
    persons.claim_identifier(hoa, "national_id", CITIZEN_ID, at=moment(-1))
    return hoa


def reads(person: Person, part: str) -> list[tuple[str, str]]:
    found = AccessLog.objects.filter(person=person, part=part).order_by("pk")
    return list(found.values_list("actor__name", "purpose"))


@pytest.mark.parametrize("typed", ["Trần Thị Hoà", "tran thi hoa", "HÒA Trần", "hoa tran", "Hoà"])
def test_a_name_is_found_without_marks_and_in_any_order(hoa: Person, sign_in: SignIn, typed: str) -> None:
    answer = sign_in().post("/people/", {"q": typed})
    assert "Trần Thị Hoà" in text_of(answer)
    assert f'href="/people/{hoa.code}/"' in answer.content.decode()
    assert reads(hoa, "search") == [("commune_officer", "care")]


@pytest.mark.parametrize("shape", [str, str.lower, format_code, person_text])
def test_a_code_goes_straight_to_the_record(hoa: Person, sign_in: SignIn, shape: Any) -> None:
    client = sign_in()
    for answer in (
        client.post("/people/", {"q": shape(hoa.code)}),
        client.get("/people/", {"q": shape(hoa.code)}),
    ):
        assert (answer.status_code, answer["Location"]) == (303, f"/people/{hoa.code}/")


@pytest.mark.parametrize("typed", [PHONE, "0905 123 456", "+84 905 123 456", CITIZEN_ID, "048 180 001 234"])
def test_a_number_finds_who_holds_it(numbered: Person, sign_in: SignIn, typed: str) -> None:
    assert "Trần Thị Hoà" in text_of(sign_in().post("/people/", {"q": typed}))
    assert reads(numbered, "search") == [("commune_officer", "care")]


def test_a_scanned_citizen_card_finds_its_holder(numbered: Person, sign_in: SignIn) -> None:
    from datetime import date

    from lachan.codecs.fields import PartialDate

    card = CitizenCard(
        number=CITIZEN_ID, old_number=None, name="Trần Thị Hoà", birth_date=PartialDate(1980, 1, 1), sex="female",
        address="Hải Châu", issued_on=date(2021, 5, 1),
    )  # fmt: skip
    assert "Trần Thị Hoà" in text_of(sign_in().post("/people/", {"q": write_cccd(card)}))


@pytest.mark.parametrize(("number", "found"), [(CITIZEN_ID, True), ("******" + CITIZEN_ID[6:], False)])
def test_a_scanned_national_code_finds_its_holder_unless_it_is_masked(
    numbered: Person, sign_in: SignIn, number: str, found: bool
) -> None:
    answer = sign_in().post("/people/", {"q": f"{number}|Trần Thị Hoà|1980/1/1|0|QID0012345678"})
    assert (numbered.code in answer.content.decode()) == found


def test_a_name_never_stands_in_an_address(hoa: Person, sign_in: SignIn) -> None:
    answer = sign_in().get("/people/", {"q": "Trần Thị Hoà"})
    assert "Trần Thị Hoà" in answer.content.decode(), "kept in the box, to be sent"
    assert f"/people/{hoa.code}/" not in answer.content.decode()
    for path in ("/", "/people/"):
        assert 'method="get"' not in sign_in().get(path).content.decode()


def test_people_of_other_areas_are_found_by_nobody_here(
    town: Town, outbreak: Outbreak, sign_in: SignIn
) -> None:
    an = outbreak["an"]
    persons.claim_identifier(an, "phone", "+84911111111", at=moment(-1))
    for typed in ("Đặng Văn Ân", an.code, "0911111111"):
        answer = sign_in().post("/people/", {"q": typed})
        assert answer.status_code == 200
        assert "Không tìm thấy" in text_of(answer)
    assert not AccessLog.objects.filter(person=an).exists()
    there = staff_member("commune_officer", town, area=town.there, suffix="-there")
    assert "Đặng Văn Ân" in text_of(sign_in(there).post("/people/", {"q": "an dang"}))


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "\x00", "x" * 1_000_000, "🦠" * 50, "'; --", "LC1:", "a|b|c"]
)
def test_odd_words_find_nobody_and_break_nothing(hoa: Person, sign_in: SignIn, typed: str) -> None:
    answer = sign_in().post("/people/", {"q": typed})
    assert answer.status_code == 200
    assert hoa.code not in answer.content.decode()


def test_the_record_says_where_the_person_stands_and_why(outbreak: Outbreak, sign_in: SignIn) -> None:
    page = sign_in("tracer").get(f"/people/{outbreak['ba'].code}/")
    stands = {str(line.label): (line.answer, told) for line, told in page.context["standing"]}
    assert stands["Ca bệnh"][0] == "không phải ca bệnh"
    assert stands["Người tiếp xúc"][0] == "F1, tiếp xúc lần cuối ngày 02/11/2026"
    order, why = stands["Quyết định cách ly"]
    assert order.startswith("tại cơ sở tập trung, đến ngày ")
    assert [t.what.split(",")[0].split(":")[0] for t in why.causes] == [
        "Được xác định là người tiếp xúc F1", "Ca bệnh được xác nhận", "Kết quả xét nghiệm",
        "Đã lấy mẫu",
    ]  # fmt: skip
    assert "ngày" in why.what
    assert stands["Kết quả xét nghiệm gần nhất"][0] == "chưa có"
    f0 = sign_in("tracer").get(f"/people/{outbreak['hoa'].code}/")
    first = f0.context["standing"][0][0]
    assert (first.answer, first.tone) == ("đã xác nhận (F0)", "stop")


def test_the_story_is_told_by_day_newest_first(outbreak: Outbreak, sign_in: SignIn) -> None:
    days = sign_in("tracer").get(f"/people/{outbreak['hoa'].code}/").context["days"]
    assert [d for d, _ in days] == sorted({d for d, _ in days}, reverse=True)
    for _, entries in days:
        assert [e.at for e in entries] == sorted((e.at for e in entries), reverse=True)
    assert days[0][1][0].causes


def test_reading_a_record_is_written_down_and_shown(hoa: Person, sign_in: SignIn) -> None:
    page = text_of(sign_in("sampler").get(f"/people/{hoa.code}/"))
    assert reads(hoa, "record") == [("sampler", "care")]
    assert "sampler · chăm sóc và theo dõi" in page
    assert "<title>Hồ sơ cá nhân" in sign_in("sampler").get(f"/people/{hoa.code}/").content.decode()


def test_visits_and_household_are_for_those_who_trace(
    town: Town, outbreak: Outbreak, sign_in: SignIn
) -> None:
    ba, tu = outbreak["ba"], outbreak["tu"]
    tracer = sign_in("tracer").get(f"/people/{ba.code}/")
    assert "Chợ Hàn" in text_of(tracer)
    assert "02/11/2026 09:15" in text_of(tracer)
    assert format_code(tu.code) in text_of(tracer)
    assert tu.name not in text_of(tracer)
    assert reads(ba, "visits") == [("tracer", "tracing")]
    assert reads(tu, "household") == [("tracer", "tracing")]
    sampler = text_of(sign_in("sampler").get(f"/people/{ba.code}/"))
    assert "Chợ Hàn" not in sampler
    assert format_code(tu.code) not in sampler
    assert reads(ba, "visits") == [("tracer", "tracing")]


def test_visits_older_than_two_weeks_are_not_shown(town: Town, hoa: Person, sign_in: SignIn) -> None:
    town.visit(hoa, town.market, moment(-12, 11))
    town.visit(hoa, town.station, moment(-13, 7))
    shown = sign_in("tracer").get(f"/people/{hoa.code}/").context["visits"]
    assert [place.name for _, place in shown] == ["Chợ Hàn"]


def test_a_record_opens_with_a_constant_number_of_queries(
    outbreak: Outbreak, sign_in: SignIn, town: Town, django_assert_max_num_queries: Any
) -> None:
    client, ba = sign_in("tracer"), outbreak["ba"]
    for day in range(3, 9):
        town.test(ba, outcome="negative", at=moment(day, 8))
        town.visit(ba, town.station, moment(1, day))
    town.loop(moment(9))
    with django_assert_max_num_queries(40):
        client.get(f"/people/{ba.code}/")


def test_the_code_of_the_person_is_drawn(hoa: Person, sign_in: SignIn) -> None:
    html = sign_in().get(f"/people/{hoa.code}/").content.decode()
    assert 'class="qr"><svg' in html
    assert f"/checkpoints/people/{hoa.code}/card/" in html


@pytest.mark.parametrize(
    "code", ["no-such-code", "x" * 3_000, "%00", "..%2f", pytest.param(new_code(), id="of nobody")]
)
def test_who_may_not_be_seen_is_not_found(town: Town, sign_in: SignIn, code: str) -> None:
    an = town.resident("Đặng Văn Ân", area=town.there)
    unknown, hidden = sign_in().get(f"/people/{code}/"), sign_in().get(f"/people/{an.code}/")
    assert unknown.status_code == hidden.status_code == 404
    assert not AccessLog.objects.filter(person=an).exists()
    for path in ("merge", "merges/1/undo", "identifiers/1"):
        officer = sign_in("health_officer")
        data = {"purpose": "care", "code": an.code, "reason": "one"}
        assert officer.post(f"/people/{an.code}/{path}", data).status_code == 404, path


def number_of(person: Person) -> Identifier:
    return person.identifiers.get(kind="national_id")


def test_a_number_stays_masked_until_somebody_says_what_for(numbered: Person, sign_in: SignIn) -> None:
    client, number = sign_in(), number_of(numbered)
    address = f"/people/{numbered.code}/identifiers/{number.pk}"
    page = client.get(f"/people/{numbered.code}/").content.decode()
    assert CITIZEN_ID not in page
    assert CITIZEN_ID[-3:] not in text_of(client.get(f"/people/{numbered.code}/")).split()
    assert 'name="csrfmiddlewaretoken"' in page[page.index(address) :][:300]
    for purpose in ("", "self", "curiosity"):
        answer = client.post(address, {"purpose": purpose}, follow=True)
        assert CITIZEN_ID not in answer.content.decode()
        assert "cần số này để làm gì" in text_of(answer)
    assert reads(numbered, "identifier") == []


def test_a_number_asked_for_is_shown_once_and_the_look_is_kept(numbered: Person, sign_in: SignIn) -> None:
    client, number = sign_in(), number_of(numbered)
    answer = client.post(f"/people/{numbered.code}/identifiers/{number.pk}", {"purpose": "tracing"})
    assert answer.status_code == 303
    assert reads(numbered, "identifier") == [("commune_officer", "tracing")]
    assert CITIZEN_ID not in str(dict(client.session)), "a session lasts for hours"
    first = client.get(f"/people/{numbered.code}/")
    assert CITIZEN_ID in first.content.decode()
    assert PHONE[1:] not in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    assert CITIZEN_ID not in client.get(f"/people/{numbered.code}/").content.decode()


def test_a_number_of_somebody_else_is_not_shown(town: Town, numbered: Person, sign_in: SignIn) -> None:
    client, other = sign_in(), town.resident("Người Khác")
    client.post(f"/people/{other.code}/identifiers/{number_of(numbered).pk}", {"purpose": "care"})
    assert CITIZEN_ID not in client.get(f"/people/{other.code}/").content.decode()
    assert CITIZEN_ID not in client.get(f"/people/{numbered.code}/").content.decode()


def test_only_who_may_reveal_is_offered_it(numbered: Person, sign_in: SignIn) -> None:
    client, address = sign_in("sampler"), f"/people/{numbered.code}/identifiers/{number_of(numbered).pk}"
    assert address not in client.get(f"/people/{numbered.code}/").content.decode()
    assert client.post(address, {"purpose": "care"}).status_code == 403


GIVEN = {
    "name": "Nguyễn  Thị Ý", "birth": "5/3/1950", "sex": "f", "home_area": "hai chau", "address": "12 Trần Phú",
    "phone": "0912 345 678",
    "national_id": "048 150 000 111", "health_insurance": "",
}  # fmt: skip


def test_a_record_is_opened_with_what_is_known(town: Town, sign_in: SignIn, now: datetime) -> None:
    client = sign_in()
    answer = client.post("/people/new", GIVEN)
    made = Person.objects.filter(search_key="nguyen thi y").first()
    assert made is not None, text_of(answer)
    assert (answer.status_code, answer["Location"]) == (303, f"/people/{made.code}/")
    assert (made.birth_year, made.birth_month, made.birth_day, made.sex) == (1950, 3, 5, "f")
    assert made.home_area == town.here
    assert set(made.identifiers.values_list("kind", flat=True)) == {"phone", "national_id"}
    assert "Đã lập hồ sơ" in text_of(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", ""), ("name", "x" * 400), ("birth", "31/2/1990"), ("phone", "12"), ("national_id", "12ab")],
)
def test_a_wrong_field_keeps_all_that_was_typed(town: Town, sign_in: SignIn, field: str, wrong: str) -> None:
    client = sign_in()
    answer = client.post("/people/new", GIVEN | {field: wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in html
    for other in {"name", "phone", "address"} - {field}:
        assert GIVEN[other].split()[-1] in html
    assert not Person.objects.filter(search_key="nguyen thi y").exists()


def test_two_records_are_joined_and_separated(town: Town, hoa: Person, sign_in: SignIn) -> None:
    client, double = sign_in("health_officer"), town.resident("Trần T. Hoà")
    page = client.get(f"/people/{hoa.code}/merge")
    assert page.status_code == 200
    answer = client.post(f"/people/{hoa.code}/merge", {"code": double.code, "reason": "cùng số căn cước"})
    assert answer.status_code == 303
    double.refresh_from_db()
    assert double.merged_into == hoa
    merged = client.get(f"/people/{double.code}/")
    assert merged.status_code == 200
    assert format_code(double.code) in text_of(client.get(f"/people/{hoa.code}/"))
    done = PersonMerge.objects.get()
    for _ in range(2):
        assert client.post(f"/people/{hoa.code}/merges/{done.pk}/undo").status_code == 303
    double.refresh_from_db()
    assert double.merged_into is None
    assert "đã được tách" in text_of(client.get(f"/people/{hoa.code}/"))


def test_whoever_joins_records_is_warned_of_letters_that_only_look_alike(
    town: Town, hoa: Person, sign_in: SignIn
) -> None:
    foreign = town.resident("Nguyễn Vӑn Bа")  # two of the letters are Cyrillic
    officer = sign_in("health_officer")
    assert "chỉ trông giống chữ khác" in text_of(officer.get(f"/people/{foreign.code}/merge"))
    assert "chỉ trông giống chữ khác" not in text_of(officer.get(f"/people/{hoa.code}/merge"))


@pytest.mark.parametrize("other", ["itself", "elsewhere", "nobody", "no code"])
def test_what_cannot_be_joined_is_refused_in_words(
    town: Town, hoa: Person, sign_in: SignIn, other: str
) -> None:
    elsewhere = town.resident("Đặng Văn Ân", area=town.there)
    code = {"itself": hoa.code, "elsewhere": elsewhere.code, "nobody": new_code(), "no code": "abc"}[other]
    answer = sign_in("health_officer").post(f"/people/{hoa.code}/merge", {"code": code, "reason": "vì sao"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert "vì sao" in answer.content.decode()
    assert not PersonMerge.objects.exists()


def test_only_health_officers_join_records(hoa: Person, sign_in: SignIn) -> None:
    assert "merge" not in sign_in("tracer").get(f"/people/{hoa.code}/").content.decode()
    assert sign_in("tracer").get(f"/people/{hoa.code}/merge").status_code == 403


def test_an_order_whose_days_are_over_still_waits_for_its_release(
    town: Town, outbreak: Outbreak, sign_in: SignIn
) -> None:
    with clock.frozen(moment(20)):
        page = sign_in("tracer").get(f"/people/{outbreak['ba'].code}/")
    line = next(line for line, _ in page.context["standing"] if str(line.label) == "Quyết định cách ly")
    assert line.answer.startswith("đã hết hạn ngày ")
    assert line.tone == "warn"


def test_an_officer_who_saw_the_document_verifies_the_identity(numbered: Person, sign_in: SignIn) -> None:
    client = sign_in("commune_officer")
    assert "chưa xác minh" in text_of(client.get(f"/people/{numbered.code}/")) or not persons.is_verified(
        numbered
    )
    answer = client.post(f"/people/{numbered.code}/identifiers/{number_of(numbered).pk}/verify")
    assert answer.status_code == 303
    assert persons.is_verified(numbered)
    assert client.post(f"/people/{numbered.code}/identifiers/999999/verify").status_code == 404


def test_looks_that_are_not_shown_are_counted(sign_in: SignIn, hoa: Person) -> None:
    client = sign_in("health_officer")
    client.cookies["language"] = "en"
    for _ in range(12):
        shown = text_of(client.get(f"/people/{hoa.code}/"))
    [count] = re.findall(r"20 of (\d+) are shown", shown)
    assert hoa.reads.count() - 1 == int(count) == 23  # the read of the visits comes with the page itself
