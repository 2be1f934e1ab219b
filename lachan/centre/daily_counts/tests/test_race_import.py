"""Two officers send one file at one moment, or decide on one row: the table takes one of the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from lachan.centre.daily_counts import commands
from lachan.centre.daily_counts.commands import CannotDecide, importing
from lachan.centre.daily_counts.reading import Refused, Told
from lachan.centre.daily_counts.tests.conftest import NINE, held_row, list_of, officer, province
from lachan.centre.models import CountDecision, DailyCount
from lachan.core.models import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def both(act: Callable[[Actor], str]) -> list[str]:
    """What two officers are told who act at one moment."""
    start = Barrier(2)

    def one(by: Actor) -> str:
        try:
            start.wait(10)
            return act(by)
        finally:
            connection.close()

    officers = [officer(), officer()]
    with ThreadPoolExecutor(2) as pool:
        return sorted(f.result(timeout=30) for f in [pool.submit(one, by) for by in officers])


def send(file: Path) -> Callable[[Actor], str]:
    def act(by: Actor) -> str:
        made = commands.import_counts(file=file, name="a.csv", within=None, actor=by, at=NINE)
        return "again" if made.again else "taken"

    return act


@pytest.fixture
def file(tmp_path: Path) -> Path:
    province()
    path = tmp_path / "a.csv"
    path.write_text(list_of(4, 5, 6, province_is="Bắc Giang"), encoding="utf-8")
    return path


def test_one_file_sent_by_two_at_once_is_taken_once(file: Path) -> None:
    assert both(send(file)) == ["again", "taken"]
    assert DailyCount.objects.count() == 3


@contextmanager
def without_unique(table: str, column: str) -> Iterator[None]:
    """The table without the guard of a column; emptied before it comes back."""
    name = f"{table}_{column}_key"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({column})")


def test_without_waiting_for_each_other_both_are_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guards off: both look before either has written."""
    looked, sort = Barrier(2), importing._sorted

    def sort_together(rows: Sequence[Told | Refused]) -> Any:
        found = sort(rows)
        looked.wait(10)
        return found

    monkeypatch.setattr(importing, "_sorted", sort_together)
    monkeypatch.setattr(importing, "_one_at_a_time", lambda: None)
    with without_unique("centre_countupload", "digest"):
        assert both(send(file)) == ["taken", "taken"]
        assert DailyCount.objects.count() == 6


def decide(row: DailyCount) -> Callable[[Actor], str]:
    def act(by: Actor) -> str:
        try:
            commands.release_count(count=row, reason="đúng", actor=by, at=NINE)
            return "decided"
        except CannotDecide as refusal:
            return refusal.code

    return act


@pytest.fixture
def row(tmp_path: Path) -> DailyCount:
    province("24", "Tỉnh Bắc Ninh")
    return held_row(tmp_path)


def test_without_the_guard_two_decide_on_one_row(row: DailyCount) -> None:
    with without_unique("centre_countdecision", "count_id"):
        assert both(decide(row)) == ["decided", "decided"]


def test_of_two_who_decide_at_once_one_has_decided(row: DailyCount) -> None:
    assert both(decide(row)) == ["count-decided", "decided"]
    assert CountDecision.objects.count() == 1
