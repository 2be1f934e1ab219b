"""Pages in English, at ten in the morning."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from lachan.core import clock
from lachan.systems.testing.tests.pages.desks import NOW


@pytest.fixture(autouse=True)
def _in_english_at_ten() -> Iterator[None]:
    with translation.override("en"), clock.frozen(NOW):
        yield
