"""One request, one effect, whatever the network and the workers do."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.core import retention
from lachan.core.models import Actor
from lachan.platform import idempotency
from lachan.platform.idempotency import Answer, KeyReused, KeyUnusable, once
from lachan.platform.models import StoredAnswer
from tests.forked import forked

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def enter(name: str = "gate") -> Answer:
    actor = Actor.objects.create(kind="device", name=name, created_at=AT)
    return Answer(201, f'{{"id": {actor.pk}}}'.encode())


def refuse() -> Answer:
    enter()
    raise ValueError("the worker failed after its first write")


@pytest.mark.django_db
def test_a_repeated_request_gets_the_same_bytes_and_has_one_effect() -> None:
    first = once(caller="device 1", key="k", body=b"{}", at=AT, run=enter)
    second = once(caller="device 1", key="k", body=b"{}", at=AT + timedelta(days=1), run=enter)
    assert first == second
    assert Actor.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_of_another_caller_is_another_request() -> None:
    once(caller="device 1", key="k", body=b"{}", at=AT, run=enter)
    once(caller="device 2", key="k", body=b"{}", at=AT, run=enter)
    assert Actor.objects.count() == 2


@pytest.mark.django_db
def test_a_key_with_another_body_is_refused_and_nothing_is_written() -> None:
    once(caller="device 1", key="k", body=b"{}", at=AT, run=enter)
    with pytest.raises(KeyReused) as refusal:
        once(caller="device 1", key="k", body=b'{"x": 1}', at=AT, run=enter)
    assert refusal.value.code == "idempotency-key-reused"
    assert Actor.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "a\x00", "khoá", "a\n"])
def test_an_unusable_key_is_refused(key: str) -> None:
    with pytest.raises(KeyUnusable):
        once(caller="device 1", key=key, body=b"{}", at=AT, run=enter)


@pytest.mark.django_db
def test_a_failure_leaves_nothing_and_the_key_may_be_used_again() -> None:
    with pytest.raises(ValueError, match="first write"):
        once(caller="device 1", key="k", body=b"{}", at=AT, run=refuse)
    assert not StoredAnswer.objects.exists()
    assert not Actor.objects.exists()
    assert once(caller="device 1", key="k", body=b"{}", at=AT, run=enter).status == 201


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_have_one_effect_and_one_answer() -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> Answer:
        try:
            together.wait()
            return once(caller="device 1", key="k", body=b"{}", at=AT, run=enter)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))
    assert len(answers) == 1
    assert Actor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_request_waits_for_the_first_and_gets_its_bytes() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> Answer:
        inside.set()
        assert go_on.wait(10)
        return enter()

    def ask(run: object) -> Answer:
        try:
            return once(caller="device 1", key="k", body=b"{}", at=AT, run=run)  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, slow)
        assert inside.wait(10)
        second = pool.submit(ask, enter)
        with pytest.raises(TimeoutError):
            second.result(0.3)
        go_on.set()
        assert first.result(10) == second.result(10)
    assert Actor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_worker_killed_between_effect_and_answer_leaves_the_key_free() -> None:
    child = forked(lambda: once(caller="device 1", key="k", body=b"{}", at=AT, run=_write_and_die))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert once(caller="device 1", key="k", body=b"{}", at=AT, run=enter).status == 201
    assert Actor.objects.count() == 1


def _write_and_die() -> Answer:
    enter()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.mark.django_db
def test_old_answers_are_forgotten() -> None:
    once(caller="device 1", key="old", body=b"{}", at=AT, run=enter)
    once(caller="device 1", key="new", body=b"{}", at=AT + timedelta(days=39), run=enter)
    purged = {p.rule.name: p for p in retention.purge(at=AT + idempotency.KEPT + timedelta(days=1))}
    assert (purged["answers"].removed, purged["answers"].left) == (1, 0)
    assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"key": ""}, {"caller": ""}, {"status": 99}, {"status": 600}])
def test_the_database_refuses_an_answer_that_cannot_be(wrong: dict[str, object]) -> None:
    right = {"caller": "c", "key": "k", "status": 200, "body_hash": b"", "created_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredAnswer.objects.create(**(right | wrong))


@pytest.mark.django_db
def test_the_database_refuses_a_second_answer_for_one_key() -> None:
    StoredAnswer.objects.create(caller="c", key="k", body_hash=b"", created_at=AT)
    with pytest.raises(IntegrityError, match="answer_once_a_key"), transaction.atomic():
        StoredAnswer.objects.create(caller="c", key="k", body_hash=b"", created_at=AT)
