"""The measures of the situation: what is added up by events, and what stands at a moment."""

from dataclasses import dataclass
from typing import Final

FLOWS: Final = (
    "cases", "tests", "positives", "negatives", "result_minutes", "results_in_time", "contacts", "contacts_near",
    "contacts_reached", "contacts_in_time", "orders", "releases", "doses", "first_doses", "last_doses", "more_doses",
    "wasted_doses", "reports", "reports_answered", "reports_late", "arrivals", "arrivals_apart",
)  # fmt: skip
"""Counted day by day from events; the columns of `DayCount`."""

LEVELS: Final = (
    "orders_in_force", "in_facilities", "free_beds", "beds", "stock", "reports_open", "reports_overdue",
    "tests_waiting",
)  # fmt: skip
"""How many there are at a moment; asked of the systems."""

RESULT_HOURS: Final = 24
"""A result is in time this many hours after its sample was taken."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`part` of `whole`: a share in per cent, or (`per_cent` false) a mean."""

    part: str
    wholes: tuple[str, ...]
    per_cent: bool = True


RATIOS: Final[dict[str, Ratio]] = {
    "positivity": Ratio("positives", ("positives", "negatives")),
    "result_hours": Ratio("result_minutes", ("tests",), per_cent=False),
    "tests_timely": Ratio("results_in_time", ("tests",)),
    "contacts_timely": Ratio("contacts_in_time", ("contacts",)),
}
"""Made from flows when they are read: shares and means cannot be added up."""


def ratio(name: str, of: dict[str, int]) -> float | None:
    """A share in per cent, or the mean in hours; None of nothing."""
    rule = RATIOS[name]
    whole = sum(of.get(w, 0) for w in rule.wholes)
    if whole <= 0:
        return None
    part = of.get(rule.part, 0)
    return 100 * part / whole if rule.per_cent else part / whole / 60
