"""Figures for the demonstration: what the simulation recorded at once is counted, counted again, and printed."""

from __future__ import annotations

from datetime import timedelta

from lachan.centre.models import Recount
from lachan.centre.situation import commands
from lachan.centre.situation.summary import CURVE_DAYS
from lachan.core import actors, areas, clock
from lachan.core.models import Area, Role
from lachan.site import demo


def make() -> None:
    """Once, for the province of the demonstration; nothing where there is none."""
    at = clock.now()
    where = next((where for role, where in demo.places() if role == Role.HEALTH_OFFICER), None)
    if not isinstance(where, Area) or Recount.objects.exists():
        return
    tomorrow = clock.local_date(at) + timedelta(days=1)
    first, system = tomorrow - timedelta(days=CURVE_DAYS), actors.system(at=at)
    commands.count_past(from_on=first, to_on=tomorrow, at=at)
    commands.reconcile(from_on=first, to_on=tomorrow, actor=system, at=at)
    commands.make_daily_reports(areas=[areas.country(), where], actor=system, at=at)
