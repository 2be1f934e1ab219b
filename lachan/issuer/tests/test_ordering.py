"""Batches ordered at a desk: carried out by a worker, to be left off and taken up again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.issuer import commands
from lachan.issuer.commands import ordering
from lachan.issuer.models import BatchOrder, Intent, SignerKey
from lachan.issuer.tests.conftest import AT, TODAY, YESTERDAY, Office
from lachan.issuer.tests.many import records
from lachan.platform import jobs

pytestmark = pytest.mark.django_db


def test_a_batch_asks_for_all_that_is_missing(office: Office) -> None:
    records(office, 12, lot="A")
    records(office, 3, lot="B")
    office.request(office.record(lot="A"))
    order = ordering.order_batch(lot=" A ", actor=office.operator, at=AT)
    assert order.total == 12
    ordering.carry_on(order, at=AT)
    done = BatchOrder.objects.get()
    assert (done.done, done.finished_at) == (12, AT)
    assert Intent.objects.filter(record__lot="A").count() == 13
    assert not Intent.objects.filter(record__lot="B").exists()
    with pytest.raises(commands.CannotIssue, match="nothing-to-do"):
        ordering.order_batch(lot="A", actor=office.operator, at=AT)


def test_a_batch_of_a_place_keeps_to_its_days(office: Office) -> None:
    office.record(happened_on=YESTERDAY)
    office.record(happened_on=TODAY)
    order = ordering.order_batch(
        place=office.site, starts_on=TODAY, ends_on=TODAY + timedelta(1), actor=office.operator, at=AT
    )
    ordering.carry_on(order, at=AT)
    assert Intent.objects.get().record.happened_on == TODAY


def test_a_batch_left_off_in_the_middle_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    records(office, 30, lot="A")
    order = ordering.order_batch(lot="A", actor=office.operator, at=AT)
    whole = commands.request_batch

    def in_tens(**given: Any) -> Any:
        return whole(**given, size=10)

    monkeypatch.setattr(ordering, "request_batch", in_tens)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "go_on", _interrupt)
        with pytest.raises(jobs.Interrupted):
            ordering.carry_on(order, at=AT)
    half = BatchOrder.objects.get()
    assert (half.done, half.finished_at) == (10, None)
    ordering.carry_on(half, at=AT + timedelta(minutes=1))
    whole_order = BatchOrder.objects.get()
    assert (whole_order.done, Intent.objects.count()) == (30, 30)
    assert whole_order.finished_at == AT + timedelta(minutes=1)


def _interrupt() -> None:
    raise jobs.Interrupted


@pytest.mark.django_db(transaction=True)
def test_a_worker_carries_it_out(office: Office) -> None:
    with connection.cursor() as cursor:  # what other tests left in the queue
        cursor.execute("DELETE FROM procrastinate_jobs")
    records(office, 5, lot="A")
    ordering.order_batch(lot="A", actor=office.operator, at=AT)
    jobs.run_waiting()
    assert Intent.objects.count() == 5
    assert BatchOrder.objects.get().finished_at is not None


def test_what_a_compromised_key_signed_is_issued_anew(office: Office) -> None:
    office.issued()
    office.issued()
    key = SignerKey.objects.get(purpose="certificates")
    with pytest.raises(commands.CannotIssue, match="not-compromised"):
        ordering.order_reissue(key=key, actor=office.operator, at=AT)
    commands.declare_compromised(key=key, reason="stolen", actor=office.operator, at=AT)
    order = ordering.order_reissue(key=key, actor=office.operator, at=AT)
    ordering.carry_on(order, at=AT)
    assert (order.total, Intent.objects.filter(replaces__isnull=False).count()) == (2, 2)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("batch_order_names_what_it_is_for", {"lot": ""}),
        (
            "batch_order_names_what_it_is_for",
            {"lot": "", "place": "site", "starts_on": TODAY, "ends_on": TODAY},
        ),
        ("batch_order_finished_after_it_began", {"finished_at": AT - timedelta(seconds=1)}),
    ],
)
def test_the_database_refuses_it_too(office: Office, constraint: str, wrong: dict[str, Any]) -> None:
    row: dict[str, Any] = {"lot": "A", "total": 1, "ordered_by": office.operator, "ordered_at": AT}
    if "place" in wrong:
        wrong = wrong | {"place": office.site}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BatchOrder.objects.create(**row | wrong)
    BatchOrder.objects.create(**row)
