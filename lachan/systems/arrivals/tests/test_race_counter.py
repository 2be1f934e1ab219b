"""Two officers decide about one traveller at one moment, and a traveller amends while an officer decides: without the
guard both happen, with it one does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.systems.arrivals import commands
from lachan.systems.arrivals.commands import clearing, declaring
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance
from lachan.systems.arrivals.tests.rows import NOON, cleared, declared, journey, officer
from tests.rows import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[str]:
    """What came of each, in alphabetical order."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        try:
            with clock.frozen(NOON):
                start.wait(10)
                work()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(future.result(timeout=30) for future in [pool.submit(run, work) for work in works])


def two_officers() -> list[str]:
    made, officers = declared(), [officer(), officer()]
    return at_once(*(lambda who=who: cleared(made, actor=who) for who in officers))


def amended_while_decided() -> list[str]:
    made, who, changed = declared(), officer(), journey(seat="1A")
    return at_once(
        lambda: cleared(made, actor=who),
        lambda: commands.amend_arrival(declaration=made, journey=changed, key=uuid4(), at=NOON),
    )


@pytest.fixture
def holding_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: both look, then both write."""
    both = Barrier(2)

    def looked(declaration: ArrivalDeclaration, *_more: Any) -> ArrivalDeclaration:
        return declaration

    def refused_then_waited(refuse: Any) -> Any:
        def run(*given: Any) -> None:
            refuse(*given)
            both.wait(10)

        return run

    monkeypatch.setattr(clearing, "_held", looked)
    monkeypatch.setattr(declaring, "_hold", looked)
    monkeypatch.setattr(clearing, "_refuse_decided", refused_then_waited(clearing._refuse_decided))
    monkeypatch.setattr(declaring, "_refuse_closed", refused_then_waited(declaring._refuse_closed))


def test_without_the_guards_two_officers_decide_about_one_traveller(holding_nothing: None) -> None:
    with without_constraint(Clearance, "clearance_once_a_declaration"):
        assert two_officers() == ["done", "done"]
        assert Clearance.objects.count() == 2


def test_without_the_lock_the_database_still_lets_one_decide(holding_nothing: None) -> None:
    assert two_officers() == ["already-cleared", "done"]


def test_of_two_officers_one_decides() -> None:
    for _ in range(4):
        assert two_officers() == ["already-cleared", "done"]


def test_without_the_lock_a_traveller_amends_what_is_being_decided(holding_nothing: None) -> None:
    assert amended_while_decided() == ["done", "done"]


def test_what_is_decided_is_not_amended_at_the_same_moment() -> None:
    for _ in range(4):
        assert amended_while_decided() in (["already-cleared", "done"], ["amended", "done"])
