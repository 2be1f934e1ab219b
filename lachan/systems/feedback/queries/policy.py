"""What the policy says about reports, and which units answer them."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.platform import policies
from lachan.policy.feedback import Category, FeedbackPolicy, Template
from lachan.systems.feedback.models import Report
from lachan.systems.feedback.rules.clocks import ladder


class NoSuchCategory(Refusal):
    """category-unknown."""

    status = 422


class NoReportsYet(Refusal):
    """feedback-no-policy: these rules have no part on reports."""


def rules_on(day: date) -> FeedbackPolicy:
    """The rules on reports of `day`. Raises NoReportsYet."""
    found = policies.at(day).feedback
    if found is None:
        raise NoReportsYet("feedback-no-policy", _("The rules of this day say nothing about reports."))
    return found


def rules_of(report: Report) -> FeedbackPolicy:
    """A report keeps the clocks of the day on which it was filed."""
    return rules_on(clock.local_date(report.filed_at))


def category_of(policy: FeedbackPolicy, code: str) -> Category:
    found = policy.category(code)
    if found is None:
        raise NoSuchCategory("category-unknown", _("Choose what the report is about from the list."))
    return found


def in_language(row: Category | Template) -> str:
    """The name of a category, or the text of a template, in the reader's language."""
    vietnamese = (get_language() or "vi").startswith("vi")
    if isinstance(row, Category):
        return row.name_vi if vietnamese else row.name_en
    return row.text_vi if vietnamese else row.text_en


def category_names(at: datetime) -> Mapping[str, str]:
    """Names by code, of today's rules."""
    return {c.code: in_language(c) for c in rules_on(clock.local_date(at)).categories}


def ladder_of(area: Area, category: Category) -> list[Area]:
    """The units that answer, the first first: `area` and those above it from the rung of the category on."""
    ids = [int(part) for part in area.path.split("/") if part]
    units = {unit.level: unit for unit in Area.objects.filter(pk__in=ids)}
    return [units[level] for level in ladder(list(units), category.rung)]
