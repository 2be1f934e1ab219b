"""Levels, figures and the steps of an assessment as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lachan.platform.maps import NOTHING
from lachan.systems.riskmap.models import Input
from lachan.systems.riskmap.rules.weekly import CAPACITIES, COVERED

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

LEVELS: Final[Mapping[int | None, StrOrPromise]] = {
    1: _("level 1: low risk (green)"),
    2: _("level 2: medium risk (yellow)"),
    3: _("level 3: high risk (orange)"),
    4: _("level 4: very high risk (red)"),
    None: _("not assessed"),
}
FIGURES: Final[Words] = {
    "population": _("Inhabitants"),
    "cases": _("New community cases in the week"),
    "deaths": _("Deaths in the week"),
    "oxygen": _("Patients on oxygen in the week"),
    "adults_one_dose": _("Adults with one dose or more"),
    "aged_full": _("Older people fully vaccinated"),
    "population_full": _("Inhabitants fully vaccinated"),
    "high_risk_full": _("People at high risk fully vaccinated"),
    "capacity": _("Capacity to respond"),
    "capacity_plan": _("Plan for treatment and mobile stations is in place"),
    "untraced-cluster": _("A cluster whose source cannot be traced"),
    "sensitive-cluster": _("A cluster from an industrial park, school or supermarket"),
    "unknown-source": _("A case of unknown source"),
    "crowded-source": _("A case from a crowded place"),
    "beside-red": _("It borders on a red area"),
    "known-source": _("A community case of known source"),
    "contact-in-community": _("Contacts (F1) in the community"),
    "beside-orange": _("It borders on an orange area"),
    "arrivals-or-facilities": _("Many arrivals or people in quarantine sites"),
    "parts": _("Levels of its parts"),
}
CAPACITY: Final[Words] = {"low": _("low"), "medium": _("medium"), "high": _("high")}
YES, NO = _("Yes"), _("No")
UNITS: Final[Mapping[int, StrOrPromise]] = {1: _("Province"), 2: _("District"), 3: _("Commune")}
RATES = ("cases", "deaths", "oxygen")
OTHER: Final[Words] = {
    "covered": _("The row of enough adults with a dose applies."),
    "uncovered": _("The row of too few adults with a dose applies."),
    "capacity_high": _("The row of high capacity applies."),
    "capacity_medium": _("The row of medium capacity applies."),
    "capacity_low": _("The row of low capacity applies."),
    "no-level-up-without-cases": _("Without cases the level is not raised for want of vaccination."),
    "plan-missing": _("Without the plan for treatment the level may not fall."),
    "one-very-high": _("One of its parts is at level 4."),
    "one-at-risk": _("One of its parts is above level 1."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step: what it says, whether it weighs towards a higher level, whether its rule was seen in a source."""

    text: str
    weighs: bool
    verified: bool


def zone(level: int | None) -> str:
    """The class of a shape on the map."""
    return f"zone-{level}" if level else NOTHING


def reason(step: Mapping[str, Any]) -> Reason:
    """A step of a proposal as it was stored."""
    return Reason(_sentence(step), not step["met"], step["verified"])


def _sentence(step: Mapping[str, Any]) -> str:
    code, value, limit = step["code"], step["value"], step["limit"]
    if code in RATES:
        facts = {"figure": FIGURES[code], "value": _number(value), "limit": _number(limit)}
        if step["met"]:
            return gettext("%(figure)s: %(value)s in 100,000 people, below %(limit)s.") % facts
        return gettext("%(figure)s: %(value)s in 100,000 people; from %(limit)s on it weighs more.") % facts
    if code in COVERED:
        facts = {"figure": FIGURES[code], "value": _percent(value), "limit": _percent(limit)}
        return gettext("%(figure)s: %(value)s; at least %(limit)s are asked for.") % facts
    if code.startswith("small-"):
        facts = {"figure": FIGURES[code.removeprefix("small-")], "value": value, "limit": _number(limit)}
        return (
            gettext("%(figure)s: %(value)s, in an area of fewer than %(limit)s people: one level more.")
            % facts
        )
    if code.startswith("share-"):
        return gettext("%(value)s of its parts are as high or higher; the limit is %(limit)s.") % {
            "value": _percent(value), "limit": _percent(limit),
        }  # fmt: skip
    if code == "falls-later":
        return gettext("The figures ask for less since %(value)s days; the level falls after %(limit)s.") % {
            "value": value, "limit": limit,
        }  # fmt: skip
    return str(OTHER.get(code) or FIGURES.get(code, code))


def _number(value: float) -> str:
    return number_format(round(value, 1), 0 if float(value).is_integer() else 1)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", get_format("THOUSAND_SEPARATOR"))


def _percent(share: float) -> str:
    return f"{_number(share * 100)}\u00a0%"


def figure_text(row: Input) -> str:
    """The value of a recorded figure."""
    if row.figure == "capacity":
        return str(CAPACITY[CAPACITIES[row.amount]])
    if row.of is not None:
        counts = {
            "amount": _grouped(row.amount),
            "of": _grouped(row.of),
        }
        return gettext("%(amount)s of %(of)s") % counts + f" ({_percent(row.amount / row.of)})"
    if row.figure in ("population", *RATES):
        return _grouped(row.amount)
    return str(YES if row.amount else NO)


def missing_text(codes: list[str] | None) -> str:
    """What is missing, as one line."""
    return "; ".join(str(FIGURES.get(code, code)) for code in codes or ())


def week_text(week_on: date) -> str:
    """The week that was judged: its first and last day."""
    last = date.fromordinal(week_on.toordinal() + 6)
    return f"{week_on:%d/%m}–{last:%d/%m/%Y}"
