"""What a traveller has to do after entry, and why. Day 0 is the day of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from lachan.policy import is_immune
from lachan.policy.arrivals import ArrivalPolicy, DutyRow
from lachan.policy.arrivals import Duty as Kind

Source = Literal["verified", "seen", "claimed"]
"""By a checked certificate or our own records; on paper, by the officer; only told by the traveller."""

IMMUNE, TESTED, CLAIMED = "immune", "tested", "claimed"


@dataclass(frozen=True, slots=True)
class Doses:
    """`count` doses, the last on `on`; `complete`: they are the whole course of their product."""

    count: int
    on: date
    complete: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Recovered:
    on: date
    source: Source


@dataclass(frozen=True, slots=True)
class Negative:
    """A negative test; `kind` pcr (LAMP as well) or antigen."""

    kind: str
    taken_at: datetime
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """`origins`: countries of the last days. `age` in completed years (`oldest_age`). `arrives_at`: when they enter, or
    as far as that is known."""

    arrives_on: date
    arrives_at: datetime
    origins: frozenset[str]
    age: int | None = None
    doses: tuple[Doses, ...] = ()
    recovered: tuple[Recovered, ...] = ()
    negatives: tuple[Negative, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """`reasons`: the row's code first, then what was found (`immune`, `tested`), then `claimed` where the duty rests on
    what nobody has seen. `basis` names the decision; `verified` is false where its text was not seen."""

    kind: Kind
    within_hours: int | None
    days: int
    test_dates: tuple[date, ...]
    negatives_needed: int
    home_allowed: bool
    after_days: int
    immune: bool
    reasons: tuple[str, ...]
    rule_id: str
    decision: str
    verified: bool

    @property
    def rests_on_claims(self) -> bool:
        return CLAIMED in self.reasons

    def ends_on(self, arrived_on: date) -> date:
        """The day on which the person is free again (half-open), without a duty the day of arrival."""
        return arrived_on + timedelta(days=self.days)


def duty_of(traveller: Traveller, policy: ArrivalPolicy) -> Duty:
    """The duty by everything told, marked where without the bare claims it would be another."""
    by_all = _duty(traveller, policy)
    by_shown = _duty(shown_only(traveller), policy)
    if by_all.kind == by_shown.kind and by_all.days == by_shown.days:
        return by_all
    return replace(by_all, reasons=(*by_all.reasons, CLAIMED))


def shown_only(traveller: Traveller) -> Traveller:
    """Without what nobody has seen."""
    return replace(
        traveller,
        doses=tuple(d for d in traveller.doses if d.source != "claimed"),
        recovered=tuple(r for r in traveller.recovered if r.source != "claimed"),
        negatives=tuple(n for n in traveller.negatives if n.source != "claimed"),
    )


def immune(traveller: Traveller, policy: ArrivalPolicy) -> bool:
    """Whether vaccinated or recovered within the limits on the day of arrival. Any dose may be the one that counts."""
    on = traveller.arrives_on
    vaccinated = (
        is_immune(policy, doses=_count(d, policy), last_dose_on=d.on, recovered_on=None, on=on)
        for d in traveller.doses
        if d.on <= on
    )
    recovered = (
        is_immune(policy, doses=0, last_dose_on=None, recovered_on=r.on, on=on) for r in traveller.recovered
    )
    return any(vaccinated) or any(recovered)


def _count(doses: Doses, policy: ArrivalPolicy) -> int:
    """A whole course counts as what the policy asks for: one dose of a one-dose product."""
    return max(doses.count, policy.immune_doses) if doses.complete else doses.count


def valid_tests(traveller: Traveller, policy: ArrivalPolicy) -> tuple[Negative, ...]:
    """The negative tests that are young enough at the arrival (the limits included), and not of the future."""
    return tuple(n for n in traveller.negatives if _valid(n, traveller.arrives_at, policy))


def _valid(negative: Negative, at: datetime, policy: ArrivalPolicy) -> bool:
    hours = policy.pcr_validity_hours if negative.kind == "pcr" else policy.antigen_validity_hours
    return timedelta(0) <= at - negative.taken_at <= timedelta(hours=hours)


def _duty(traveller: Traveller, policy: ArrivalPolicy) -> Duty:
    protected, tested = immune(traveller, policy), bool(valid_tests(traveller, policy))
    row = policy.row_for(
        origins=traveller.origins, age=traveller.age, immune=protected, tested=tested
    )  # fmt: skip
    found = ((IMMUNE, protected), (TESTED, tested))
    return Duty(
        kind=row.duty, within_hours=row.within_hours, days=row.days, test_dates=_dates(row, traveller.arrives_on),
        negatives_needed=row.negatives_needed, home_allowed=row.home_allowed, after_days=row.after_days,
        immune=protected, reasons=(row.reason, *(code for code, holds in found if holds)),
        rule_id=policy.basis.id, decision=policy.basis.decision, verified=policy.basis.verified and row.verified,
    )  # fmt: skip


def _dates(row: DutyRow, arrived_on: date) -> tuple[date, ...]:
    return tuple(arrived_on + timedelta(days=day) for day in row.test_days)


def oldest_age(year: int | None, month: int | None, day: int | None, on: date) -> int | None:
    """Completed years, the most that the known parts of a birth date allow; None without a year."""
    if year is None:
        return None
    born = (year, month or 1, day or 1)
    return on.year - born[0] - ((on.month, on.day) < (born[1], born[2]))


def origins_of(countries: Iterable[str], from_country: str) -> frozenset[str]:
    return frozenset({from_country, *countries})


def duty_as(kind: Kind, proposed: Duty, traveller: Traveller, policy: ArrivalPolicy) -> Duty | None:
    """The duty of this kind that an officer chose against the rule: with the terms of the first row that has it.

    None where the rules know no such duty; nothing may always be asked.
    """
    row = next((row for row in policy.rows if row.duty == kind), None)
    if kind == proposed.kind:
        return proposed
    if row is None and kind != "none":
        return None
    terms = row or DutyRow(reason="officer", duty="none", after_days=proposed.after_days, verified=True)
    return replace(
        proposed, kind=kind, within_hours=terms.within_hours, days=terms.days, home_allowed=terms.home_allowed,
        test_dates=_dates(terms, traveller.arrives_on), negatives_needed=terms.negatives_needed,
        after_days=terms.after_days, reasons=("officer",),
    )  # fmt: skip
