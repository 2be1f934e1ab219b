"""Who counts as immune under a dated policy: the same question at a checkpoint and for a quarantine order."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class ImmunityLimits(Protocol):
    """The four limits; QuarantinePolicy and CheckpointPolicy both carry them."""

    @property
    def immune_doses(self) -> int: ...
    @property
    def immune_after_days(self) -> int: ...
    @property
    def immune_max_days(self) -> int | None: ...
    @property
    def recovered_max_days(self) -> int: ...


def is_immune(
    limits: ImmunityLimits, *, doses: int, last_dose_on: date | None, recovered_on: date | None, on: date
) -> bool:
    """Vaccinated or recovered within the limits (inclusive days) on the day `on`.

    `immune_doses` of 0 means that no vaccine counts. Who completed a one-dose product is passed with as many
    `doses` as the policy asks for.
    """
    return _vaccinated(limits, doses, last_dose_on, on) or _recovered(limits, recovered_on, on)


def _vaccinated(limits: ImmunityLimits, doses: int, last_dose_on: date | None, on: date) -> bool:
    if last_dose_on is None or not 0 < limits.immune_doses <= doses:
        return False
    age = (on - last_dose_on).days
    return limits.immune_after_days <= age and (
        limits.immune_max_days is None or age <= limits.immune_max_days
    )


def _recovered(limits: ImmunityLimits, recovered_on: date | None, on: date) -> bool:
    return recovered_on is not None and 0 <= (on - recovered_on).days <= limits.recovered_max_days
