"""The clock stands, the rules are those of the time, and nobody listens to events."""

from collections.abc import Iterator
from typing import Any

import pytest

from lachan.core import access, clock
from lachan.systems.arrivals import queries
from lachan.systems.arrivals.tests.rows import NOON
from tests.rows import nobody_listening


@pytest.fixture(autouse=True)
def rules_of_the_time(settings: Any) -> None:
    settings.LACHAN_POLICY, settings.LACHAN_POLICY_OVERLAY = "vn/covid19", None


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture(autouse=True)
def reaching() -> None:
    """As the site does when it starts."""
    access.let_reach("arrivals", queries.reach)


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield
