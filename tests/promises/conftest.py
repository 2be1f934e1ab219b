"""One scene for each module: everything in it is tried within a transaction and taken back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.promises import scene as scenes


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[scenes.Scene]:
    """Two desks with one object of each kind (`tests/promises/scene.py`)."""
    with django_db_blocker.unblock(), scenes.scene() as made:
        yield made
