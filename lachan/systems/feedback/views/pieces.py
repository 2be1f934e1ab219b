"""What several pages of feedback share."""

from lachan.core import areas, clock
from lachan.core.models import Area
from lachan.platform.pages import Answers, number
from lachan.systems.feedback import queries
from lachan.systems.feedback.models import Report

_answers = Answers("feedback")
go, done, refused = _answers.go, _answers.done, _answers.refused


def category_name(report: Report) -> str:
    """As the rules of the report's day call it."""
    found = queries.rules_of(report).category(report.category)
    return queries.in_language(found) if found else report.category


def unit_of(text: str) -> Area | None:
    """The unit of today whose number an address names."""
    if not (wanted := number(text)):
        return None
    known = areas.on(clock.local_date(clock.now())).filter(level__gt=0)
    return known.select_related("parent__parent").filter(pk=wanted).first()


def where(area: Area | None) -> str:
    return areas.full_name(area) if area else ""
