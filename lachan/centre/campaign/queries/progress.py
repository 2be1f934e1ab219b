"""The campaign of an area: goals, coverage of the units below, stock, sites late with entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lachan.centre.campaign.rules.goals import Reach, reach, worst_first
from lachan.core import clock
from lachan.core.models import Area
from lachan.platform import policies
from lachan.policy.vaccination import Goal
from lachan.systems.vaccination.queries.coverage import Covered, coverage, coverage_below
from lachan.systems.vaccination.queries.figures import LateSite, Used, late_sites, used
from lachan.systems.vaccination.rules.coverage import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit below with its shares in per cent (None where it is not known who lives there)."""

    area: Area
    covered: Covered
    first_of_adults: float | None
    complete_of_all: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    area: Area
    as_of: datetime
    goals: Sequence[Reach]
    covered: Covered
    doses: Used
    below: Sequence[Unit]
    late: Sequence[LateSite]
    rules: str


def progress(area: Area, *, at: datetime) -> Progress:
    """A constant number of statements, whatever the size of the area."""
    today = clock.local_date(at)
    whole, doses = coverage(area), used(area, at=at)
    policy = policies.at(today).vaccination
    goals = [_reach(goal, whole, doses, area, today) for goal in (policy.goals if policy else ())]
    below = [_unit(unit, covered) for unit, covered in coverage_below(area, today)]
    return Progress(
        area=area, as_of=at, goals=worst_first([g for g in goals if g]), covered=whole, doses=doses,
        below=sorted(below, key=lambda u: (u.complete_of_all is None, u.complete_of_all or 0, u.area.search_key)),
        late=late_sites(area, at=at), rules=policy.basis.id if policy else "",
    )  # fmt: skip


def _reach(goal: Goal, whole: Covered, doses: Used, area: Area, on: date) -> Reach | None:
    """The number of doses is a goal of the country; shares are one of every area."""
    if goal.who == "doses":
        if area.level:
            return None
        return reach(goal, reached=doses.given, residents=0, on=on)
    adults = goal.who == "adults"
    return reach(
        goal, reached=whole.had(goal.step, adults=adults), residents=whole.living(adults=adults), on=on
    )


def _unit(area: Area, covered: Covered) -> Unit:
    return Unit(
        area=area, covered=covered,
        first_of_adults=share(covered.had("first", adults=True), covered.living(adults=True)),
        complete_of_all=share(covered.had("complete"), covered.living()),
    )  # fmt: skip
