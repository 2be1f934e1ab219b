"""Everything that reads in feedback, gathered from its parts."""

from lachan.systems.feedback.queries.desk import desk
from lachan.systems.feedback.queries.lists import (
    ReportLine,
    ReportNotVisible,
    call_for,
    calls,
    ended_reports,
    is_mine,
    lines,
    may_read,
    open_reports,
    possible_duplicates,
    report_for,
    report_of,
    reports,
    with_us,
)
from lachan.systems.feedback.queries.policy import (
    NoReportsYet,
    category_names,
    category_of,
    in_language,
    rules_of,
    rules_on,
)
from lachan.systems.feedback.queries.states import state_of, states_of
from lachan.systems.feedback.queries.statistics import Counted, by_area, by_category, for_everybody, since

__all__ = [
    "Counted",
    "NoReportsYet",
    "ReportLine",
    "ReportNotVisible",
    "by_area",
    "by_category",
    "call_for",
    "calls",
    "category_names",
    "category_of",
    "desk",
    "ended_reports",
    "for_everybody",
    "in_language",
    "is_mine",
    "lines",
    "may_read",
    "open_reports",
    "possible_duplicates",
    "report_for",
    "report_of",
    "reports",
    "rules_of",
    "rules_on",
    "since",
    "state_of",
    "states_of",
    "with_us",
]
