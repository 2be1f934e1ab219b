"""Every test of tracing: the rules of January 2022, and a loop in which only the test calls handlers."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rows import nobody_listening


@pytest.fixture(autouse=True)
def _rules_of_the_time(settings: Any) -> None:
    settings.LACHAN_POLICY, settings.LACHAN_POLICY_OVERLAY = "vn/covid19", None


@pytest.fixture(autouse=True)
def _deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield
