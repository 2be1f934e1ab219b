"""The loop: who reacts to what. Read this table to see how the systems act as one.

A verified positive makes a case, the case its contacts, each contact an order, the order its tests and a message;
negatives and elapsed days lead to release; an amended result takes all of it back. Systems import nothing of
each other: what one tells, this table brings to the others.
"""

from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    PersonsMerged,
    PersonsSplit,
    PoolPositive,
    ResultAmended,
    ResultReported,
    SymptomsDeclared,
)
from lachan.core.subscriptions import On
from lachan.site import notify
from lachan.systems.quarantine import handlers as quarantine
from lachan.systems.testing import handlers as testing
from lachan.systems.tracing import handlers as tracing


def positive(event: ResultReported | ResultAmended) -> bool:
    return event.outcome == "positive"


def negative(event: ResultReported) -> bool:
    return event.outcome == "negative"


def about_negative(event: ResultAmended) -> bool:
    """It became negative, or was so before."""
    return "negative" in (event.outcome, event.previous_outcome)


def no_longer_positive(event: ResultAmended) -> bool:
    return event.previous_outcome == "positive" and event.outcome != "positive"


LOOP: tuple[On, ...] = (
    On(ResultReported, tracing.confirm_cases, when=positive),
    On(ResultReported, tracing.note_negatives, when=negative),
    On(ResultReported, notify.result),
    On(ResultAmended, tracing.confirm_cases, when=positive),
    On(ResultAmended, tracing.withdraw_cases, when=no_longer_positive),
    On(ResultAmended, tracing.note_negatives, when=about_negative),
    On(ResultAmended, notify.result_amended),
    On(PoolPositive, testing.confirm_members),
    On(SymptomsDeclared, tracing.review_symptoms),
    On(SymptomsDeclared, testing.test_symptomatic),
    On(CaseConfirmed, tracing.find_contacts),
    On(CaseConfirmed, quarantine.isolate_cases),
    On(CaseWithdrawn, quarantine.end_isolation),
    On(ContactFound, quarantine.issue_orders),
    On(ContactChanged, quarantine.change_orders),
    On(ContactCleared, quarantine.lift_orders),
    On(OrderIssued, testing.order_tests),
    On(OrderIssued, notify.order_issued),
    On(OrderChanged, testing.replan_tests),
    On(OrderChanged, notify.order_changed),
    On(OrderLifted, testing.cancel_tests),
    On(OrderLifted, notify.order_lifted),
    On(PersonReleased, tracing.end_cases),
    On(PersonReleased, testing.cancel_after_release),
    On(PersonReleased, notify.released),
    On(PersonsMerged, tracing.reunite),
    On(PersonsMerged, quarantine.unite_orders),
    On(PersonsSplit, tracing.separate),
    On(PersonsSplit, quarantine.separate_orders),
)
