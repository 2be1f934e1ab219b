"""A reaction told in a call is written down as one, and a serious one starts the clocks of the decree."""

from datetime import timedelta

import pytest

from lachan.core import eventlog
from lachan.core.events import ReactionReported, SeriousReactionReported
from lachan.core.models import Person, Role
from lachan.portals.response_centre import commands
from lachan.portals.response_centre.commands import CannotCall, Ending
from lachan.portals.response_centre.models import Call, Wish
from lachan.systems.vaccination.commands import CannotReport
from lachan.systems.vaccination.models import Reaction
from lachan.systems.vaccination.queries.reactions import lines
from lachan.systems.vaccination.tests import people
from lachan.systems.vaccination.tests.conftest import deaf_loop, keeper, posting, province, still_clock
from lachan.systems.vaccination.tests.test_reactions import LATER, dosed
from tests.rows import browser_of

__all__ = ["deaf_loop", "still_clock"]
pytestmark = pytest.mark.django_db
AGENT = Role.CALL_AGENT


def in_call(who: Person | None) -> Call:
    agent = keeper()
    call = commands.take_call(area=province(), phone=people.PHONE, subject="reaction", actor=agent, at=LATER)
    if who is not None:
        commands.open_record(call=call, person=who, purpose="care", actor=agent, at=LATER)
    call.refresh_from_db()
    return call


def finish(call: Call, **said: object) -> str:
    ending = Ending(write="reaction", note="Kể qua điện thoại", **said)  # type: ignore[arg-type]
    assert call.taken_by is not None
    return commands.finish_call(call=call, ending=ending, actor=call.taken_by, at=LATER)


def test_a_serious_one_starts_its_clocks_and_nobody_is_called_who_has_just_spoken() -> None:
    who = people.person()
    dosed(who)
    call = in_call(who)
    wrote = finish(call, felt=("chest_pain",), criteria=("hospital",), since=LATER - timedelta(minutes=30))
    row = Reaction.objects.get()
    assert (wrote, row.told_by, row.began_at) == (
        f"vaccination.reaction:{row.pk}", "centre", LATER - timedelta(minutes=30),
    )  # fmt: skip
    [line] = lines([row], at=LATER)
    assert line.clock is not None
    assert (line.clock.kind, line.clock.due_at) == ("investigated", LATER + timedelta(hours=24))
    assert len(eventlog.of_person(who.pk, [SeriousReactionReported])) == 1
    call.refresh_from_db()
    assert (call.outcome, call.wrote) == ("written", wrote)
    commands.call_urgently(events=eventlog.of_person(who.pk, [ReactionReported]), actor=keeper(), at=LATER)
    assert not Wish.objects.exists()


def test_it_needs_an_open_record_a_dose_and_something_that_was_felt() -> None:
    with pytest.raises(CannotCall) as nobody:
        finish(in_call(None), felt=("rash",))
    assert nobody.value.code == "nobody"
    with pytest.raises(CannotReport) as undosed:
        finish(in_call(people.person()), felt=("rash",))
    assert undosed.value.code == "no-dose"
    who = people.person()
    dosed(who)
    call = in_call(who)
    with pytest.raises(CannotReport) as unknown:
        finish(call, felt=("gossip",))
    assert unknown.value.code == "symptom-unknown"
    call.refresh_from_db()
    assert call.ended_at is None  # nothing half-written
    assert not Reaction.objects.exists()


def test_the_agent_ticks_what_was_felt_once_a_record_is_open() -> None:
    who = people.person()
    dosed(who)
    holder = posting(AGENT, area=province())
    agent = browser_of(holder)
    agent.post("/response/take", {"phone": "0912 345 678", "subject": "reaction"})
    call = Call.objects.get()
    there = f"/response/calls/{call.pk}/"
    assert "Felt after the injection" not in agent.get(there).content.decode()
    agent.post(f"{there}open", {"person": who.code, "purpose": "care"})
    assert "Felt after the injection" in agent.get(there).content.decode()
    empty = agent.post(f"{there}end", {"outcome": "answered", "write": "reaction"})
    assert (empty.status_code, "Tick what was felt" in empty.content.decode()) == (422, True)
    agent.post(f"{there}end", {"outcome": "answered", "write": "reaction", "felt": ["rash", "fever"]})
    assert Reaction.objects.get().symptoms == ["fever", "rash"]
