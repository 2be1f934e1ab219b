"""Which lot may be used, which goes first, how long an opened vial lives, what does not add up. Amounts are doses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from lachan.policy import Product

# Why doses are written off. `missing` is found on arrival, by the command itself.
WASTE_REASONS: Final = (
    "broken", "opened-expired", "expired", "vvm", "cold-chain", "contaminated", "lost", "residual", "recalled",
    "missing",
)  # fmt: skip
# Why what is there is not what was written down. `surplus` is found on arrival, by the command itself.
ADJUST_REASONS: Final = ("count", "wrong-entry", "surplus")
PURPOSES: Final = ("supply", "session", "return")
SOON_DAYS: Final = 90  # Open mSupply shows three months before expiry in orange
MOST_DOSES: Final = 100_000_000

Shelf = Literal["expired", "soon", "good"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Doses of one lot on a shelf; `expires_on` is the last day of use."""

    lot: int
    expires_on: date
    doses: int
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    lot: int
    doses: int


def refusal_of_lot(*, expires_on: date, held: bool, recalled: bool, on: date) -> str | None:
    """Why doses of a lot may not be issued, opened or given on this day: recalled, held, expired."""
    if recalled:
        return "lot-recalled"
    if held:
        return "lot-held"
    return "lot-expired" if on > expires_on else None


def shelf(expires_on: date, *, on: date) -> Shelf:
    """How near the end of its life a lot is."""
    if on > expires_on:
        return "expired"
    return "soon" if expires_on - on < timedelta(days=SOON_DAYS) else "good"


def first_to_expire(batches: Iterable[Batch], *, doses: int, on: date) -> list[Pick]:
    """From which lots to take `doses`: the earliest expiry first, nothing that may not be used.

    Fewer than asked for where there are not enough.
    """
    usable = [b for b in batches if b.doses > 0 and not b.stopped and b.expires_on >= on]
    picked = []
    for batch in sorted(usable, key=lambda b: (b.expires_on, b.lot)):
        if doses <= 0:
            break
        taken = min(doses, batch.doses)
        picked.append(Pick(batch.lot, taken))
        doses -= taken
    return picked


def use_by(opened_at: datetime, product: Product) -> datetime:
    """When what is left in an opened vial has to be thrown away."""
    return opened_at + timedelta(hours=product.opened_hours)


def days_of_supply(doses: int, *, used: int, days: int) -> int | None:
    """How many days the stock lasts at the pace of `used` doses in the last `days`; None without use."""
    return doses * days // used if used > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VialAccount:
    """What became of one opened vial."""

    drawn: int
    given: int
    wasted: int
    use_by: datetime

    @property
    def missing(self) -> int:
        """Doses of which nobody has said what became of them."""
        return self.drawn - self.given - self.wasted

    def unexplained(self, at: datetime) -> int:
        """`missing`, once nothing of the vial may be used any longer."""
        return self.missing if at > self.use_by else 0


def unexplained(vials: Sequence[VialAccount], at: datetime) -> int:
    """Doses of these vials that do not add up: vials opened against given and wasted."""
    return sum(vial.unexplained(at) for vial in vials)
