"""What says of an area that it hurts there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lachan.centre.situation.rules.measures import ratio

POSITIVITY_HIGH: Final = 5.0
"""Per cent; above it an epidemic is not under control (World Health Organization, "Public health criteria to adjust
public health and social measures", 12 May 2020)."""
RISING: Final = 1.5
FEW: Final = 5
"""Fewer than so many say nothing about shares and growth."""
TIMELY: Final = 80.0

Numbers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lately:
    """The sums of the last seven days and of the seven before, and what stands now."""

    week: Numbers
    before: Numbers
    now: Numbers


def signs(lately: Lately) -> list[str]:
    """Codes of what hurts, worst first; empty where nothing does."""
    tests = (
        ("rising", _rising(lately)),
        ("positivity", _share(lately, "positivity", ("positives", "negatives"), above=POSITIVITY_HIGH)),
        ("no-bed", lately.now.get("in_facilities", 0) > 0 and lately.now.get("free_beds", 0) == 0),
        ("contacts-late", _share(lately, "contacts_timely", ("contacts",), below=TIMELY)),
        ("results-late", _share(lately, "tests_timely", ("tests",), below=TIMELY)),
        ("reports-overdue", lately.now.get("reports_overdue", 0) > 0),
        ("no-stock", lately.week.get("doses", 0) > 0 and lately.now.get("stock", 0) == 0),
    )
    return [code for code, hurts in tests if hurts]


def _rising(lately: Lately) -> bool:
    cases, before = lately.week.get("cases", 0), lately.before.get("cases", 0)
    return cases >= FEW and cases >= RISING * before


def _share(
    lately: Lately, name: str, wholes: tuple[str, ...], *, above: float = 100, below: float = 0
) -> bool:
    share = ratio(name, dict(lately.week))
    enough = sum(lately.week.get(whole, 0) for whole in wholes) >= FEW
    return enough and share is not None and (share > above or share < below)


def pain(lately: Lately) -> tuple[int, int, int]:
    """By what areas are sorted, most first: how many signs, cases of the week, cases of the week before."""
    return len(signs(lately)), lately.week.get("cases", 0), lately.before.get("cases", 0)
