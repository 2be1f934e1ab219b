"""What a corrected dose may read like, among the other doses of the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

RANK: Final = {"primary": 0, "additional": 1, "booster": 2}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A dose as it is counted: `number` within its kind, given on a day."""

    kind: str
    number: int
    on: date


def in_order(doses: Iterable[Numbered]) -> bool:
    """Whether the doses were given in the order in which they are counted, each on a day of its own."""
    days = [dose.on for dose in sorted(doses, key=lambda dose: (RANK[dose.kind], dose.number))]
    return all(earlier < later for earlier, later in pairwise(days))


def ordinal(dose: Numbered, primary: int, others: Iterable[Numbered]) -> int:
    """Which dose of all it is: no fewer than its number says, though the ones before it may not be on record."""
    counted = dose.number if dose.kind == "primary" else primary + dose.number
    return max(counted, sum(other.on < dose.on for other in others) + 1)
