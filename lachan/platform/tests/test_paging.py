"""Pages are checked against a plain sort of the same rows, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.core.models import Area
from lachan.platform.paging import Page, page

pytestmark = pytest.mark.django_db
KEYS = [
    ("code", "id"),
    ("-code", "-id"),
    ("-level", "code", "id"),
    ("level", "-valid_from", "name", "-id"),
    ("-valid_from", "id"),
    ("id",),
]
ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["a", "A", "đ", "é", "", "b c"]), st.integers(0, 2)),
    max_size=25,
)


def make(rows: list[tuple[int, str, int]]) -> None:
    Area.objects.all().delete()
    Area.objects.bulk_create(
        Area(
            code=f"{number}", level=level, name=name, search_key=name, path="/",
            valid_from=date(2021, 1, 1) + timedelta(days=day),
        )
        for number, (level, name, day) in enumerate(rows)
    )  # fmt: skip


def walk(key: tuple[str, ...], size: int) -> Iterator[Page[Area]]:
    cursor: str | None = None
    while True:
        shown = page(Area.objects.all(), key=key, cursor=cursor, size=size)
        yield shown
        if shown.next_cursor is None:
            return
        cursor = shown.next_cursor


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, key=st.sampled_from(KEYS), size=st.integers(1, 7))
def test_pages_one_after_another_are_the_sorted_list(rows: Any, key: tuple[str, ...], size: int) -> None:
    make(rows)
    sorted_ids = list(Area.objects.order_by(*key).values_list("id", flat=True))
    pages = list(walk(key, size))
    assert [area.id for shown in pages for area in shown.rows] == sorted_ids
    assert all(len(shown.rows) == size for shown in pages[:-1])
    assert pages[0].previous_cursor is None
    back = [pages[-1]]
    while (cursor := back[-1].previous_cursor) is not None:
        back.append(page(Area.objects.all(), key=key, cursor=cursor, size=size))
    assert [[a.id for a in shown.rows] for shown in reversed(back)] == [
        [a.id for a in shown.rows] for shown in pages
    ]


def test_rows_that_come_and_go_neither_repeat_nor_hide_others() -> None:
    make([(1, name, 0) for name in "abcdefgh"])
    first = page(Area.objects.all(), key=("name", "id"), cursor=None, size=3)
    Area.objects.filter(name="b").delete()
    Area.objects.create(code="x", level=1, name="aa", search_key="", path="/", valid_from=date(2021, 1, 1))
    second = page(Area.objects.all(), key=("name", "id"), cursor=first.next_cursor, size=3)
    assert [area.name for area in second.rows] == ["d", "e", "f"]


def test_going_back_past_the_beginning_gives_a_full_first_page() -> None:
    make([(1, name, 0) for name in "abcdef"])
    key = ("name", "id")
    first = page(Area.objects.all(), key=key, cursor=None, size=3)
    second = page(Area.objects.all(), key=key, cursor=first.next_cursor, size=3)
    Area.objects.filter(name="a").delete()
    back = page(Area.objects.all(), key=key, cursor=second.previous_cursor, size=3)
    assert [area.name for area in back.rows] == ["b", "c", "d"]


@given(cursor=st.text(max_size=60) | st.just("A" * 5_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_text_is_the_first_page(cursor: str) -> None:
    Area.objects.all().delete()
    assert page(Area.objects.all(), key=("id",), cursor=cursor).rows == []


def test_tampered_cursor_and_cursor_of_another_list_give_the_first_page() -> None:
    make([(1, name, 0) for name in "abcdef"])
    cursor = page(Area.objects.all(), key=("name", "id"), cursor=None, size=2).next_cursor
    assert cursor is not None
    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        shown = page(Area.objects.all(), key=("name", "id"), cursor=changed, size=2)
        # The last symbol has bits that no byte uses, so a change of those is no change.
        assert [a.name for a in shown.rows] == ["a", "b"] or place == len(cursor) - 1
    elsewhere = page(Area.objects.all(), key=("code", "id"), cursor=cursor, size=2)
    assert [area.name for area in elsewhere.rows] == ["a", "b"]


def test_cursor_names_nobody() -> None:
    make([(1, "Nguyen Thi Hanh", 0)] * 3)
    cursor = page(Area.objects.all(), key=("name", "id"), cursor=None, size=2).next_cursor
    import base64

    assert cursor is not None
    assert b"Hanh" not in base64.urlsafe_b64decode(cursor + "==")


def test_pages_are_one_query_without_offset_or_count() -> None:
    make([(number % 3, "a", 0) for number in range(20)])
    for key in KEYS:
        cursor = page(Area.objects.all(), key=key, cursor=None, size=5).next_cursor
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(Area.objects.all(), key=key, cursor=cursor, size=5)
        assert len(seen) == 1
        sql = seen[0]["sql"].upper()
        assert "OFFSET" not in sql
        assert "COUNT" not in sql


def test_moments_keep_their_microseconds_and_annotations_order_too() -> None:
    from django.db.models import DateTimeField, F, Value
    from django.db.models.functions import Concat

    make([(1, name, 0) for name in "abc"])
    at = datetime(2021, 3, 5, 8, 42, 1, 123456, tzinfo=UTC)
    queryset = Area.objects.annotate(
        seen_at=Value(at, output_field=DateTimeField()), both=Concat("name", F("code"))
    )
    first = page(queryset, key=("-seen_at", "-both", "-id"), cursor=None, size=1)
    second = page(queryset, key=("-seen_at", "-both", "-id"), cursor=first.next_cursor, size=1)
    assert [first.rows[0].name, second.rows[0].name] == ["c", "b"]


def test_key_that_may_be_null_is_refused() -> None:
    with pytest.raises(ValueError, match="may be null"):
        page(Area.objects.all(), key=("valid_to", "id"), cursor=None)
