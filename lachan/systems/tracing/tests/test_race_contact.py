"""Two officers at once: first shown to go wrong with the guard off, then that it cannot."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from lachan.core.errors import Refusal
from lachan.core.events import CaseConfirmed
from lachan.core.models import Actor
from lachan.systems.tracing import handlers
from lachan.systems.tracing.commands import calls, graph, handovers
from lachan.systems.tracing.models import Contact, HandOver
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.test_constraints import Rows
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of these gave (or the refusal that it raised), started at the same moment."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def officers() -> list[Actor]:
    return [world.officer(f"Trần Thị Bình {n}") for n in (1, 2)]


def take_unguarded(contact: Contact, actor: Actor, barrier: Barrier) -> str:
    """The same command as it would be without its guard: look, then write."""
    free = Contact.objects.get(pk=contact.pk).tracer_id is None
    barrier.wait()
    if free:
        Contact.objects.filter(pk=contact.pk).update(tracer=actor, taken_at=AT)
        return "taken"
    return "refused"


def test_without_the_guard_both_officers_believe_the_contact_is_theirs(officers: list[Actor]) -> None:
    contact, barrier = Rows().contact(), Barrier(2)
    answers = at_once(*(partial(take_unguarded, contact, actor, barrier) for actor in officers))
    assert answers == ["taken", "taken"]


def take(contact: Contact, actor: Actor) -> Callable[[], None]:
    return lambda: calls.take_contact(contact=contact, actor=actor, at=AT)


def test_contact_is_taken_by_one_of_two_officers(officers: list[Actor]) -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    contact = Contact.objects.get()
    for _ in range(ROUNDS):
        Contact.objects.update(tracer=None, taken_at=None)
        answers = at_once(*(take(contact, actor) for actor in officers))
        assert [a.code for a in answers if isinstance(a, Refusal)] == ["contact-taken"]
        assert Contact.objects.get().tracer_id == officers[answers.index(None)].pk


def test_handover_is_decided_by_one_of_two_officers(officers: list[Actor]) -> None:
    rows = Rows()
    for _ in range(ROUNDS):
        handover = rows.handover(acknowledged_at=AT, acknowledged_by=officers[0])

        def decide(actor: Actor, accepted: bool, which: HandOver = handover) -> None:
            handovers.decide_handover(
                handover=which, accepted=accepted, reason="full", actor=actor, at=AT + HOUR
            )

        answers = at_once(lambda: decide(officers[0], True), lambda: decide(officers[1], False))
        assert sorted(a.code for a in answers if isinstance(a, Refusal)) == ["handover-already-decided"]
        handover.refresh_from_db()
        assert handover.accepted is (answers[0] is None)


def two_cases_of_one_contact() -> tuple[list[CaseConfirmed], Any]:
    """Two people who met a third are confirmed; their contacts are not yet looked for."""
    first, second, friend = world.people(3)
    for n, who in enumerate((first, second)):
        world.visit(world.venue(), [who, friend], since=AT - DAY + n * 2 * HOUR)
    handlers.confirm_cases([world.result(first), world.result(second)], AT)
    return world.log(CaseConfirmed), (second, friend)


def trace_at_once(cases: list[CaseConfirmed]) -> None:
    at_once(*(partial(handlers.find_contacts, [case], AT) for case in cases))


def test_without_the_lock_two_batches_find_the_same_contact_for_the_first_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    barrier, differences = Barrier(2, timeout=10), graph._differences

    def together(*args: Any, **kwargs: Any) -> Any:
        found = differences(*args, **kwargs)
        if any(d.was is None for d in found):
            barrier.wait()
        return found

    monkeypatch.setattr(graph, "hold", lambda: None)
    monkeypatch.setattr(graph, "_differences", together)
    cases, _ = two_cases_of_one_contact()
    with pytest.raises(IntegrityError, match="contact_one_live_a_person"):
        trace_at_once(cases)


def test_two_batches_at_once_find_a_contact_once_with_the_last_exposure() -> None:
    cases, (second, friend) = two_cases_of_one_contact()
    trace_at_once(cases)
    found = Contact.objects.get(ended_at__isnull=True)
    assert (found.person_id, found.source_id) == (friend.pk, second.pk)
