"""What the rules refuse of sessions, registrations and invitations, the database refuses too."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models

from lachan.core.ids import uuid7
from lachan.core.models import Person
from lachan.systems.vaccination.models import (
    Invitation,
    ListError,
    Registration,
    RegistrationDecision,
    RegistrationList,
)
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import commune, invited, person, registered, session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def changed(row: models.Model, **change: Any) -> None:
    """Write what no command writes; True stands for an actor."""
    change = {
        key: keeper() if value is True and key.endswith("_by") else value for key, value in change.items()
    }
    type(row)._default_manager.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("session_period_forward", {"ends_at": NOON - 9 * DAY}),
        ("session_has_tables", {"tables": 0}),
        ("session_has_tables", {"tables": 201}),
        ("session_has_places", {"places": 0}),
        ("session_has_places", {"places": 100_001}),
        ("session_not_overbooked", {"taken": 61}),
        ("session_cancelled_whole", {"cancelled_at": NOON}),
        ("session_cancelled_whole", {"cancelled_at": NOON, "cancelled_by": True, "cancel_reason": " "}),
        ("session_ended_whole", {"ended_at": NOON + 9 * DAY}),
        ("session_ended_whole", {"ended_at": NOON - DAY, "ended_by": True}),
    ],
)
def test_a_session_is_whole(name: str, change: dict[str, Any]) -> None:
    row = session()
    with refuses(name):
        changed(row, **change)


def list_row(**change: Any) -> RegistrationList:
    given: dict[str, Any] = {
        "organisation": "Công ty Dệt", "area": commune(), "group": "13", "ending": "csv", "digest": b"1" * 32,
        "body": b"x", "size": 1, "uploaded_at": NOON, "uploaded_by": keeper(), "moved_at": NOON,
    }  # fmt: skip
    return RegistrationList.objects.create(**given | change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("list_of_an_organisation", {"organisation": " "}),
        ("list_adds_up", {"rows": 3, "taken": 1, "refused": 1}),
        ("list_adds_up", {"rows": 1, "taken": 1, "already": 2}),
        ("list_kept_until_read", {"body": None}),
        ("list_kept_until_read", {"finished_at": NOON}),
        ("list_failed_is_finished", {"failure": "x"}),
    ],
)
def test_a_list_adds_up(name: str, change: dict[str, Any]) -> None:
    with refuses(name):
        list_row(**change)


def test_a_list_is_taken_once_unless_it_failed() -> None:
    list_row(body=None, finished_at=NOON, failure="x")
    row = list_row()
    ListError.objects.create(of_list=row, number=2, code="x", words="x")
    with refuses("list_error_once_a_row"):
        ListError.objects.create(of_list=row, number=2, code="y", words="y")


def test_the_same_list_is_not_taken_twice() -> None:
    list_row()
    with refuses("list_taken_once"):
        list_row()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("registration_source_known", {"source": "wind"}),
        ("registration_of_a_named_organisation", {"source": "organisation"}),
        ("registration_closed_whole", {"closed_at": NOON}),
        ("registration_closed_whole", {"closed_by": True, "closing": "withdrawn"}),
        ("registration_closed_whole", {"closed_at": NOON, "closed_by": True, "closing": "x"}),
        (
            "registration_closed_whole",
            {"closed_at": NOON - 9 * DAY, "closed_by": True, "closing": "withdrawn"},
        ),
    ],
)
def test_a_registration_is_whole(name: str, change: dict[str, Any]) -> None:
    row = registered()
    with refuses(name):
        changed(row, **change)


def test_a_person_has_one_open_registration() -> None:
    row = registered()
    with refuses("registration_one_open_a_person"):
        Registration.objects.create(
            person=row.person, group="9", area=row.area, source="commune", registered_at=NOON, registered_by=keeper()
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("decision_allocates_or_says_why_not", {}),
        ("decision_allocates_or_says_why_not", {"reason": " "}),
        ("decision_allocates_or_says_why_not", {"allocated": True, "reason": "x"}),
        ("decision_rejection_stands", {"reason": "x", "replaced_at": NOON}),
    ],
)
def test_a_decision_is_one_thing_or_the_other(name: str, given: dict[str, Any]) -> None:
    if "allocated" in given:
        given = given | {"allocated": commune()}
    with refuses(name):
        RegistrationDecision.objects.create(
            registration=registered(), decided_at=NOON, decided_by=keeper(), **given
        )


def test_one_decision_stands() -> None:
    row = registered()
    for expected in (None, "decision_one_stands"):
        given = {"allocated": commune(), "decided_at": NOON, "decided_by": keeper()}
        if expected is None:
            row.decisions.create(**given)
        else:
            with refuses(expected):
                row.decisions.create(**given)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("invitation_answered_whole", {"answer": "accepted"}),
        ("invitation_answered_whole", {"answered_at": NOON}),
        ("invitation_answered_whole", {"answer": "perhaps", "answered_at": NOON}),
        ("invitation_answered_whole", {"answer": "accepted", "answered_at": NOON - 9 * DAY}),
        ("invitation_closed_whole", {"closed_at": NOON}),
        ("invitation_closed_whole", {"end": "over"}),
        ("invitation_closed_whole", {"closed_at": NOON - 9 * DAY, "end": "over"}),
        ("invitation_declined_is_closed", {"answer": "declined", "answered_at": NOON}),
    ],
)
def test_an_invitation_is_whole(name: str, change: dict[str, Any]) -> None:
    row = invited()
    with refuses(name):
        changed(row, **change)


def test_a_person_has_one_open_invitation() -> None:
    row = invited()
    other: Person = person()
    for who, expected in ((other, None), (row.person, "invitation_one_open_a_person")):
        given = {
            "session": row.session, "registration": row.registration, "person": who, "code": str(who.pk),
            "slot_at": NOON, "cause": uuid7(), "invited_at": NOON, "invited_by": keeper(),
        }  # fmt: skip
        if expected is None:
            Invitation.objects.create(**given)
        else:
            with refuses(expected):
                Invitation.objects.create(**given)
