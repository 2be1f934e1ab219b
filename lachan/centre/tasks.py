"""What happens in the centre by the clock."""

import logging
from datetime import timedelta

from lachan.centre.alarms import commands as alarms
from lachan.centre.daily_counts import commands as daily_counts
from lachan.centre.situation import commands
from lachan.core import actors, areas, clock
from lachan.platform import jobs

log = logging.getLogger(__name__)

RECOUNTED_DAYS = 15


@jobs.every("30 2 * * *")
def recount_figures() -> None:
    """At night: the last days are counted again from the events, and set right where they differ."""
    at = clock.now()
    tomorrow = clock.local_date(at) + timedelta(days=1)
    recount = commands.reconcile(
        from_on=tomorrow - timedelta(days=RECOUNTED_DAYS), to_on=tomorrow, actor=actors.system(at=at), at=at
    )
    differing = recount.differences.count()
    if differing:
        log.error("%s figures of the situation differed from the events and were set right", differing)


@jobs.every("0 6 * * *")
def print_situation() -> None:
    """At six: the report of the country and of each province."""
    at = clock.now()
    today = areas.on(clock.local_date(at)).filter(level__lte=1).order_by("level", "pk")
    commands.make_daily_reports(areas=today, actor=actors.system(at=at), at=at)


@jobs.every("*/5 * * * *")
def look_for_causes() -> None:
    """Every five minutes: one open alarm for each cause; what nobody acknowledged goes up."""
    at = clock.now()
    actor = actors.system(at=at)
    alarms.look(actor=actor, at=at)
    alarms.escalate_unacknowledged(actor=actor, at=at)


@jobs.every("50 2 * * *")
def give_weeks_to_levels() -> None:
    """At night: whole weeks of places that only send numbers become figures of the epidemic levels."""
    at = clock.now()
    daily_counts.give_weeks(actor=actors.system(at=at), at=at)
