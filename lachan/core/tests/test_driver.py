"""Values come and go as Django and the driver would have them, only faster."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

ONE, OTHER = UUID(int=1), UUID(int=2**128 - 1)


def answer(question: str, *given: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 7, 1, 8, 30, 15, 123456, tzinfo=UTC),
        datetime(1950, 1, 1, tzinfo=timezone(timedelta(hours=7))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_times_come_in_utc(at: datetime) -> None:
    read = answer("SELECT %s::timestamptz", at)
    assert (read, read.tzinfo) == (at, UTC)


@pytest.mark.parametrize("moment", ["infinity", "0044-03-15 12:00 BC"])
def test_a_time_that_python_does_not_know_is_an_error(moment: str) -> None:
    with pytest.raises(Exception, match=r"(?i)infinity|BC|too (large|small|early)|supported"):
        answer("SELECT %s::timestamptz", moment)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("bigint[]", [1, -2, 2**62]), ("uuid[]", [ONE, OTHER]), ("date[]", [date(2026, 7, 1), date(1950, 1, 1)]),
        ("bigint[]", []), ("bigint[]", [1, None]), ("bigint[]", [[1, 2], [3, 4]]), ("boolean[]", [True, False]),
        ("text[]", ["a,b", 'say "x"', "{}", "NULL", "Trạm\\", ""]),
        ("timestamptz[]", [datetime(2026, 7, 1, 8, tzinfo=UTC)]),
    ],
)  # fmt: skip
def test_lists_arrive_as_they_were_sent(kind: str, given: list[Any]) -> None:
    assert answer(f"SELECT %s::{kind}", given) == given
