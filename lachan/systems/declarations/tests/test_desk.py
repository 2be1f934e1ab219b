"""The desk and the API of declarations."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lachan.core import clock, eventlog
from lachan.core.codes import new_code
from lachan.core.events import DiaryReminded
from lachan.core.models import AccessLog, Area, Person, Posting
from lachan.systems.declarations import queries
from lachan.systems.declarations.commands import Sender, correct_declaration
from lachan.systems.declarations.models import Declaration, Diary
from lachan.systems.declarations.tests.conftest import AT, CLEAR, Declare, day, identity
from tests.rows import residents

pytestmark = pytest.mark.django_db
PAPER = {
    "name": "Lý A Sử", "birth": "1951", "sex": "m", "area": "Bến Nghé", "address": "Tổ 3",
    "travelled": "no", "contact_case": "no", "contact_abroad": "no", "contact_ill": "no",
}  # fmt: skip
BATCH = "/api/declarations/batch"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def names(answer: Any) -> set[str]:
    page = answer.content.decode()
    return {name for name in ("Đặng Một", "Đặng Hai", "Đặng Ba", "Đặng Xa") if name in page}


@pytest.fixture
def four(declare: Declare, commune: Area, elsewhere: Area) -> None:
    declare(identity(commune, "Đặng Một"), symptoms=["fever"])
    declare(identity(commune, "Đặng Hai"), contact_case=True, at=AT - timedelta(days=1))
    declare(identity(commune, "Đặng Ba"), travelled=True, places="chợ Hàn, Đà Nẵng")
    declare(identity(elsewhere, "Đặng Xa"), symptoms=["fever"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Đặng Một", "Đặng Hai", "Đặng Ba"}),
        ("symptom=fever", {"Đặng Một"}),
        ("contact=yes", {"Đặng Hai"}),
        ("day=10/3/2022", {"Đặng Một", "Đặng Ba"}),
        ("outcome=0", {"Đặng Ba"}),
        ("called=waiting", {"Đặng Hai"}),
        ("yes=contact_case", {"Đặng Hai"}),
        ("said=da+nang", {"Đặng Ba"}),
        ("yes=contact_case&said=da+nang", set()),
        ("yes=places&said=%25", set()),
        ("outcome=x&symptom=gout&day=31/2&area=Nowhere&cursor=zzz", {"Đặng Một", "Đặng Hai", "Đặng Ba"}),
    ],
)
def test_the_list_is_of_ones_own_area_and_narrowed(
    desk: Client, four: None, query: str, expected: set[str]
) -> None:
    answer = desk.get(f"/declarations/?{query}")
    assert answer.status_code == 200
    assert names(answer) == expected
    assert AccessLog.objects.filter(part="declarations").count() == len(expected)


def test_the_list_is_saved_without_names(desk: Client, four: None) -> None:
    answer = desk.post("/declarations/export?symptom=fever", {"ending": "csv"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "fever" in rows[1]
    assert "Đặng" not in rows[1]


def test_a_paper_is_entered_and_gives_a_receipt(desk: Client, officer: Posting) -> None:
    answer = desk.post("/declarations/new", PAPER | {"symptoms": ["cough"], "key": str(uuid4())}, follow=True)
    made = Declaration.objects.get()
    assert (made.channel, made.provenance, made.recorded_by) == ("paper", "assisted", officer.actor)
    assert "Receipt code for the person" in answer.content.decode()


def test_with_a_persons_code_nothing_else_about_them_is_needed(desk: Client, commune: Area) -> None:
    [person] = residents(1, area=commune, at=AT)
    answers = {name: PAPER[name] for name in ("travelled", "contact_case", "contact_abroad", "contact_ill")}
    assert desk.post("/declarations/new", answers | {"person": person.code}).status_code == 303
    assert Declaration.objects.get().person == person
    for code in (new_code(), ""):
        assert desk.post("/declarations/new", answers | {"person": code}).status_code == 422


def test_duplicates_are_shown_to_staff_and_nothing_is_joined(
    desk: Client, declare: Declare, commune: Area
) -> None:
    first, second = declare(symptoms=["cough"]), declare(identity(commune, "tran thi hoa"))
    page = desk.get(f"/declarations/{second.pk}/").content.decode()
    assert "Perhaps the same person" in page
    assert Person.objects.filter(merged_into__isnull=True).count() == 2
    assert AccessLog.objects.filter(person=first.person, part__contains="same person").exists()


def test_what_was_declared_elsewhere_is_not_found(desk: Client, declare: Declare, elsewhere: Area) -> None:
    made = declare(identity(elsewhere))
    assert desk.get(f"/declarations/{made.pk}/").status_code == 404
    assert desk.post(f"/declarations/{made.pk}/calls", {"outcome": "reached"}).status_code == 404


def test_who_was_reached_waits_no_longer(desk: Client, declare: Declare, officer: Posting) -> None:
    made = declare(contact_case=True)
    for outcome, waiting in (("sang", 1), ("no_answer", 1), ("reached", 0)):
        assert desk.post(f"/declarations/{made.pk}/calls", {"outcome": outcome}).status_code == 303
        assert queries.waiting_for_call(queries.declarations_of(officer)).count() == waiting


def test_what_was_corrected_waits_for_no_call(declare: Declare, officer: Posting) -> None:
    made = declare(contact_case=True)
    correct_declaration(declaration=made, given=CLEAR, key=uuid4(), at=AT)
    assert not queries.waiting_for_call(queries.declarations_of(officer)).exists()


def test_who_has_not_reported_today_is_listed_and_reminded_once(
    desk: Client, declare: Declare, commune: Area, officer: Posting
) -> None:
    people = residents(3, area=commune, at=AT)
    first, second, over = (
        Diary.objects.create(
            person=p, order_number=n, code=new_code(), starts_on=day(8), ends_on=day(10 if n == 2 else 15), opened_at=AT
        )
        for n, p in enumerate(people)
    )  # fmt: skip
    declare(people[0], form="diary", sender=Sender(channel="diary"), diary=first)
    found = list(queries.silent_diaries(officer, day(10)))
    assert found == [second]
    assert over not in found
    assert people[1].code[:4] in desk.get("/declarations/silent").content.decode()
    for _ in range(2):
        assert desk.post("/declarations/silent/remind").status_code == 303
    assert len(eventlog.of_persons([p.pk for p in people], [DiaryReminded])) == 1
    assert [item.count for item in queries.desk(officer, at=AT)] == [0, 1]


# --- API ----------------------------------------------------------------------------------------------------------


def row(**change: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()), "name": "Trần Văn Tư", "birth": "1960", "sex": "m", "area": "26740", "address": "1 Lê Lai",
        "made_at": (AT - timedelta(hours=3)).isoformat(), "answers": CLEAR | {"symptoms": ["fever"]},
    } | change  # fmt: skip


def send(desk: Client, *rows: Any) -> Any:
    token = desk.get("/declarations/new").cookies["csrftoken"].value
    headers = {"x-csrftoken": token}
    body = json.dumps({"declarations": rows})
    return desk.post(BATCH, body, content_type="application/json", headers=headers)


def test_a_batch_is_taken_row_by_row_and_once(desk: Client) -> None:
    good, bad = row(), row(answers={"travelled": "yes"})
    strange = row(area="00001")
    for _ in range(2):
        answer = send(desk, good, bad, strange, row(name=""), row(birth="3000")).json()
        assert answer["received"] == 5
        assert [(r["row"], r["outcome"]) for r in answer["taken"]] == [(0, "test")]
        codes = [r["code"] for r in answer["refused"]]
        assert codes == ["answers-wrong", "area-unknown", "name-empty", "date-future"]
    assert Declaration.objects.count() == Person.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", '{"declarations": []}', '{"declarations": [{}]}', "\x00",
        '{"declarations": "' + "x" * 10**6 + '"}',
        json.dumps({"declarations": [row(made_at="2022-02-31T00:00:00Z")]}),
        json.dumps({"declarations": [row(name="x" * 10**6)]}),
        json.dumps({"declarations": [row(answers={"a b": True})]}),
        json.dumps({"declarations": [row(key="7")]}),
    ],
)  # fmt: skip
def test_bad_bodies_get_a_clear_answer(desk: Client, body: str) -> None:
    answer = desk.post(BATCH, body.encode(), content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]
    assert not Declaration.objects.exists()
