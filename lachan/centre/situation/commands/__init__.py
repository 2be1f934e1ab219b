"""Everything that writes in the situation, gathered from its parts."""

from lachan.centre.situation.commands.counting import count_events
from lachan.centre.situation.commands.recounting import count_past, reconcile
from lachan.centre.situation.commands.reporting import CannotReport, make_daily_reports, make_report

__all__ = ["CannotReport", "count_events", "count_past", "make_daily_reports", "make_report", "reconcile"]
