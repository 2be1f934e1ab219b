"""What came in and was used on the ground of an area, and which sites have places: numbers without anybody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from lachan.core import areas, clock
from lachan.core.models import Area, Place, PlaceKind
from lachan.systems.vaccination.models import Movement, Session, Stock
from lachan.systems.vaccination.queries.stock import PACE_DAYS
from lachan.systems.vaccination.rules.stock import days_of_supply

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Doses that came to the stores of an area and stayed (`received`), by what became of them. `days` of supply at
    the pace of four weeks, None where nothing was given."""

    received: int
    given: int
    wasted: int
    on_hand: int
    days: int | None


def used(area: Area, *, at: datetime) -> Used:
    """Two statements."""
    mine = Stock.objects.filter(areas.inside("store__area__", area))
    sums = mine.aggregate(
        given=Sum("given", default=0), wasted=Sum("wasted", default=0),
        on_hand=Sum(F("sealed") + F("opened"), default=0),
    )  # fmt: skip
    pace = Movement.objects.filter(
        areas.inside("store__area__", area), kind="given", happened_at__lte=at,
        happened_at__gt=at - timedelta(days=PACE_DAYS),
    )  # fmt: skip
    lately = pace.aggregate(n=Sum("doses", default=0))["n"]
    days = days_of_supply(sums["on_hand"], used=lately, days=PACE_DAYS)
    return Used(received=sum(sums.values()), days=days, **sums)


def open_sites(area: Area, *, at: datetime) -> QuerySet[Place]:
    """Vaccination sites with sessions to come: `sessions` of them, the first at `soonest`, `free` places in all."""
    coming = Q(
        vaccination_sessions__cancelled_at__isnull=True, vaccination_sessions__ends_at__gt=at,
        vaccination_sessions__starts_at__lt=at + AHEAD,
    )  # fmt: skip
    free = F("vaccination_sessions__places") - F("vaccination_sessions__taken")
    found = Place.objects.filter(
        areas.inside("area__", area), kind=PlaceKind.VACCINATION_SITE, closed_at__isnull=True
    )
    counted = found.annotate(
        sessions=Count("vaccination_sessions", filter=coming),
        soonest=Min("vaccination_sessions__starts_at", filter=coming), free=Sum(free, filter=coming, default=0),
    )  # fmt: skip
    return (
        counted.filter(sessions__gt=0)
        .select_related("area__parent__parent")
        .order_by("soonest", "name", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSite:
    """A site with sessions of past days that were not closed."""

    site: Place
    open_sessions: int
    since: datetime


def late_sites(area: Area, *, at: datetime) -> Sequence[LateSite]:
    """Sessions of days before today that nobody has closed: what was given there may not be written down yet."""
    today = clock.day_start(clock.local_date(at))
    rows = Session.objects.filter(
        areas.inside("site__area__", area),
        ended_at__isnull=True,
        cancelled_at__isnull=True,
        ends_at__lt=today,
    )
    counted = list(
        rows.values("site").annotate(n=Count("pk"), since=Min("starts_at")).order_by("since", "site")
    )
    sites = Place.objects.select_related("area__parent__parent").in_bulk([row["site"] for row in counted])
    return [LateSite(site=sites[row["site"]], open_sessions=row["n"], since=row["since"]) for row in counted]
