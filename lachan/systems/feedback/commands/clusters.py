"""Noticing that many report the same kind of thing from one area."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Max

from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import ReportFiled, ReportsClustered
from lachan.core.models import Actor, Area
from lachan.policy.feedback import FeedbackPolicy
from lachan.systems.feedback.models import Cluster, Report
from lachan.systems.feedback.queries.policy import rules_on


@transaction.atomic
def notice_clusters(*, filed: Sequence[ReportFiled], actor: Actor, at: datetime) -> list[Cluster]:
    """Tell of each area and category from which enough has come; once in the hours that the policy names."""
    policy = rules_on(clock.local_date(at))
    reports = Report.objects.filter(pk__in=[e.report_id for e in filed])
    wanted = set(reports.values_list("area", "category"))
    # Two workers that hear of one area do so one after the other; rows that refer to it are not held up.
    list(Area.objects.select_for_update(no_key=True).filter(pk__in={a for a, _c in wanted}).order_by("pk"))
    told = set(Cluster.objects.filter(period__contains=at).values_list("area", "category"))
    found = list(_enough(wanted - told, policy, at))
    ends = at + timedelta(hours=policy.cluster_hours)
    made = Cluster.objects.bulk_create(
        Cluster(area_id=area, category=category, reports=n, period=DateTimeTZRange(at, ends))
        for area, category, n, _last in found
    )
    last = Report.objects.select_related("area").in_bulk([pk for _a, _c, _n, pk in found])
    emit([_told(c, last[row[3]], at) for c, row in zip(made, found, strict=True)], actor=actor)
    return made


Row = tuple[int, str, int, int]


def _enough(wanted: set[tuple[int, str]], policy: FeedbackPolicy, at: datetime) -> Iterator[Row]:
    """Area, category, how many, and the last of them."""
    recent = Report.objects.filter(
        area__in={area for area, _c in wanted}, filed_at__gt=at - timedelta(hours=policy.cluster_hours)
    )
    rows = recent.values_list("area", "category").annotate(n=Count("pk"), last=Max("pk"))
    for area, category, n, last in rows.order_by("area", "category"):
        if (area, category) in wanted and n >= policy.cluster_reports:
            yield area, category, n, last


def _told(cluster: Cluster, last: Report, at: datetime) -> ReportsClustered:
    return ReportsClustered(
        cluster_id=cluster.pk, category=cluster.category, area_code=last.area.code, reports=cluster.reports,
        happened_at=at, ref=f"feedback.cluster:{cluster.pk}", caused_by=last.filing_event_id,
    )  # fmt: skip
