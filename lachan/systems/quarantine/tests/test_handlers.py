"""Reactions: whole batches, idempotent, a constant number of statements."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import persons
from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    DoseWithdrawn,
    PersonsMerged,
    PersonsSplit,
)
from lachan.core.models import EventRow, Person
from lachan.core.subscriptions import Handler
from lachan.systems.quarantine import handlers
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    confirmed,
    contact_under_order,
    day,
    dosed,
    found,
    noon_of,
    officer,
    order_of,
    person,
    term_of,
    told,
)

pytestmark = pytest.mark.django_db


def changed(who: Person, *, level: int, previous: int = 1, exposed: int = 9) -> ContactChanged:
    return told(
        ContactChanged(
            person_id=who.pk, happened_at=NOON, contact_id=1, level=level, previous_level=previous,
            exposed_at=noon_of(exposed), source_id=1,
        )
    )  # fmt: skip


def cleared(who: Person, *, level: int = 1, reason: Any = "source-cleared") -> ContactCleared:
    return told(ContactCleared(person_id=who.pk, happened_at=NOON, contact_id=1, level=level, reason=reason))


def kinds_told(who: Person) -> list[str]:
    ours = ("OrderIssued", "OrderChanged", "OrderLifted")
    return list(
        EventRow.objects.filter(person=who, kind__in=ours).order_by("id").values_list("kind", flat=True)
    )


def test_a_contact_gets_the_order_of_the_policy() -> None:
    who = person()
    event = found(who, exposed=9)
    handlers.issue_orders([event], NOON)
    term = term_of(who)
    assert (term.subject, term.kind, term.exposed_on, term.ends_on) == ("F1", "facility", day(9), day(23))
    assert term.test_dates == [day(10), day(16), day(23)]
    issued = EventRow.objects.get(person=who, kind="OrderIssued")
    assert issued.caused_by_id == event.id
    assert issued.facts["ends_on"] == "2026-01-23"
    assert issued.facts["policy_id"] == term.policy_id
    assert term.order.area == who.home_area


def test_a_vaccinated_contact_stays_home() -> None:
    who = person()
    dosed(who, number=1, on=-90)
    dosed(who, number=2, on=-60)
    handlers.issue_orders([found(who, exposed=9)], NOON)
    assert (term_of(who).kind, term_of(who).immune, term_of(who).ends_on) == ("home", True, day(16))


def test_a_withdrawn_dose_makes_nobody_immune() -> None:
    who = person()
    dosed(who, number=1, on=-90)
    second = dosed(who, number=2, on=-60)
    told(DoseWithdrawn(person_id=who.pk, happened_at=noon_of(-59), dose_id=2, given_id=second.id))
    handlers.issue_orders([found(who, exposed=9)], NOON)
    assert (term_of(who).kind, term_of(who).immune) == ("facility", False)


def test_the_same_event_twice_changes_nothing() -> None:
    who = person()
    event = found(who)
    handlers.issue_orders([event], NOON)
    handlers.issue_orders([event], NOON)
    handlers.issue_orders([event, event], NOON)
    assert kinds_told(who) == ["OrderIssued"]
    assert OrderTerm.objects.filter(order__person=who).count() == 1


def test_a_second_exposure_in_the_same_batch_restarts_the_clock() -> None:
    who = person()
    handlers.issue_orders([found(who, exposed=5), found(who, exposed=9)], NOON)
    assert term_of(who).ends_on == day(23)
    assert kinds_told(who) == ["OrderIssued", "OrderChanged"]


def test_an_earlier_exposure_found_later_changes_nothing() -> None:
    who = contact_under_order()
    handlers.issue_orders([found(who, exposed=4)], NOON)
    assert term_of(who).ends_on == day(23)
    assert kinds_told(who) == ["OrderIssued"]


def test_an_exposure_whose_period_is_over_gives_no_order() -> None:
    who = person()
    handlers.issue_orders([found(who, exposed=-10)], NOON)
    assert not Order.objects.filter(person=who).exists()


def test_a_contact_who_comes_nearer_gets_the_stricter_order() -> None:
    who = person()
    handlers.issue_orders([found(who, level=2)], NOON)
    assert (term_of(who).subject, term_of(who).kind) == ("F2", "home")
    handlers.change_orders([changed(who, level=1, previous=2)], NOON)
    assert (term_of(who).subject, term_of(who).kind) == ("F1", "facility")
    assert OrderTerm.objects.filter(order__person=who).count() == 2


def test_a_contact_who_goes_further_gets_the_milder_order() -> None:
    who = contact_under_order()
    handlers.change_orders([changed(who, level=2)], NOON)
    assert term_of(who).subject == "F2"


def test_an_f2_is_free_when_the_source_is_cleared() -> None:
    who = person()
    handlers.issue_orders([found(who, level=2)], NOON)
    event = cleared(who, level=2)
    handlers.lift_orders([event], NOON)
    order = Order.objects.get(person=who)
    assert order.closing_event is not None
    assert (order.closed_how, order.closing_event.caused_by_id) == ("lifted", event.id)
    assert order.closing_event.facts["reason"] == "source-cleared"


def test_an_old_clearing_told_again_does_not_lift_a_new_order() -> None:
    who = contact_under_order()
    event = cleared(who)
    handlers.lift_orders([event], NOON)
    handlers.issue_orders([found(who, exposed=10)], NOON)
    handlers.lift_orders([event], NOON)
    assert order_of(who).closed_at is None


@pytest.mark.parametrize("reason", ["merged", "follow-up-ended"])
def test_the_end_of_follow_up_ends_no_order(reason: str) -> None:
    who = contact_under_order()
    handlers.lift_orders([cleared(who, reason=reason)], NOON)
    assert order_of(who).closed_at is None


def test_a_case_is_isolated_from_the_day_of_the_sample() -> None:
    who = contact_under_order()
    handlers.isolate_cases([confirmed(who, sampled=9)], NOON)
    term = term_of(who)
    assert (term.subject, term.exposed_on, term.ends_on, term.at_most_on) == ("F0", day(9), day(16), day(23))
    assert kinds_told(who) == ["OrderIssued", "OrderLifted", "OrderIssued"]
    assert Order.objects.filter(person=who, closed_how="superseded").count() == 1


def test_a_case_stays_isolated_whatever_is_told_of_contacts() -> None:
    who = person()
    handlers.isolate_cases([confirmed(who)], NOON)
    handlers.issue_orders([found(who, exposed=10)], NOON)
    handlers.lift_orders([cleared(who, reason="became-case")], NOON)
    assert term_of(who).subject == "F0"
    assert kinds_told(who) == ["OrderIssued"]


def test_a_withdrawn_case_is_let_go_with_the_reason() -> None:
    who = person()
    case = confirmed(who)
    handlers.isolate_cases([case], NOON)
    event = told(CaseWithdrawn(person_id=who.pk, happened_at=NOON, case_id=case.case_id, reason="amended"))
    handlers.end_isolation([event], NOON)
    order = Order.objects.get(person=who)
    assert order.closed_how == "lifted"
    assert order.closing_event is not None
    assert order.closing_event.facts["reason"] == "case-withdrawn"


def test_two_orders_of_one_person_become_one_after_a_merge() -> None:
    kept, merged = contact_under_order(), person("Nguyen Van An")
    handlers.isolate_cases([confirmed(merged)], NOON)
    persons.merge(kept=kept, merged=merged, reason="same card", actor=officer(), at=NOON)
    event = told(PersonsMerged(person_id=kept.pk, merged_id=merged.pk, happened_at=NOON))
    handlers.unite_orders([event], NOON)
    assert term_of(merged).subject == "F0"
    assert Order.objects.get(person=kept).closed_how == "superseded"
    handlers.unite_orders([event], NOON)
    handlers.issue_orders([found(kept, exposed=10)], NOON)
    assert Order.objects.filter(closed_at__isnull=True).count() == 1


def traced_from(case: CaseConfirmed, who: Person, *, contact_id: int = 1) -> None:
    """`who` is found as a contact of the case, and the follow-up ends while the order is open."""
    contact = told(
        ContactFound(
            person_id=who.pk, happened_at=NOON, contact_id=contact_id, level=1, exposed_at=noon_of(9), source_id=1,
            caused_by=case.id,
        )
    )  # fmt: skip
    handlers.issue_orders([contact], NOON)
    told(
        ContactCleared(
            person_id=who.pk, happened_at=NOON, contact_id=contact_id, level=1, reason="follow-up-ended"
        )
    )


def withdrawn(case: CaseConfirmed) -> CaseWithdrawn:
    return told(
        CaseWithdrawn(person_id=case.person_id, happened_at=NOON, case_id=case.case_id, reason="amended")
    )


def test_a_withdrawn_case_frees_its_contacts_whom_tracing_no_longer_follows() -> None:
    case, who = confirmed(person()), person()
    traced_from(case, who)
    event = withdrawn(case)
    for _ in range(2):
        handlers.end_isolation([event], NOON)
    closing = Order.objects.get(person=who).closing_event
    assert closing is not None
    assert (closing.facts["reason"], closing.caused_by_id) == ("case-withdrawn", event.id)
    assert kinds_told(who) == ["OrderIssued", "OrderLifted"]


def test_a_withdrawn_case_frees_nobody_whom_another_case_exposed() -> None:
    case, other, who, followed = confirmed(person()), confirmed(person()), person(), person()
    traced_from(case, who)
    traced_from(other, who, contact_id=2)
    traced_from(case, followed, contact_id=3)
    found(followed, contact_id=4)
    handlers.end_isolation([withdrawn(case)], NOON)
    assert order_of(who).closed_at is None
    assert order_of(followed).closed_at is None


def parted(kept: Person, merged: Person) -> PersonsSplit:
    """Merged, united, and then found to be two after all."""
    done = persons.merge(kept=kept, merged=merged, reason="same card", actor=officer(), at=NOON)
    handlers.unite_orders(
        [told(PersonsMerged(person_id=kept.pk, merged_id=merged.pk, happened_at=NOON))], NOON
    )
    persons.undo_merge(done, actor=officer(), at=NOON)
    return told(PersonsSplit(person_id=kept.pk, split_id=merged.pk, happened_at=NOON))


def test_undoing_a_merge_gives_each_person_their_order_back() -> None:
    ill, exposed = person(), contact_under_order(name="Nguyen Van An")
    handlers.isolate_cases([confirmed(ill)], NOON)
    event = parted(ill, exposed)
    assert not Order.objects.filter(person=exposed, closed_at__isnull=True).exists()
    for _ in range(2):
        handlers.separate_orders([event], NOON)
    assert (term_of(ill).subject, term_of(exposed).subject) == ("F0", "F1")
    assert (term_of(exposed).exposed_on, term_of(exposed).ends_on) == (day(9), day(23))
    assert order_of(exposed).cause_event_id == event.id
    assert kinds_told(exposed) == ["OrderIssued", "OrderLifted", "OrderIssued"]


def test_undoing_a_merge_of_two_cases_isolates_both() -> None:
    ill, other = person(), person("Nguyen Van An")
    handlers.isolate_cases([confirmed(ill), confirmed(other, sampled=8)], NOON)
    handlers.separate_orders([parted(ill, other)], NOON)
    assert (term_of(ill).exposed_on, term_of(other).exposed_on) == (day(9), day(8))


def test_undoing_a_merge_orders_nothing_whose_cause_was_taken_back() -> None:
    kept, merged = contact_under_order(), person("Nguyen Van An")
    contact = found(merged)
    handlers.issue_orders([contact], NOON)
    event = parted(kept, merged)
    told(
        ContactCleared(
            person_id=merged.pk,
            happened_at=NOON,
            contact_id=contact.contact_id,
            level=1,
            reason="case-withdrawn",
        )
    )
    handlers.separate_orders([event], NOON)
    assert Order.objects.filter(closed_at__isnull=True).count() == 1


def statements(handler: Handler, events: list[Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        handler(events, NOON)
    return len(captured)


@pytest.mark.parametrize("handler", ["issue", "isolate", "change", "lift"])
def test_statements_do_not_grow_with_the_batch(handler: str) -> None:
    def batch(size: int) -> tuple[Handler, list[Any]]:
        people = [person(f"Người {n}") for n in range(size)]
        if handler == "issue":
            return handlers.issue_orders, [found(p) for p in people]
        handlers.issue_orders([found(p) for p in people], NOON)
        if handler == "isolate":
            return handlers.isolate_cases, [confirmed(p) for p in people]
        if handler == "change":
            return handlers.change_orders, [changed(p, level=2) for p in people]
        return handlers.lift_orders, [cleared(p) for p in people]

    statements(*batch(2))
    assert statements(*batch(2)) == statements(*batch(40))
