"""The API before the line: the same rules as on the pages, bad input refused in words."""

from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Area, Role
from lachan.systems.vaccination.models import Invitation, Registration, Session
from lachan.systems.vaccination.tests.conftest import posting, province
from lachan.systems.vaccination.tests.people import (
    approved,
    commune,
    district,
    elsewhere,
    person,
    session,
    site,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
BASE = "/api/vaccination/"


def officer(role: str = Role.VACCINE_OFFICER, area: Area | None = None) -> Client:
    return browser_of(posting(role, area=area or province()))


def sent(desk: Client, path: str, body: Any, **headers: str) -> Any:
    return desk.post(BASE + path, body, content_type="application/json", headers=headers)


def wish(**more: Any) -> dict[str, Any]:
    return {"person": person().code, "group": "9", "area": commune().code} | more


def test_a_registration_is_taken_once_however_often_it_is_sent() -> None:
    desk, body = officer(Role.COMMUNE_OFFICER, commune()), wish()
    answers = [sent(desk, "registrations", body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Registration.objects.count() == 1
    assert sent(desk, "registrations", body).json()["code"] == "already-registered"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"group": "17"}, 422, "group-unknown"),
        ({"area": "00000"}, 422, "area-too-wide"),
        ({"person": "7K3M0Q9ZAB12CD34"}, 404, "person-not-visible"),
        ({"group": "9" * 11}, 422, None),
        ({"note": "x" * 201}, 422, None),
        ({"person": None}, 422, None),
    ],
)
def test_a_registration_that_cannot_be_is_refused(
    change: dict[str, Any], status: int, code: str | None
) -> None:
    answer = sent(officer(), "registrations", wish(**change))
    assert answer.status_code == status
    assert code in (None, answer.json()["code"])
    assert not Registration.objects.exists()


def test_sessions_are_planned_listed_and_filled() -> None:
    desk, where = officer(area=district()), site()
    approved()
    body = {
        "product": "vaxzevria", "starts_at": "2026-11-11T08:00:00+07:00",
        "ends_at": "2026-11-11T11:00:00+07:00", "tables": 1, "places": 20,
    }  # fmt: skip
    made = sent(desk, f"sites/{where.pk}/sessions", body).json()
    assert (made["state"], made["taken"]) == ("planned", 0)
    assert sent(desk, f"sessions/{made['number']}/invitations", {"most": 5}).json() == {"invited": 1}
    assert [s["taken"] for s in desk.get(BASE + "sessions").json()] == [1]
    assert sent(desk, f"sessions/{made['number']}/invitations", {"most": 5}).json()["code"] == "nobody-waits"
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"starts_at": "soon"}, {"starts_at": "2026-11-11T08:00:00"}, {"places": 0}, {"tables": 10**12},
     {"ends_at": "2026-11-11T07:00:00+07:00"}, {"product": "\0"}],
)  # fmt: skip
def test_a_session_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    body = {
        "product": "vaxzevria", "starts_at": "2026-11-11T08:00:00+07:00",
        "ends_at": "2026-11-11T11:00:00+07:00", "tables": 1, "places": 20,
    } | change  # fmt: skip
    assert 400 <= sent(officer(), f"sites/{site().pk}/sessions", body).status_code < 500
    assert not Session.objects.exists()


def test_sessions_elsewhere_are_not_there() -> None:
    row, desk = session(), officer(area=elsewhere())
    assert sent(desk, f"sessions/{row.pk}/invitations", {"most": 5}).status_code == 404
    assert desk.get(BASE + "sessions").json() == []


@pytest.mark.parametrize("body", ["{", b"\xff\xfe", "[]", '"x"'])
def test_what_is_no_request_is_refused(body: Any) -> None:
    assert 400 <= sent(officer(), "registrations", body).status_code < 500
