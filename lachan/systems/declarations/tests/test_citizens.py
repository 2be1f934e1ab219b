"""The pages of who declares: no account, no script, nothing lost, nothing given away."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lachan.core import clock
from lachan.core.codes import new_code
from lachan.core.models import Area, IdentifierKind, Person, Posting
from lachan.core.persons import with_identifier
from lachan.platform.record import sections
from lachan.systems.declarations.book import DECLARATIONS
from lachan.systems.declarations.commands import Sender
from lachan.systems.declarations.models import Declaration, Diary
from lachan.systems.declarations.tests.conftest import AT, PHONE, Declare, day
from tests.rows import residents

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "TRẦN THỊ HOA", "birth": "1970", "sex": "f", "area": "Bến Nghé", "address": "12 Lê Lợi",
    "travelled": "no", "contact_case": "no", "contact_abroad": "no", "contact_ill": "no",
}  # fmt: skip
LONGEST_PAGE = 60_000


@pytest.fixture(autouse=True)
def _then(settings: Any) -> Iterator[None]:
    settings.LACHAN_DEMO = True
    with clock.frozen(AT):
        yield


@pytest.fixture
def client(commune: Area) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


def body(answer: Any) -> str:
    return unescape(answer.content.decode())


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_the_form_is_there_in_vietnamese_and_small(commune: Area) -> None:
    answer = Client().get("/declare/")
    assert answer.status_code == 200
    assert len(answer.content) < LONGEST_PAGE
    assert "Khai báo y tế" in body(answer)
    assert "tokhaiyte.vn" in body(answer)


def test_fever_without_a_telephone_gets_its_advice_and_reason_at_once(client: Client) -> None:
    answer = client.post("/declare/", TYPED | {"symptoms": ["fever"], "key": str(uuid4())}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert "a test is being ordered" in body(answer)
    assert "There is a symptom that may be the disease." in body(answer)
    assert "<svg" in answer.content.decode()
    assert "HOA" not in body(answer)
    assert "Lê Lợi" not in body(answer)


def test_what_was_typed_stays_when_something_is_missing(client: Client) -> None:
    answer = client.post("/declare/", TYPED | {"contact_case": "", "symptoms": ["cough"], "birth": "1870"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="TRẦN THỊ HOA"' in page
    assert re.search(r'value="cough"[^>]*checked', page)
    assert not Declaration.objects.exists()


def test_the_same_page_sent_twice_is_one_declaration(client: Client) -> None:
    key = hidden(client.get("/declare/"), "key")
    first, second = (client.post("/declare/", TYPED | {"key": key}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Declaration.objects.count() == 1


def test_the_code_of_the_telephone_binds_it_to_the_record(client: Client) -> None:
    asked = client.post("/declare/", TYPED | {"phone": "0912 345 678"})
    assert not Declaration.objects.exists()
    draft = hidden(asked, "draft")
    found = re.search(r"code is (\d{3} \d{4})", body(asked))
    assert found
    wrong = client.post("/declare/confirm", {"draft": draft, "code": "000 0000"})
    assert wrong.status_code == 422
    made = client.post("/declare/confirm", {"draft": hidden(wrong, "draft"), "code": found[1]})
    assert made.status_code == 303
    declaration = Declaration.objects.get()
    assert declaration.phone_shown
    assert with_identifier(IdentifierKind.PHONE, PHONE) == [declaration.person]


def test_who_gets_no_text_declares_without_the_code(client: Client) -> None:
    asked = client.post("/declare/", TYPED | {"phone": "0912345678"})
    assert (
        client.post("/declare/confirm", {"draft": hidden(asked, "draft"), "without": "1"}).status_code == 303
    )
    declaration = Declaration.objects.get()
    assert (declaration.phone, declaration.phone_shown) == (PHONE, False)
    assert with_identifier(IdentifierKind.PHONE, PHONE) == []


@pytest.mark.parametrize("draft", ["", "x", "é", "A" * 70_000, "AAAA"])
def test_a_draft_of_another_hand_begins_anew(client: Client, draft: str) -> None:
    answer = client.post("/declare/confirm", {"draft": draft, "without": "1"})
    assert (answer.status_code, answer["Location"]) == (303, "/declare/")


def test_answers_are_corrected_from_the_receipt_once(client: Client, declare: Declare) -> None:
    made = declare(symptoms=["fever"])
    page = client.get(f"/declare/r/{made.code}/correct")
    assert re.search(r'value="fever"[^>]*checked', page.content.decode())
    answers = {name: TYPED[name] for name in ("travelled", "contact_case", "contact_abroad", "contact_ill")}
    fresh = client.post(f"/declare/r/{made.code}/correct", answers, follow=True)
    assert "Nothing in your answers" in body(fresh)
    assert "replaced by a later one" in body(client.get(f"/declare/r/{made.code}"))
    assert client.post(f"/declare/r/{made.code}/correct", answers).status_code == 422


@pytest.mark.parametrize("code", ["x", "7K3M", pytest.param(new_code(), id="of nobody"), "%00", "a" * 300])
def test_a_code_that_is_none_finds_nothing(client: Client, code: str) -> None:
    for path in (f"/declare/r/{code}", f"/declare/r/{code}/correct", f"/declare/d/{code}"):
        assert client.get(path).status_code == 404


def diary_of(person: Person, **more: Any) -> Diary:
    given = {"starts_on": day(8), "ends_on": day(15), "opened_at": AT, "order_number": 1, "code": new_code()}
    return Diary.objects.create(person=person, **given | more)


def test_a_diary_report_is_one_of_the_person_and_names_nobody(client: Client, commune: Area) -> None:
    [person] = residents(1, area=commune, at=AT)
    diary = diary_of(person)
    page = client.get(f"/declare/d/{diary.code}")
    assert person.name not in body(page)
    answer = client.post(
        f"/declare/d/{diary.code}", {"temperature": "38,4", "symptoms": ["cough", "fatigue"]}, follow=True
    )
    assert "will call you" in body(answer)
    made = diary.reports.get()
    assert (made.person, made.symptoms, made.channel) == (person, ["fever", "cough", "fatigue"], "diary")
    assert client.post(f"/declare/d/{diary.code}", {"temperature": "60"}).status_code == 422


@pytest.mark.parametrize("change", [{"closed_at": AT}, {"ends_on": day(10)}, {"starts_on": day(11)}])
def test_outside_its_order_a_diary_takes_nothing(
    client: Client, commune: Area, change: dict[str, Any]
) -> None:
    [person] = residents(1, area=commune, at=AT)
    diary = diary_of(person, **change)
    assert client.post(f"/declare/d/{diary.code}", {"symptoms": ["cough"]}).status_code == 409
    assert not Declaration.objects.exists()


def test_a_paper_is_claimed_with_its_code_and_a_telephone(
    client: Client, declare: Declare, officer: Posting
) -> None:
    made = declare(sender=Sender(channel="paper", provenance="assisted", actor=officer.actor))
    asked = client.post("/declare/claim", {"paper": made.code, "phone": "0912345678"})
    found = re.search(r"code is (\d{3} \d{4})", body(asked))
    assert found
    done = client.post("/declare/claim/confirm", {"draft": hidden(asked, "draft"), "code": found[1]})
    assert (done.status_code, done["Location"]) == (303, "/health-book/sign-in")
    assert with_identifier(IdentifierKind.PHONE, PHONE) == [made.person]


def test_the_health_book_shows_declarations_and_asks_for_the_report(declare: Declare) -> None:
    assert DECLARATIONS in sections()
    made = declare(symptoms=["fever"])
    diary = diary_of(made.person)
    found = DECLARATIONS.read(made.person, AT + timedelta(hours=1))
    assert found is not None
    assert ([line["made"] for line in found["lines"]], found["diary"], found["reported"]) == (
        [made],
        diary,
        False,
    )
    declare(about=made.person, form="diary", sender=Sender(channel="diary"), diary=diary)
    again = DECLARATIONS.read(made.person, AT + timedelta(hours=1))
    assert again is not None
    assert again["reported"]


@pytest.mark.parametrize(
    "change",
    [{"name": "\0"}, {"name": "x" * 5000}, {"area": "\x01"}, {"birth": "31/2/1970"}, {"symptoms": ["plague"]},
     {"phone": "12"}, {"key": "no key"}, {"travelled": "maybe"}, {"sex": "'; drop"}],
)  # fmt: skip
def test_bad_input_is_refused_in_words(client: Client, change: dict[str, Any]) -> None:
    answer = client.post("/declare/", TYPED | change)
    assert answer.status_code in (303, 422)
    assert Declaration.objects.count() == (answer.status_code == 303)
