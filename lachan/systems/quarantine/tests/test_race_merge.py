"""A record is merged away while an order is issued to it: without the lock the order stays with the record that is
gone, beside that of the person kept; with it there is one order, and it is the person's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from lachan.core import persons
from lachan.core.events import PersonsMerged
from lachan.core.models import EventRow, Person
from lachan.systems.quarantine import handlers
from lachan.systems.quarantine.commands import docket
from lachan.systems.quarantine.models import Order
from lachan.systems.quarantine.tests.conftest import NOON, contact_under_order, found, officer, person, told

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work: Callable[[], None]) -> "Future[None]":
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(run)
    finally:
        pool.shutdown(wait=False)


def merge_while_issuing(monkeypatch: pytest.MonkeyPatch, kept: Person, merged: Person) -> None:
    """Let the merge begin after the roots were read and before the order is written."""
    event, by = found(merged), officer()
    read, go_on = Event(), Event()
    real = docket._open_orders

    def slowly(roots: set[int]) -> object:
        read.set()
        go_on.wait(2)
        return real(roots)

    monkeypatch.setattr(docket, "_open_orders", slowly)
    issuing = in_thread(lambda: handlers.issue_orders([event], NOON))
    assert read.wait(10)

    def merge() -> None:
        persons.merge(kept=kept, merged=merged, reason="same card", actor=by, at=NOON)
        go_on.set()

    merging = in_thread(merge)
    issuing.result(timeout=20)
    merging.result(timeout=20)
    monkeypatch.setattr(docket, "_open_orders", real)


def unlocked(ids: list[int]) -> dict[int, int]:
    """The guard off: roots are read, not held."""
    found = Person.objects.filter(pk__in=list(ids)).values_list("pk", "merged_into_id")
    return {pk: root or pk for pk, root in found}


def test_an_order_goes_to_a_record_that_is_gone_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "roots_locked", unlocked)
    kept, merged = person(), person()
    merge_while_issuing(monkeypatch, kept, merged)
    gone = Person.objects.get(pk=merged.pk)
    assert gone.merged_into == kept
    issued = Order.objects.get()
    assert issued.person == gone
    assert issued.issued_at == NOON
    assert merge_was_first(gone)


def merge_was_first(gone: Person) -> bool:
    """Whether the merge was committed before the order was issued (event ids are in order of making)."""
    told = EventRow.objects.filter(
        person__in=[gone.pk, gone.root_id], kind__in=["OrderIssued", "PersonsMerged"]
    )
    kinds = dict(told.order_by("-id").values_list("kind", "id"))
    return bool(kinds["PersonsMerged"] < kinds["OrderIssued"])


def test_the_merge_waits_until_the_order_is_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, merged = person(), person()
    merge_while_issuing(monkeypatch, kept, merged)
    gone = Person.objects.get(pk=merged.pk)
    assert not merge_was_first(gone)


def test_after_the_merge_one_order_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, merged = contact_under_order(), person()
    merge_while_issuing(monkeypatch, kept, merged)
    assert Order.objects.filter(closed_at__isnull=True).count() == 2
    event = told(PersonsMerged(person_id=kept.pk, merged_id=merged.pk, happened_at=NOON))
    handlers.unite_orders([event], NOON)
    assert Order.objects.filter(closed_at__isnull=True).count() == 1
    handlers.issue_orders([found(merged, exposed=10)], NOON)
    assert Order.objects.filter(closed_at__isnull=True).count() == 1
