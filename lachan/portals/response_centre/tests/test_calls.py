"""Calls in and out, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.core.models import Actor, EventRow, Role
from lachan.portals.response_centre import commands, queries
from lachan.portals.response_centre.commands import CannotCall, CannotHandOver, Ending
from lachan.portals.response_centre.models import Call, ShiftNote, Wish
from lachan.portals.response_centre.rules import MOST_TRIES, TRY_AGAIN_AFTER
from lachan.portals.response_centre.tests.conftest import (
    NINE,
    PHONE,
    caller,
    commune,
    later,
    officer,
    province,
    wish,
)
from lachan.systems.feedback.models import Report
from lachan.systems.feedback.tests.conftest import posting
from lachan.systems.testing.models import TestOrder

pytestmark = pytest.mark.django_db


def taken(actor: Actor, **more: Any) -> Call:
    return commands.take_call(area=province(), phone=PHONE, subject="health", actor=actor, at=NINE, **more)


def kinds() -> list[str]:
    return list(EventRow.objects.order_by("recorded_at", "id").values_list("kind", flat=True))


def test_who_could_not_be_served_keeps_the_place_through_every_try() -> None:
    first, _second = wish(1), wish(2, at=later(minutes=1))
    agent, desk = officer(), posting(Role.CALL_AGENT, province())
    moment = later(minutes=2)
    for number in range(1, MOST_TRIES):
        call = commands.call_back(wish=first, actor=agent, at=moment)
        commands.finish_call(call=call, ending=Ending(outcome="no-answer"), actor=agent, at=moment)
        moment += TRY_AGAIN_AFTER
        assert next((p.number, p.wish.pk, p.tries) for p in queries.queue(desk, at=moment)) == (
            1,
            first.pk,
            number,
        )
    call = commands.call_back(wish=first, actor=agent, at=moment)
    commands.finish_call(call=call, ending=Ending(outcome="no-answer"), actor=agent, at=moment)
    first.refresh_from_db()
    assert (first.ending, "CallBackGivenUp" in kinds()) == ("gave-up", True)


def test_urgent_ones_are_called_first() -> None:
    calm, urgent = wish(1), wish(2, urgent=True, at=later(minutes=5))
    desk = posting(Role.CALL_AGENT, province())
    assert [p.wish.pk for p in queries.queue(desk, at=later(minutes=6))] == [urgent.pk, calm.pk]


def test_the_queue_in_the_database_is_that_of_the_rules() -> None:
    rows = [wish(n, urgent=n % 3 == 0, at=later(minutes=n * 7 % 5)) for n in range(12)]
    expected = sorted(rows, key=lambda w: (not w.urgent, w.asked_at, w.pk))
    found = queries.queue(posting(Role.CALL_AGENT, province()), at=later(minutes=30))
    assert [p.wish.pk for p in found] == [w.pk for w in expected]


def test_asking_twice_keeps_the_first_place_and_may_make_it_urgent() -> None:
    first = wish(1)
    again = wish(1, urgent=True, at=later(minutes=9))
    assert (again.pk, again.asked_at, again.urgent) == (first.pk, NINE, True)


def test_an_agent_has_one_call_open() -> None:
    agent = officer()
    taken(agent)
    with pytest.raises(CannotCall) as refused:
        taken(agent)
    assert refused.value.code == "call-open"


def test_symptoms_told_on_the_telephone_are_told_to_all() -> None:
    agent, person = officer(), caller()
    call = taken(agent)
    commands.open_record(call=call, person=person, purpose="care", actor=agent, at=NINE)
    ending = Ending(write="symptoms", symptoms=("fever", "cough"))
    commands.finish_call(call=call, ending=ending, actor=agent, at=later(minutes=3))
    told = EventRow.objects.get(kind="SymptomsDeclared")
    assert (told.person_id, told.facts["symptoms"]) == (person.pk, ["fever", "cough"])
    call.refresh_from_db()
    assert (call.outcome, call.wrote) == ("written", f"response_centre.call:{call.pk}")


def test_a_test_is_ordered_for_whoever_is_on_the_screen() -> None:
    agent, person = officer(), caller()
    call = taken(agent)
    with pytest.raises(CannotCall) as refused:
        commands.finish_call(call=call, ending=Ending(write="test"), actor=agent, at=NINE)
    assert refused.value.code == "nobody"
    commands.open_record(call=call, person=person, purpose="testing", actor=agent, at=NINE)
    wrote = commands.finish_call(call=call, ending=Ending(write="test"), actor=agent, at=NINE)
    order = TestOrder.objects.get(person=person)
    assert wrote == f"testing.testorder:{order.pk}"


def test_a_report_is_filed_with_the_number_of_the_caller() -> None:
    agent = officer()
    call = taken(agent)
    ending = Ending(write="report", note="Không còn gạo", category="hardship", area=commune())
    wrote = commands.finish_call(call=call, ending=ending, actor=agent, at=NINE)
    report = Report.objects.get()
    assert (wrote, report.channel, report.phone) == (f"feedback.report:{report.pk}", "hotline", PHONE)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending(outcome="rác"), "write-unknown"),
        (Ending(write="rác"), "write-unknown"),
        (Ending(write="report", note="x"), "report-incomplete"),
        (Ending(write="symptoms", symptoms=("fever",)), "nobody"),
    ],
)
def test_what_cannot_be_written_leaves_the_call_open(ending: Ending, code: str) -> None:
    agent = officer()
    call = taken(agent)
    with pytest.raises(CannotCall) as refused:
        commands.finish_call(call=call, ending=ending, actor=agent, at=NINE)
    call.refresh_from_db()
    assert (refused.value.code, call.ended_at) == (code, None)


def test_who_is_to_be_called_back_stands_in_the_queue_and_the_call_is_over() -> None:
    agent = officer()
    call = taken(agent)
    commands.finish_call(call=call, ending=Ending(outcome="call-back", urgent=True), actor=agent, at=NINE)
    row = Wish.objects.get()
    assert (row.urgent, queries.number_of(row)) == (True, PHONE)


def test_a_note_is_taken_over_once_and_by_somebody_else() -> None:
    mine, other, third = officer(), officer(), officer()
    note = commands.write_note(area=province(), text="Hai người chờ", actor=mine, at=NINE)
    with pytest.raises(CannotHandOver, match="note-own"):
        commands.take_over(note=note, actor=mine, at=later(minutes=1))
    commands.take_over(note=note, actor=other, at=later(minutes=1))
    with pytest.raises(CannotHandOver, match="note-taken"):
        commands.take_over(note=note, actor=third, at=later(minutes=2))


def row(**more: Any) -> dict[str, Any]:
    number = {"phone": b"x", "phone_index": b"y", "area": province()}
    return number | {"subject": "health"} | more


@pytest.mark.parametrize(
    ("model", "name", "spoiled"),
    [
        (Wish, "wish_subject_known", {"subject": "rác"}),
        (Wish, "wish_claimed_by_somebody", {"claimed_at": NINE}),
        (Wish, "wish_ended_whole", {"ended_at": NINE}),
        (Call, "call_subject_known", {"subject": "rác"}),
        (Call, "centre_call_ended_whole", {"ended_at": NINE}),
        (Call, "call_out_of_a_wish", {"outbound": True}),
    ],
)
def test_the_database_refuses_what_the_commands_refuse(
    model: Any, name: str, spoiled: dict[str, Any]
) -> None:
    facts = (
        {"asked_at": NINE, "asked_by": officer()}
        if model is Wish
        else {"started_at": NINE, "taken_by": officer()}
    )
    given = row(**facts, **({"outbound": False} if model is Call else {})) | spoiled
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**given)


def test_the_database_keeps_one_call_an_agent_and_one_wish_a_number() -> None:
    agent = officer()
    call = row(outbound=False, started_at=NINE, taken_by=agent)
    wanted = row(asked_at=NINE, asked_by=agent)
    Call.objects.create(**call)
    Wish.objects.create(**wanted)
    with pytest.raises(IntegrityError, match="call_one_at_a_time"), transaction.atomic():
        Call.objects.create(**call)
    with pytest.raises(IntegrityError, match="wish_one_open_a_number"), transaction.atomic():
        Wish.objects.create(**wanted)


def test_no_record_is_opened_without_a_purpose() -> None:
    call, person = taken(officer()), caller()
    with pytest.raises(IntegrityError, match="call_opens_a_record_for_a_purpose"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(person=person)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shift_note_says_something", {"text": " "}),
        ("shift_note_taken_whole", {"taken_at": NINE}),
        ("shift_note_taken_by_another", {"taken_at": NINE + timedelta(1), "taken_by": "self"}),
    ],
)
def test_the_database_keeps_notes_whole(name: str, change: dict[str, Any]) -> None:
    mine = officer()
    note = commands.write_note(area=province(), text="x", actor=mine, at=NINE)
    given = {k: mine if v == "self" else v for k, v in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ShiftNote.objects.filter(pk=note.pk).update(**given)


def _call(wanted: Wish, agent: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        commands.call_back(wish=wanted, actor=agent, at=later(minutes=1))
        return "mine"
    except CannotCall as refusal:
        return refusal.code
    finally:
        connection.close()


def _race() -> list[str]:
    wanted, start, agents = wish(), Barrier(2), [officer(), officer()]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(_call, wanted, agent, start) for agent in agents]
        return sorted(answer.result(timeout=30) for answer in answers)


@pytest.mark.django_db(transaction=True)
def test_two_agents_do_not_call_the_same_person() -> None:
    assert _race() == ["mine", "wish-taken"]


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guarded update is the guard: with a look before it, both find the wish free."""
    both = Barrier(2)

    def looked(*, wish: Wish, actor: Actor, at: Any) -> None:
        free = Wish.objects.get(pk=wish.pk).claimed_at is None
        both.wait(10)
        if not free:
            raise CannotCall("wish-taken", "")
        Wish.objects.filter(pk=wish.pk).update(claimed_at=at, claimed_by=actor)

    monkeypatch.setattr(commands, "call_back", looked)
    assert _race() == ["mine", "mine"]
