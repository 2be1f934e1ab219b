"""The line for other programs: whole records and single steps, once a key, and clear answers to bad input."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Actor, Person, Posting, Role
from lachan.platform.api import token_hash
from lachan.systems.vaccination.models import Dose, Session, Vial, Visit
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, posting
from lachan.systems.vaccination.tests.line_rows import QUESTIONS, earlier, person, session, vial

pytestmark = pytest.mark.django_db
TOKEN = "a" * 43


@pytest.fixture
def here() -> Session:
    return session(places=50)


@pytest.fixture
def bottle(here: Session) -> Vial:
    return vial(here)


def client_of(holder: Posting) -> Client:
    Actor.objects.filter(pk=holder.actor_id).update(token_hash=token_hash(TOKEN))
    return Client(headers={"authorization": f"Bearer {TOKEN}", "accept-language": "en"})


@pytest.fixture
def client(here: Session) -> Client:
    return client_of(posting(Role.VACCINATOR, place=here.site))


def screening(**more: Any) -> dict[str, Any]:
    return {
        "answers": dict.fromkeys(QUESTIONS, False), "signs": {"temperature": 36.6, "pulse": 76}, "consent": True,
    } | more  # fmt: skip


def record(who: Person, bottle: Vial, **more: Any) -> dict[str, Any]:
    return screening(code=f"LC1:{who.code}", vial=bottle.pk, table=1, walk_in=True) | more


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        f"/api/vaccination/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_person_goes_through_the_line_by_four_calls(client: Client, here: Session, bottle: Vial) -> None:
    who = person()
    came = post(client, f"sessions/{here.pk}/visits", {"code": who.code, "walk_in": True}).json()
    assert (came["number"], came["name"], came["walk_in"]) == (1, who.name, True)
    assert post(client, f"visits/{came['visit']}/screening", screening()).json()["outcome"] == "eligible"
    given = post(client, f"visits/{came['visit']}/dose", {"vial": bottle.pk, "table": 1}).json()
    assert (given["kind"], given["dose_number"], given["given_on"]) == ("primary", 1, TODAY.isoformat())
    watch = post(client, f"visits/{came['visit']}/observation", {"well": True})
    assert (watch.status_code, watch.json()["code"]) == (409, "still-watched")
    Dose.objects.filter(pk=given["dose"]).update(given_at=NOON - timedelta(minutes=31))
    assert post(client, f"visits/{came['visit']}/observation", {"well": True}).json() == {"done": True}
    assert post(client, f"visits/{came['visit']}/leaving", {"ending": ""}).json() == {"done": True}
    assert Visit.objects.get().ending == "done"


def test_whole_records_are_answered_one_by_one(client: Client, here: Session, bottle: Vial) -> None:
    good, early = person(), person()
    earlier(early, TODAY - timedelta(days=2))
    body = {
        "session": here.pk,
        "records": [record(good, bottle), record(early, bottle), record(good, bottle, code="X")],
    }
    answer = post(client, "records", body)
    assert answer.status_code == 200
    assert [one["code"] for one in answer.json()] == ["given", "too-early", "code-unknown"]
    assert Dose.objects.filter(person=good).count() == 1


def test_the_same_records_sent_again_change_nothing(client: Client, here: Session, bottle: Vial) -> None:
    body = {"session": here.pk, "records": [record(person(), bottle)]}
    first, again = (post(client, "records", body, **{"idempotency-key": "morning-1"}) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert Dose.objects.count() == 1


def test_a_vial_is_opened_and_a_dose_taken_back(client: Client, here: Session) -> None:
    assert here.lot is not None
    opened = post(client, f"sessions/{here.pk}/vials", {"lot": here.lot.pk}).json()
    assert (opened["left"], Vial.objects.get(pk=opened["vial"]).session_id) == (6, here.pk)
    bottle = Vial.objects.get(pk=opened["vial"])
    [done] = post(client, "records", {"session": here.pk, "records": [record(person(), bottle)]}).json()
    assert post(client, f"doses/{done['dose']}/withdrawal", {"reason": "nobody sat there"}).json() == {
        "done": True
    }
    assert Vial.objects.get(pk=bottle.pk).left == 6


def test_the_line_of_another_site_is_not_found(here: Session, bottle: Vial) -> None:
    stranger = client_of(posting(Role.VACCINATOR, place=session().site))
    body = {"session": here.pk, "records": [record(person(), bottle)]}
    assert post(stranger, "records", body).json()["code"] == "line-not-visible"
    assert post(stranger, f"sessions/{here.pk}/visits", {"code": "X"}).status_code == 404


BAD: list[tuple[str, Any]] = [
    ("records", {"session": 2**70, "records": []}),
    ("records", {"session": 1, "records": [{}]}),
    ("records", []),
    ("records", {"session": 1, "records": [screening(code="\x00", vial=1, table=1)] * 201}),
    ("sessions/{here}/visits", {"code": "\x00\ud800"}),
    ("sessions/{here}/visits", {"code": "x" * 1_000_000}),
    ("sessions/{here}/visits", {"code": 7}),
    ("sessions/99999999999999999999/visits", {"code": "x"}),
    ("visits/0/screening", screening(defer_until="2026-02-30")),
    ("visits/0/screening", screening(answers={"1": "maybe"})),
    ("visits/0/screening", screening(signs={"temperature": float("nan")})),
    ("visits/0/dose", {"vial": -1, "table": 1}),
    ("visits/0/leaving", {"ending": "flown"}),
]


@pytest.mark.parametrize(("path", "body"), BAD, ids=range(len(BAD)))
def test_bad_input_gets_a_clear_answer(client: Client, here: Session, path: str, body: Any) -> None:
    answer = post(client, path.format(here=here.pk), body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]
