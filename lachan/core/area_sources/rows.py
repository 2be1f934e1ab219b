"""The rows that every source yields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A unit that exists from `valid_from` until (not including) `valid_to`: key (code, level, valid_from).

    Level 1 province, 2 district, 3 commune; a scheme may leave levels out. `name` begins with its type word,
    `Phường Bến Nghé`. Coordinates are degrees (WGS 84) of a point inside or near. `parent_code` may be "".
    """

    code: str
    level: int
    name: str
    name_en: str
    kind: str
    parent_code: str
    valid_from: date
    valid_to: date | None
    lat: float | None
    lon: float | None
    population: int | None

    def can_hold(self, row: AreaRow) -> bool:
        """Whether `row` may lie in this unit: it is larger, and exists on the first day of the other."""
        exists = self.valid_from <= row.valid_from and (
            self.valid_to is None or row.valid_from < self.valid_to
        )
        return exists and self.level < row.level


@dataclass(frozen=True, slots=True)
class SuccessorRow:
    """The unit `old_code` went into `new_code`: all of it (share 1), or an unknown part (None)."""

    old_code: str
    new_code: str
    share: float | None


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a line: its number (the heading is 1), the column, a code, a sentence."""

    number: int
    column: str
    code: str
    message: StrOrPromise
