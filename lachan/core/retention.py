"""What is kept, how long, and what for; and the purge that proves itself (decision 0006).

Each rule finds what is too old and removes it; afterwards `overdue` counts again what should be gone. A purge that
leaves something behind says so instead of looking finished.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, presences
from lachan.core.models import AccessLog, EventRow

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)

ACCESS_LOG_DAYS = 730
EVENT_DAYS = 1_825


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`days` after which `what` is removed; `purge(before)` returns how many, `overdue(before)` how many are left."""

    name: str
    what: "StrOrPromise"
    purpose: "StrOrPromise"
    days: int
    purge: Callable[[datetime], int]
    overdue: Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Purged:
    rule: Rule
    removed: int
    left: int


def _drop_presences(before: datetime) -> int:
    return len(presences.drop_before(clock.local_date(before)))


def _old_presences(before: datetime) -> int:
    day = clock.local_date(before)
    return sum(d < day for d in presences.partitions().values())


def rows_by_age(
    model: type[Model], moment: str, *, name: str, what: "StrOrPromise", purpose: "StrOrPromise", days: int
) -> Rule:
    """The rule of a table whose rows are removed one by one when their `moment` is too long ago."""

    def old(before: datetime) -> "QuerySet[Any]":
        return model._default_manager.filter(**{f"{moment}__lt": before})

    return Rule(
        name=name,
        what=what,
        purpose=purpose,
        days=days,
        purge=lambda before: old(before).delete()[0],
        overdue=lambda before: old(before).count(),
    )


def _old_events_sql() -> str:
    """Old events to which nothing points any more: no younger event, and no row of any table."""
    tables = {
        (r.field.model._meta.db_table, r.field.column)
        for r in EventRow._meta.get_fields(include_hidden=True)
        if isinstance(r, ForeignObjectRel)
    }
    free = [f"NOT EXISTS (SELECT 1 FROM {t} x WHERE x.{c} = e.id)" for t, c in sorted(tables)]  # noqa: S608 (our names)
    return " AND ".join(["FROM core_event e WHERE e.recorded_at < %s", *free])


def _forget_events(before: datetime) -> int:
    """From the leaves up, so that neither a younger event nor an order loses its cause."""
    removed, old = 0, _old_events_sql()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lachan.retention = 'on'")
        while True:
            cursor.execute(f"DELETE FROM core_event WHERE id IN (SELECT e.id {old})", [before])  # noqa: S608
            if not cursor.rowcount:
                return removed
            removed += cursor.rowcount


def _old_events(before: datetime) -> int:
    """Old events that explain nothing younger."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_old_events_sql()}", [before])
        return int(cursor.fetchone()[0])


RULES: list[Rule] = [
    Rule(
        name="presences",
        what=_("Who was where, when (scans, seats, sessions)"),
        purpose=_("contact tracing"),
        days=presences.KEPT_DAYS,
        purge=_drop_presences,
        overdue=_old_presences,
    ),
    rows_by_age(
        AccessLog,
        "read_at",
        name="reads",
        what=_("Who looked at a record, and what for"),
        purpose=_("so that the person can see it"),
        days=ACCESS_LOG_DAYS,
    ),
    Rule(
        name="events",
        what=_("What happened, as ids and small facts"),
        purpose=_("care, orders, certificates and their reasons"),
        days=EVENT_DAYS,
        purge=_forget_events,
        overdue=_old_events,
    ),
]


def let_purge(rules: Iterable[Rule]) -> None:
    """Add rules of the layers above; before the events, which messages and the like point at. Named once."""
    known = {r.name for r in RULES}
    RULES[:0] = [r for r in rules if r.name not in known]


def _purged(rule: Rule, before: datetime) -> int:
    """One rule that fails does not keep the others from their work; what it left is counted and told."""
    try:
        return rule.purge(before)
    except DatabaseError:
        log.exception("retention of %s failed", rule.name)
        return 0


def purge(*, at: datetime) -> list[Purged]:
    """Remove what is older than its rule allows, then count what is left of it (which must be nothing)."""
    done = []
    for rule in RULES:
        before = at - timedelta(days=rule.days)
        removed = _purged(rule, before)
        done.append(Purged(rule, removed, rule.overdue(before)))
    return done
