"""Who may go home: computed from days, results and readings; nobody sets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.systems.quarantine.rules.readings import Reading, is_clean

CheckName = Literal["days", "tests", "positive", "symptoms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order asks for."""

    subject: str
    exposed_on: date
    ends_on: date
    test_dates: tuple[date, ...] = ()
    negatives_needed: int = 0
    at_most_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A verified result as it stands after amendments; `collected_on` the local date of the swab."""

    collected_on: date
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that release asks for. `missing` counts negatives; `on` is the day that matters."""

    name: CheckName
    met: bool
    on: date | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """Due when every check is met."""

    checks: tuple[Check, ...]

    @property
    def due(self) -> bool:
        return all(check.met for check in self.checks)

    @property
    def unmet(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.met)


def release_due(
    terms: Terms,
    *,
    results: Sequence[Result],
    readings: Sequence[Reading],
    on: date,
) -> Release:
    """The verdict of the day `on`.

    `readings` are all statements about symptoms, from monitoring or declared, in local time. The needed negatives
    are taken on or after the last test days, one for each. On `at_most_on` an order ends without them.
    """
    since = [r for r in results if r.collected_on >= terms.exposed_on and r.collected_on <= on]
    overdue = terms.at_most_on is not None and on >= terms.at_most_on
    missing = 0 if overdue else _missing(terms, since)
    positive = _blocking_positive(terms, since) if not overdue else None
    complaint = _open_complaint(readings)
    return Release(
        (
            Check(name="days", met=on >= terms.ends_on, on=terms.ends_on),
            Check(name="tests", met=missing == 0, on=_last(terms), missing=missing),
            Check(name="positive", met=positive is None, on=positive),
            Check(name="symptoms", met=complaint is None, on=complaint),
        )
    )


def _last(terms: Terms) -> date | None:
    return terms.test_dates[-1] if terms.test_dates else None


def _missing(terms: Terms, results: Sequence[Result]) -> int:
    """Negatives still needed: one for each of the last test days, none older than its day."""
    negatives = sorted(r.collected_on for r in results if r.outcome == "negative")
    if terms.subject == "F0":
        last_positive = max((r.collected_on for r in results if r.outcome == "positive"), default=date.min)
        negatives = [day for day in negatives if day > last_positive]
    missing = 0
    for day in reversed(terms.test_dates[len(terms.test_dates) - terms.negatives_needed :]):
        if negatives and negatives[-1] >= day:
            negatives.pop()
        else:
            missing += 1
    return missing


def _blocking_positive(terms: Terms, results: Sequence[Result]) -> date | None:
    """A contact with a positive is a case. Of a case, a positive only voids the negatives before it."""
    if terms.subject == "F0":
        return None
    return max((r.collected_on for r in results if r.outcome == "positive"), default=None)


def _open_complaint(readings: Sequence[Reading]) -> date | None:
    """The day of the last complaint, unless a clean reading came after it."""
    if not readings:
        return None
    latest = max(readings, key=lambda r: r.taken_at)
    return None if is_clean(latest) else latest.taken_at.date()
