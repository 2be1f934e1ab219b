"""Which step of a course a dose is, and in which age band: pure functions."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Final

STEPS: Final = ("first", "complete", "additional", "booster")
BANDS: Final = (0, 5, 12, 18, 50, 65)
ADULT: Final = 18
UNKNOWN: Final = -1


def steps_of(given_as: str, dose_number: int, primary_doses: int) -> tuple[str, ...]:
    """What a dose brings a person: of a course of one dose the first one completes it."""
    if given_as != "primary":
        return (given_as,) if given_as in STEPS else ()
    first = ("first",) if dose_number == 1 else ()
    return (*first, "complete") if dose_number == primary_doses else first


def band_of(birth_year: int | None, birth_month: int | None, birth_day: int | None, on: date) -> int:
    """The first age of the band on a day. Of who gave a year only, or the month too, the birthday is taken as past."""
    if birth_year is None or birth_year > on.year:
        return UNKNOWN
    before = (birth_month or 1, birth_day or 1) > (on.month, on.day)
    age = max(0, on.year - birth_year - before)
    return BANDS[bisect_right(BANDS, age) - 1]


def share(people: int | None, of: int | None) -> float | None:
    """Per cent, or None where either is not known or nobody lives there."""
    return None if people is None or not of else min(100.0, 100 * people / of)
