"""Presences: one partition a day, written twice without harm, dropped whole."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.core import clock, presences, retention
from lachan.core.models import AccessLog, Presence, PresenceSource
from lachan.core.presences import Stay

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def stay(starts_at: datetime, minutes: int = 30) -> Stay:
    return Stay(
        person_id=1, place_id=2, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
        source=PresenceSource.SCAN,
    )  # fmt: skip


def test_a_batch_sent_twice_is_recorded_once() -> None:
    batch = [stay(AT), stay(AT + timedelta(hours=1))]
    presences.record(batch, at=AT)
    presences.record(batch, at=AT)
    assert Presence.objects.count() == 2


def test_each_local_day_has_its_own_partition_from_midnight_to_midnight() -> None:
    last, first = datetime(2026, 11, 1, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
    presences.record([stay(last), stay(first)], at=AT)
    assert {date(2026, 11, 1), date(2026, 11, 2)} <= set(presences.partitions().values())
    for name in ("core_presence_20261101", "core_presence_20261102"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
            assert cursor.fetchone() == (1,)


def test_a_question_about_one_day_reads_one_partition() -> None:
    presences.record([stay(AT - timedelta(days=n)) for n in range(5)], at=AT)
    one_day = Presence.objects.filter(person_id=1, starts_at__gte=AT, starts_at__lt=AT + timedelta(hours=1))
    plan = one_day.explain()
    assert plan.count("core_presence_2026") >= 1
    assert "core_presence_20261030" not in plan


def test_a_presence_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        presences.record([stay(AT, minutes=-5)], at=AT)


def test_old_days_are_dropped_whole_and_the_purge_proves_it() -> None:
    old = AT - timedelta(days=presences.KEPT_DAYS + 2)
    presences.record([stay(old), stay(AT)], at=AT)
    purged = {p.rule.name: p for p in retention.purge(at=AT)}
    assert (purged["presences"].removed, purged["presences"].left) == (1, 0)
    assert list(Presence.objects.values_list("starts_at", flat=True)) == [AT]
    assert clock.local_date(old) not in presences.partitions().values()


def test_what_cannot_be_kept_is_told_before_it_is_written() -> None:
    assert presences.keepable(AT, at=AT)
    assert not presences.keepable(AT - timedelta(days=presences.KEPT_DAYS, seconds=1), at=AT)
    assert not presences.keepable(AT + timedelta(days=3), at=AT)


def test_a_purge_that_leaves_something_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lazy = [r for r in retention.RULES if r.name == "presences"]
    presences.record([stay(AT - timedelta(days=presences.KEPT_DAYS + 2))], at=AT)
    broken = retention.Rule(
        name="presences",
        what="",
        purpose="",
        days=lazy[0].days,
        purge=lambda _before: 0,
        overdue=lazy[0].overdue,
    )
    monkeypatch.setattr(retention, "RULES", [broken])
    [purged] = retention.purge(at=AT)
    assert purged.left == 1


def test_reads_are_forgotten_after_their_time() -> None:
    assert not AccessLog.objects.exists()
    assert {p.left for p in retention.purge(at=AT)} == {0}
