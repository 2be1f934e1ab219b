"""Looking for causes of alarms, set by set: each look is a constant number of statements, whatever the country.

A look returns what is so at `at`, alarming or not; the rules decide.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from lachan.centre.alarms.rules.causes import Cause, Kind, is_silent, runs_out
from lachan.centre.daily_counts.queries.standing import BELIEVED, WAITING
from lachan.centre.models import DailyCount, Difference, Recount
from lachan.core import areas, clock
from lachan.core.models import Delivery, EventRow, Place, PlaceKind
from lachan.platform import policies
from lachan.policy.alarms import AlarmPolicy
from lachan.systems.feedback.models import Cluster, Turn
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.testing.models import TestOrder
from lachan.systems.vaccination.models import LotHold, Movement, Stock

REACTIONS_OF = timedelta(days=60)
LEAVING = ("given", "sent", "wasted")
Look = Callable[[datetime], Iterable[Cause]]
ABOVE = Coalesce("area__parent", "area")


def rules_at(at: datetime) -> AlarmPolicy:
    """The limits of that day."""
    return policies.at(clock.local_date(at)).alarms


def acknowledge_by(at: datetime) -> datetime:
    """Until when a task that is given `at` is to be acknowledged."""
    return at + timedelta(hours=rules_at(at).acknowledge_hours)


def _by_area(kind: Kind, rows: Iterable[Any], at_of: Callable[[Any], datetime]) -> Iterator[Cause]:
    for row in rows:
        if row["where"] is not None:
            yield Cause(kind=kind, area_id=row["where"], count=row["n"], oldest_at=at_of(row["oldest"]))


def overdue_tests(at: datetime) -> Iterator[Cause]:
    """Tests past their day, by the unit above the commune where the person lives."""
    late = TestOrder.objects.filter(
        cancelled_at__isnull=True, sample__isnull=True, due_on__lt=clock.local_date(at)
    )
    rows = late.values(where=ABOVE).annotate(n=Count("pk"), oldest=Min("due_on")).order_by("where")
    return _by_area("overdue-tests", rows, lambda day: clock.day_start(day + timedelta(days=1)))


def overdue_orders(at: datetime) -> Iterator[Cause]:
    """Orders whose end has come and that nobody has ended, by the unit above the commune."""
    over = OrderTerm.objects.filter(
        superseded_at__isnull=True, order__closed_at__isnull=True, ends_on__lte=clock.local_date(at)
    )
    above = Coalesce("order__area__parent", "order__area")
    rows = over.values(where=above).annotate(n=Count("pk"), oldest=Min("ends_on")).order_by("where")
    return _by_area("overdue-orders", rows, clock.day_start)


def overdue_reports(at: datetime) -> Iterator[Cause]:
    """Citizens' reports past their time limit, by the unit whose turn it is."""
    late = Turn.objects.filter(ended_at__isnull=True, due_at__lte=at)
    rows = late.values(where=F("area")).annotate(n=Count("pk"), oldest=Min("due_at")).order_by("where")
    return _by_area("overdue-reports", rows, lambda moment: moment)


def report_clusters(at: datetime) -> Iterator[Cause]:
    """Much of one kind reported from one area within hours, by the limits of the rules on reports."""
    seen = Cluster.objects.filter(period__contains=at).order_by("pk")
    for number, area, reports, period in seen.values_list("pk", "area", "reports", "period"):
        yield Cause(
            kind="report-cluster", area_id=area, subject=number, count=reports, oldest_at=period.lower
        )


def full_sites(at: datetime) -> Iterator[Cause]:
    """Quarantine sites of which every bed that is in use is taken."""
    del at
    in_use = Q(parts__beds__closed_at__isnull=True)
    running = in_use & Q(parts__beds__stays__isnull=False, parts__beds__stays__period__endswith__isnull=True)
    counted = Place.objects.filter(kind=PlaceKind.QUARANTINE_SITE, area__isnull=False).annotate(
        beds_in_use=Count("parts__beds", filter=in_use, distinct=True),
        taken=Count("parts__beds", filter=running, distinct=True),
    )
    for site in counted.filter(beds_in_use__gt=0, taken__gte=F("beds_in_use")).order_by("pk"):
        yield Cause(kind="full-site", area_id=site.area_id, subject=site.pk, count=site.beds_in_use)


def stock_outs(at: datetime) -> Iterator[Cause]:
    """Stores in which a vaccine runs out at their pace; `count`: of how many vaccines."""
    policy = rules_at(at)
    used = _used(at, policy.pace_days)
    usable = _usable(at)
    short: dict[int, int] = defaultdict(int)
    for (store, product), doses in used.items():
        short[store] += runs_out(usable.get((store, product), 0), policy, used=doses)
    where = dict(Place.objects.filter(pk__in=short, area__isnull=False).values_list("pk", "area"))
    for store, count in sorted(short.items()):
        if count and where.get(store):
            yield Cause(kind="stock-out", area_id=where[store], subject=store, count=count)


def _used(at: datetime, days: int) -> Mapping[tuple[int, str], int]:
    since = at - timedelta(days=days)
    left = Movement.objects.filter(kind__in=LEAVING, happened_at__gt=since, happened_at__lte=at)
    rows = (
        left.values_list("store", "lot__product").annotate(n=Sum("doses")).order_by("store", "lot__product")
    )
    return {(store, product): n for store, product, n in rows}


def _usable(at: datetime) -> Mapping[tuple[int, str], int]:
    """Closed doses of lots that are neither expired nor held."""
    held = LotHold.objects.filter(released_at__isnull=True).values("lot")
    good = Stock.objects.filter(lot__expires_on__gte=clock.local_date(at)).exclude(lot__in=held)
    rows = good.values_list("store", "lot__product").annotate(n=Sum(F("sealed") + F("opened")))
    return {(store, product): n for store, product, n in rows.order_by("store", "lot__product")}


def silent_areas(at: datetime) -> Iterator[Cause]:
    """Areas that sent daily numbers nearly every day and have stopped."""
    today, policy = clock.local_date(at), rules_at(at)
    since = today - timedelta(days=2 * policy.habit_of + policy.silent_days)
    told: dict[int, set[Any]] = defaultdict(set)
    rows = DailyCount.objects.filter(BELIEVED, day__gte=since, day__lte=today)
    for area, day in rows.values_list("area", "day").distinct():
        told[area].add(day)
    for area, days in sorted(told.items()):
        if is_silent(sorted(days), policy, today=today):
            last = max(days)
            missing = (today - last).days - 1
            oldest = clock.day_start(last + timedelta(days=1))
            yield Cause(kind="silent-area", area_id=area, count=missing, oldest_at=oldest)


def held_counts(at: datetime) -> Iterator[Cause]:
    """Daily numbers that wait for a person."""
    del at
    rows = DailyCount.objects.filter(WAITING).values(where=F("area"))
    counted = rows.annotate(n=Count("pk"), oldest=Min("upload__uploaded_at")).order_by("where")
    return _by_area("held-counts", counted, lambda moment: moment)


def parked_events(at: datetime) -> Iterator[Cause]:
    """Events that a handler could not take: what should have followed has not."""
    del at
    found = Delivery.objects.filter(parked_at__isnull=False).aggregate(n=Count("pk"), oldest=Min("parked_at"))
    if found["n"]:
        yield Cause(
            kind="parked-events", area_id=areas.country().pk, count=found["n"], oldest_at=found["oldest"]
        )


def counter_differences(at: datetime) -> Iterator[Cause]:
    """What the recount of the last night found different from the counters."""
    del at
    last = Recount.objects.aggregate(last=Max("pk"))["last"]
    found = Difference.objects.filter(recount=last).aggregate(n=Count("pk"), oldest=Min("recount__made_at"))
    if found["n"]:
        yield Cause(
            kind="counter-difference", area_id=areas.country().pk, count=found["n"], oldest_at=found["oldest"]
        )


def serious_reactions(at: datetime) -> Iterator[Cause]:
    """Serious reactions of the last two months whose investigation has not ended, each where the dose was given."""
    since = at - REACTIONS_OF
    told = EventRow.objects.filter(kind="SeriousReactionReported", recorded_at__gt=since, happened_at__lte=at)
    ended = EventRow.objects.filter(
        kind="ReactionStepTaken", recorded_at__gt=since, ref=OuterRef("ref"), facts__step="concluded"
    )
    open_ones = told.filter(~Exists(ended)).annotate(where=Coalesce("place__area", "person__home_area"))
    rows = open_ones.filter(where__isnull=False).order_by("happened_at", "pk")
    for area, facts, happened_at in rows.values_list("where", "facts", "happened_at"):
        yield Cause(
            kind="serious-reaction",
            area_id=area,
            subject=facts["reaction_id"],
            count=1,
            oldest_at=happened_at,
        )


LOOKS: Final[Mapping[Kind, Look]] = {
    "serious-reaction": serious_reactions,
    "stock-out": stock_outs,
    "full-site": full_sites,
    "silent-area": silent_areas,
    "overdue-tests": overdue_tests,
    "overdue-orders": overdue_orders,
    "overdue-reports": overdue_reports,
    "report-cluster": report_clusters,
    "held-counts": held_counts,
    "parked-events": parked_events,
    "counter-difference": counter_differences,
}
