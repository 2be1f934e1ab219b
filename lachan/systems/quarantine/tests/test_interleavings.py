"""Whatever the order in which exposures, clearings and cases are told: one open order at most, and the right one."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.core.events import CaseWithdrawn, ContactChanged, ContactCleared
from lachan.core.models import EventRow, Person
from lachan.systems.quarantine import handlers
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.quarantine.tests.conftest import NOON, confirmed, day, found, noon_of, person, told

pytestmark = pytest.mark.django_db

steps = st.lists(
    st.one_of(
        st.tuples(st.just("found"), st.sampled_from([1, 2]), st.integers(4, 10)),
        st.tuples(st.just("changed"), st.sampled_from([1, 2]), st.integers(4, 10)),
        st.tuples(st.just("cleared"), st.just(1), st.just(0)),
        st.tuples(st.just("case"), st.just(0), st.integers(8, 10)),
        st.tuples(st.just("withdrawn"), st.just(0), st.just(0)),
    ),
    min_size=1, max_size=7,
)  # fmt: skip
LENGTH = {"F1": 14, "F2": 14, "F0": 7}


def tell(who: Person, step: tuple[str, int, int], case_ids: list[int]) -> tuple[Any, Any] | None:
    """The handler and the event of a step; None where it cannot happen."""
    kind, level, on = step
    envelope: dict[str, Any] = {"person_id": who.pk, "happened_at": NOON, "contact_id": 1}
    if kind == "found":
        return handlers.issue_orders, found(who, level=level, exposed=on)
    if kind == "changed":
        change = ContactChanged(
            level=level, previous_level=1, exposed_at=noon_of(on), source_id=1, **envelope
        )
        return handlers.change_orders, told(change)
    if kind == "cleared":
        return handlers.lift_orders, told(ContactCleared(level=level, reason="no-exposure", **envelope))
    if kind == "case":
        case = confirmed(who, sampled=on)
        case_ids.append(case.case_id)
        return handlers.isolate_cases, case
    if not case_ids:
        return None
    event = CaseWithdrawn(person_id=who.pk, happened_at=NOON, case_id=case_ids.pop(), reason="amended")
    return handlers.end_isolation, told(event)


class Model:
    """What should hold: (subject, day 0) of the open order."""

    def __init__(self) -> None:
        self.held: tuple[str, int] | None = None

    def step(self, kind: str, level: int, on: int) -> None:
        subject = {1: "F1", 2: "F2"}.get(level, "")
        if kind == "case":
            self.held = self.held if self.held and self.held[0] == "F0" else ("F0", on)
        elif kind == "withdrawn":
            self.held = None if self.held and self.held[0] == "F0" else self.held
        elif kind == "cleared":
            self.held = self.held if self.held and self.held[0] == "F0" else None
        elif self.held is None or (kind == "changed" and self.held[0] != "F0"):
            self.held = (subject, on)
        elif self.held[0] != "F0":
            self.held = min((subject, -on), (self.held[0], -self.held[1]))
            self.held = (self.held[0], -self.held[1])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_open_order_is_what_was_told_last_and_strictest(told_steps: list[tuple[str, int, int]]) -> None:
    who, model, case_ids, seen = person(), Model(), list[int](), list[tuple[Any, Any]]()
    for step in told_steps:
        happening = tell(who, step, case_ids)
        if happening is None:
            continue
        handler, event = happening
        handler([event], NOON)
        seen.append(happening)
        model.step(*step)
        check(who, model)
    for handler, event in seen:
        if isinstance(event, ContactCleared | CaseWithdrawn) or handled(event):
            handler([event], NOON)
    check(who, model)


def handled(event: Any) -> bool:
    return EventRow.objects.filter(caused_by=event.id).exists()


def check(who: Person, model: Model) -> None:
    terms = list(
        OrderTerm.objects.filter(order__person=who, order__closed_at__isnull=True, superseded_at__isnull=True)
    )
    assert Order.objects.filter(person=who, closed_at__isnull=True).count() == len(terms) <= 1
    if model.held is None:
        assert not terms
        return
    (term,) = terms
    assert (term.subject, term.exposed_on) == (model.held[0], day(model.held[1]))
    assert (term.ends_on - term.exposed_on).days == LENGTH[term.subject]
