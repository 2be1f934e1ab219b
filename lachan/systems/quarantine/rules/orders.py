"""Who needs an order, of which kind, until when.

Day 0 is the local date of the last exposure, of arrival, or (F0) of the positive sample. An order ends when `ends_on`
begins: on that day the person is free, if the tests are in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lachan.policy import QuarantinePolicy, QuarantineRow, is_immune
from lachan.policy.model import OrderKind, Subject

Reason = Literal["ordered", "not-needed", "already-past"]
NEARNESS = {"F0": 0, "F1": 1, "arrival": 2, "returnee": 2, "F2": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """`number` of the course, `primary` doses in the course of that product."""

    on: date
    number: int
    primary: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What makes immune: doses by day, days on which an isolation as a case ended."""

    doses: tuple[Dose, ...] = ()
    recovered_on: tuple[date, ...] = ()

    def immune(self, policy: QuarantinePolicy, on: date) -> bool:
        """Whether vaccinated or recovered within the policy's limits on the day `on`.

        Every dose up to `on` may be the one that counts: a booster of last week does not undo a full course.
        """
        given = sorted((d for d in self.doses if d.on <= on), key=lambda d: (d.on, d.number))
        vaccinated = (
            is_immune(policy, doses=_count(dose, policy), last_dose_on=dose.on, recovered_on=None, on=on)
            for dose in given
        )
        recovered = (
            is_immune(policy, doses=0, last_dose_on=None, recovered_on=day, on=on)
            for day in self.recovered_on
        )
        return any(vaccinated) or any(recovered)


def _count(dose: Dose, policy: QuarantinePolicy) -> int:
    """One dose of a one-dose product counts as the whole course."""
    completes = dose.number >= dose.primary
    return max(dose.number, policy.immune_doses) if completes else min(dose.number, policy.immune_doses - 1)


def evidence_of(
    *, doses: Iterable[Dose], case_days: Iterable[date], released_on: Iterable[date], policy: QuarantinePolicy
) -> Evidence:
    """Evidence of immunity. A case recovered on the day of release from isolation; where none is known, at the end of
    the isolation that the policy asks for (its longest row)."""
    released = sorted(released_on)
    longest = max(row.days for row in policy.rows if row.subject == "F0")
    ends = {
        next((day for day in released if day >= sampled), sampled + timedelta(days=longest))
        for sampled in case_days
    }
    return Evidence(doses=tuple(doses), recovered_on=tuple(sorted(ends)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`kind` "none" with the reason when there is no order to issue; `row` is the line of the policy that decided.

    Test days that have passed are made up for on the day of the decision. `at_most_on`: free then even without
    a negative.
    """

    subject: Subject
    kind: OrderKind
    exposed_on: date
    starts_on: date
    ends_on: date
    test_dates: tuple[date, ...]
    negatives_needed: int
    at_most_on: date | None
    immune: bool
    policy_id: str
    row: QuarantineRow
    reason: Reason

    @property
    def needed(self) -> bool:
        return self.kind != "none"


def order_needed(
    subject: Subject, exposed_on: date, evidence: Evidence, policy: QuarantinePolicy, on: date
) -> Decision:
    """The decision of the day `on` about somebody exposed on `exposed_on`."""
    immune = evidence.immune(policy, exposed_on)
    row = policy.row_for(subject, immune=immune)
    ends_on = exposed_on + timedelta(days=row.days)
    reason: Reason = "not-needed" if row.kind == "none" else "already-past" if ends_on <= on else "ordered"
    dates = _test_dates(row, exposed_on, on) if reason == "ordered" else ()
    return Decision(
        subject=subject, kind=row.kind if reason == "ordered" else "none", exposed_on=exposed_on, starts_on=on,
        ends_on=ends_on, test_dates=dates, negatives_needed=min(row.negatives_needed, len(dates)),
        at_most_on=None if row.at_most_days is None else exposed_on + timedelta(days=row.at_most_days),
        immune=immune, policy_id=policy.basis.id, row=row, reason=reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Imposed:
    """What an officer at a border gate asked of a traveller; day 0 is the day of arrival."""

    kind: Literal["home", "facility"]
    arrived_on: date
    days: int
    test_dates: tuple[date, ...]
    negatives_needed: int
    home_allowed: bool
    immune: bool
    rule_id: str


def order_imposed(duty: Imposed, on: date) -> Decision:
    """The order that carries the duty out from the day `on`; none where its days are over."""
    ends_on = duty.arrived_on + timedelta(days=duty.days)
    past = ends_on <= on
    tests = () if past else tuple(sorted({max(on, day) for day in duty.test_dates}))
    row = QuarantineRow(
        subject="arrival", immunity="any", kind=duty.kind, days=duty.days, after_days=0, verified=True,
        negatives_needed=duty.negatives_needed, home_allowed=duty.home_allowed,
    )  # fmt: skip
    return Decision(
        subject="arrival", kind="none" if past else duty.kind, exposed_on=duty.arrived_on, starts_on=on,
        ends_on=ends_on, test_dates=tests, negatives_needed=min(duty.negatives_needed, len(tests)), at_most_on=None,
        immune=duty.immune, policy_id=duty.rule_id, row=row, reason="already-past" if past else "ordered",
    )  # fmt: skip


def _test_dates(row: QuarantineRow, exposed_on: date, on: date) -> tuple[date, ...]:
    return tuple(sorted({max(on, exposed_on + timedelta(days=day)) for day in row.test_days}))


def still_holds(
    *, subject: str, exposed_on: date, ends_on: date, new: Decision, corrected: bool, policy: QuarantinePolicy
) -> bool:
    """Whether the terms in force stand against a new decision about the same person.

    A case in isolation, an arrival: a contact changes nothing that is not stricter. `corrected`: tracing looked
    at all exposures again, so that what it says replaces what it said, also to the milder side. Otherwise only
    a nearer level or a later end counts, the latter where re-exposure restarts the clock.
    """
    contact = subject in ("F1", "F2")
    if subject == "F0" or (subject, exposed_on) == (new.subject, new.exposed_on):
        return True
    if corrected and contact and (subject != new.subject or new.exposed_on < exposed_on):
        return False
    if not new.needed or NEARNESS[new.subject] > NEARNESS[subject]:
        return True
    if subject == new.subject:
        restarts = policy.reexposure_restarts and new.exposed_on > exposed_on
        return not (restarts and new.ends_on > ends_on)
    return not contact and new.ends_on <= ends_on
