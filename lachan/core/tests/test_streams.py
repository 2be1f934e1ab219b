"""A long list read through a cursor of the server."""

import pytest
from django.db import connection

from lachan.core.models import Area
from lachan.core.streams import stream
from tests.rows import area_in

pytestmark = pytest.mark.django_db


def cursors() -> int:
    """How many are open on this connection, without the one that asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name <> ''")
        return int(cursor.fetchone()[0])


@pytest.fixture
def _areas() -> None:
    for number in range(9):
        area_in(None, f"stream{number}", f"Phường {number}", level=1)


def read_two_and_fail() -> None:
    with stream(Area.objects.filter(code__startswith="stream").order_by("code"), size=2) as rows:
        assert [next(rows).code, next(rows).code] == ["stream0", "stream1"]
        assert cursors() == 1
        raise ValueError("halfway")


@pytest.mark.usefixtures("_areas")
def test_all_come_in_order() -> None:
    with stream(Area.objects.filter(code__startswith="stream").order_by("code"), size=2) as rows:
        assert [area.code for area in rows] == [f"stream{n}" for n in range(9)]


@pytest.mark.usefixtures("_areas")
def test_a_reader_that_fails_leaves_no_cursor_though_its_error_is_kept() -> None:
    with pytest.raises(ValueError, match="halfway") as kept:
        read_two_and_fail()
    assert cursors() == 0
    assert kept.tb is not None
