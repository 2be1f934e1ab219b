"""What the rules of sessions and of the line refuse, the database refuses too: each constraint is broken on purpose."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core.ids import uuid7
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Dose, Observation, ScreeningForm, Session, Visit
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper
from lachan.systems.vaccination.tests.line_rows import (
    earlier,
    injected,
    person,
    screened,
    session,
    vial,
    visit,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def change(model: Any, **facts: Any) -> Callable[[Any], Any]:
    return lambda row: model.objects.filter(pk=row.pk).update(**facts)


SESSIONS: dict[str, dict[str, Any]] = {
    "session_period_forward": {"ends_at": NOON - 9 * HOUR},
    "session_has_tables": {"tables": 0},
    "session_has_places": {"places": 0},
    "session_not_overbooked": {"taken": 21},
    "session_cancelled_whole": {"cancelled_at": NOON},
    "session_ended_whole": {"ended_at": NOON},
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_is_whole(name: str) -> None:
    here = session()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(Session, **SESSIONS[name])(here)


VISITS: dict[str, dict[str, Any]] = {
    "visit_known_by": {"known_by": "rumour"},
    "visit_ended_whole": {"left_at": NOON},
}


@pytest.mark.parametrize("name", VISITS)
def test_a_visit_is_whole(name: str) -> None:
    one = visit(session())
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(Visit, **VISITS[name])(one)


def test_who_ended_it_alone_ends_nothing() -> None:
    """NULL >= … is neither true nor false, and what is not false passes a check."""
    here = session()
    with pytest.raises(IntegrityError, match="session_ended_whole"), transaction.atomic():
        change(Session, ended_by=keeper())(here)
    with pytest.raises(IntegrityError, match="visit_ended_whole"), transaction.atomic():
        change(Visit, ending="left")(visit(here))


def test_a_visit_ends_after_it_began_and_a_number_is_called_once() -> None:
    here = session()
    one, other = visit(here), visit(here)
    with pytest.raises(IntegrityError, match="visit_ended_whole"), transaction.atomic():
        change(Visit, left_at=NOON - HOUR, ending="left")(one)
    with pytest.raises(IntegrityError, match="visit_number_once_a_session"), transaction.atomic():
        change(Visit, number=one.number)(other)
    with pytest.raises(IntegrityError, match="visit_one_open_a_person"), transaction.atomic():
        change(Visit, person=one.person_id)(other)


FORMS: dict[str, dict[str, Any]] = {
    "form_outcome_known": {"outcome": "fine"},
    "form_careful_when_asked_for": {"careful_here": True},
    "form_deferred_until": {"defer_until": TODAY},
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_whole(name: str) -> None:
    one = screened(session()).forms.get()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(ScreeningForm, **FORMS[name])(one)


DOSES: dict[str, dict[str, Any]] = {
    "dose_of_known_kind": {"kind": "spare"},
    "dose_number_counts": {"number": 0, "kind": "booster"},
    "dose_of_a_course": {"primary_doses": 11},
    "dose_within_its_course": {"number": 3},
    "dose_of_the_line_names_its_vial": {"vial": None},
    "dose_withdrawn_whole": {"withdrawn_at": NOON},
}


@pytest.mark.parametrize("name", DOSES)
def test_a_dose_is_whole(name: str) -> None:
    here = session()
    dose = injected(here, vial(here))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(Dose, **DOSES[name])(dose)


def test_a_dose_is_withdrawn_with_words() -> None:
    dose = earlier(person(), TODAY)
    with pytest.raises(IntegrityError, match="dose_withdrawn_whole"), transaction.atomic():
        change(Dose, withdrawn_at=NOON, withdrawn_by=keeper(), withdrawal=" ")(dose)


def again(dose: Dose, **facts: Any) -> None:
    """The same row once more, with another key."""
    dose.pk, dose.event_id = None, uuid7()
    for name, value in facts.items():
        setattr(dose, name, value)
    dose.save(force_insert=True)


def test_a_dose_stands_once() -> None:
    who = person()
    with pytest.raises(IntegrityError, match="dose_once_a_person"), transaction.atomic():
        again(earlier(who, TODAY), given_on=TODAY - timedelta(days=1))
    with pytest.raises(IntegrityError, match="dose_one_a_day"), transaction.atomic():
        again(earlier(person(), TODAY), number=2)
    here = session()
    bottle = vial(here)
    dose = injected(here, bottle)
    more = commands.take_dose(vial=bottle, actor=keeper(), at=NOON)
    with pytest.raises(IntegrityError, match="dose_one_a_visit"), transaction.atomic():
        again(dose, person=person(), movement=more)


def test_a_watch_that_did_not_end_well_is_told_in_words() -> None:
    here = session()
    dose = injected(here, vial(here))
    with pytest.raises(IntegrityError, match="observation_told_in_words"), transaction.atomic():
        Observation.objects.create(dose=dose, ended_at=NOON, ended_by=keeper(), well=False, note=" ")


def test_a_withdrawn_dose_leaves_room_for_the_right_one() -> None:
    who = person()
    dose = earlier(who, TODAY)
    change(Dose, withdrawn_at=NOON, withdrawn_by=keeper(), withdrawal="wrong vaccine")(dose)
    assert earlier(who, TODAY).number == dose.number
