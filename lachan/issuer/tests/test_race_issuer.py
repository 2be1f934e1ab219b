"""Issuers killed at random, two at once, and a stop in the middle. Each harm is shown first with its guard off."""

import os
import random
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.core import clock
from lachan.core.models import EventRow
from lachan.issuer import commands, signing
from lachan.issuer.commands import batches, requests, revoking, stops
from lachan.issuer.models import Intent, Record, Signature, Unsigned, Waiting
from lachan.issuer.tests.conftest import AT, Office, office_at
from lachan.issuer.tests.many import records
from tests.forked import forked

pytestmark = pytest.mark.django_db(transaction=True)
KILLS, CERTIFICATES, SMALL = 60, 1_500, 20


@pytest.fixture
def ready(transactional_db: None) -> Office:
    office = office_at()
    office.key_in_use()
    return office


class Issuers:
    """Processes that sign, made by fork; small batches, so that there is much to be killed in."""

    def __init__(self, office: Office, count: int, sign: Callable[..., int]) -> None:
        self.office, self.sign = office, sign
        self.pids = [self._fork() for _ in range(count)]

    def _fork(self) -> int:
        return forked(self._work)

    def _work(self) -> None:
        with clock.frozen(AT):
            while True:
                if not self.sign(keyring=self.office.keyring, at=AT, size=SMALL):
                    time.sleep(0.005)

    def kill_one(self) -> None:
        number = random.randrange(len(self.pids))
        self._end(self.pids[number])
        self.pids[number] = self._fork()

    def end(self) -> None:
        for pid in self.pids:
            self._end(pid)

    @staticmethod
    def _end(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def sign_under_fire(office: Office, sign: Callable[..., int], *, kills: int) -> None:
    """Two issuers, one of which is killed at random again and again, until nothing waits or nothing moves."""
    issuers = Issuers(office, 2, sign)
    try:
        for _ in range(kills):
            time.sleep(random.uniform(0.005, 0.05))
            issuers.kill_one()
        left, deadline = -1, time.monotonic() + 60
        while (now := Waiting.objects.count()) and time.monotonic() < deadline:
            if now != left:
                left, deadline = now, time.monotonic() + 60
            time.sleep(0.05)
    finally:
        issuers.end()


def requested(office: Office, count: int) -> set[int]:
    records(office, count)
    for _done in commands.request_batch(records=Record.objects.all(), actor=office.operator, at=AT):
        pass
    return set(Intent.objects.values_list("pk", flat=True))


def empty_the_queue_first(*, keyring: Any, at: Any, size: int) -> int:
    """The guard off: what waits is taken from the queue in a transaction of its own, before it is signed."""
    with transaction.atomic():
        waiting = signing._take(size, at, "vtr")
        ids = [intent.id for intent in waiting]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM issuer_waiting WHERE intent_id = ANY(%s)", [ids])
    with transaction.atomic():
        signing._store(signing._Answers(at).of(waiting, signing.Pens(keyring, at)))
    return len(waiting)


def test_with_the_queue_emptied_first_killed_issuers_lose_certificates(ready: Office) -> None:
    wanted = requested(ready, CERTIFICATES)
    sign_under_fire(ready, empty_the_queue_first, kills=KILLS)
    assert wanted - set(Signature.objects.values_list("pk", flat=True))


def test_killed_issuers_lose_nothing_and_sign_nothing_twice(ready: Office) -> None:
    wanted = requested(ready, CERTIFICATES)
    sign_under_fire(ready, signing.sign_batch, kills=KILLS)
    assert set(Signature.objects.values_list("pk", flat=True)) == wanted
    told = EventRow.objects.filter(kind="CertificateIssued").values_list("facts__certificate_id", flat=True)
    assert sorted(told) == sorted(wanted)
    assert not Unsigned.objects.exists()


def test_a_batch_of_wishes_killed_at_random_makes_no_certificate_twice(ready: Office) -> None:
    records(ready, CERTIFICATES)

    def wish() -> None:
        deque(commands.request_batch(records=Record.objects.all(), actor=ready.operator, at=AT, size=100), 0)

    for _ in range(12):
        pid = forked(wish)
        time.sleep(random.uniform(0.01, 0.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for _done in commands.request_batch(records=Record.objects.all(), actor=ready.operator, at=AT):
        pass
    assert Intent.objects.count() == Waiting.objects.count() == CERTIFICATES
    assert Intent.objects.values("record").distinct().count() == CERTIFICATES
    assert EventRow.objects.filter(kind="CertificateRequested").count() == CERTIFICATES


def signed_after_the_stop(office: Office, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many signatures come to be after `stop_issuing` has returned, while an issuer is storing."""
    requested(office, 40)
    storing, stopped = threading.Event(), threading.Event()
    store = signing._store

    def slow_store(answers: Any) -> None:
        storing.set()
        stopped.wait(3)
        store(answers)

    monkeypatch.setattr(signing, "_store", slow_store)

    def work() -> None:
        try:
            signing.sign_batch(keyring=office.keyring, at=AT)
        except IntegrityError:
            pass
        finally:
            connection.close()

    issuer = threading.Thread(target=work)
    issuer.start()
    assert storing.wait(20)
    commands.stop_issuing(reason="drill", actor=office.operator, at=AT)
    at_stop = Signature.objects.count()
    stopped.set()
    issuer.join(20)
    return Signature.objects.count() - at_stop


def without_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the gate nor the trigger."""
    monkeypatch.setattr(stops, "close_gate", lambda _: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE issuer_signature DISABLE TRIGGER issuer_signature_guard")


def test_without_its_guards_the_stop_button_lets_a_batch_through(
    ready: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guards(monkeypatch)
    try:
        assert signed_after_the_stop(ready, monkeypatch) == 40
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE issuer_signature ENABLE TRIGGER issuer_signature_guard")


def test_nothing_is_stored_once_the_stop_button_has_answered(
    ready: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signed_after_the_stop(ready, monkeypatch) == 0
    monkeypatch.undo()
    assert signing.sign_batch(keyring=ready.keyring, at=AT) == 0
    commands.resume_issuing(actor=ready.colleague, at=AT)
    while signing.sign_batch(keyring=ready.keyring, at=AT):
        pass
    assert Signature.objects.count() == 40


def test_issuing_is_resumed_by_a_second_person(ready: Office) -> None:
    commands.stop_issuing(reason="drill", actor=ready.operator, at=AT)
    with pytest.raises(commands.CannotStop, match="stopped-before"):
        commands.stop_issuing(reason="again", actor=ready.colleague, at=AT)
    with pytest.raises(commands.CannotResume, match="own-stop"):
        commands.resume_issuing(actor=ready.operator, at=AT)
    commands.resume_issuing(actor=ready.colleague, at=AT)
    with pytest.raises(commands.CannotResume, match="not-stopped"):
        commands.resume_issuing(actor=ready.colleague, at=AT)
    with pytest.raises(commands.CannotStop, match="no-reason"):
        commands.stop_issuing(reason=" ", actor=ready.operator, at=AT)


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that start together; "done" or the code of the refusal of each."""
    barrier, ends = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(number: int) -> None:
        from lachan.core.errors import Refusal

        try:
            barrier.wait(10)
            acts[number]()
            ends[number] = "done"
        except Refusal as refused:
            ends[number] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


def test_two_desks_ask_for_one_certificate(ready: Office) -> None:
    for _attempt in range(10):
        record = ready.record()
        ends = at_once(*(lambda r=record: ready.request(r) for _ in range(2)))
        assert sorted(ends) == ["done", "issued-before"]
        assert Intent.objects.filter(record=record).count() == 1


def test_a_withdrawn_record_has_no_certificate_that_counts(ready: Office) -> None:
    """One desk withdraws the record as another asks for its certificate: asked for and revoked, or never asked for."""
    for _attempt in range(10):
        record = ready.record()
        at_once(
            lambda r=record: ready.request(r),  # type: ignore[misc]
            lambda r=record: commands.withdraw_backing(record=r, reason="x", actor=ready.operator, at=AT),  # type: ignore[misc]
        )
        assert not Intent.objects.filter(record=record, revocation__isnull=True).exists()


def counting_after_a_recall(
    office: Office, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Record], object]
) -> int:
    """How many certificates on a lot count when it is recalled while one is being asked for."""
    record = office.record()
    looked, recalled = threading.Event(), threading.Event()
    made = requests.intents

    def slow(*given: Any, **more: Any) -> Any:
        looked.set()  # whoever asks has seen no recall
        recalled.wait(0.7)
        return made(*given, **more)

    monkeypatch.setattr(requests, "intents", slow)
    monkeypatch.setattr(batches, "intents", slow)

    def asking() -> None:
        try:
            ask(record)
        finally:
            connection.close()

    desk = threading.Thread(target=asking)
    desk.start()
    assert looked.wait(20)
    commands.revoke_lot(lot="L-1", actor=office.operator, at=AT)
    recalled.set()
    desk.join(20)
    return Intent.objects.filter(record=record, revocation__isnull=True).count()


def a_batch(office: Office, record: Record) -> int:
    return sum(
        commands.request_batch(records=Record.objects.filter(pk=record.pk), actor=office.operator, at=AT)
    )


WAYS: dict[str, Callable[[Office, Record], object]] = {"at a desk": Office.request, "in a batch": a_batch}


@pytest.mark.parametrize("way", WAYS)
def test_without_its_gate_a_recall_misses_what_is_being_asked_for(
    ready: Office, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(revoking, "close_gate", lambda _: None)
    assert counting_after_a_recall(ready, monkeypatch, lambda record: WAYS[way](ready, record)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_recall_takes_back_what_is_being_asked_for_at_the_same_instant(
    ready: Office, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    assert counting_after_a_recall(ready, monkeypatch, lambda record: WAYS[way](ready, record)) == 0
    later = ready.record()
    with pytest.raises(commands.CannotIssue, match="recalled"):
        ready.request(later)
