"""Reports as a posting sees them: those about its area, what is due first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import access, areas
from lachan.core.access import Permission
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.systems.feedback.models import CallBack, Report, Turn
from lachan.systems.feedback.models.calls import ENDING
from lachan.systems.feedback.queries.policy import category_of, rules_of
from lachan.systems.feedback.queries.states import states_of
from lachan.systems.feedback.rules.likeness import alike
from lachan.systems.feedback.rules.state import State

COMPARED = 300
RUNNING = Q(turns__ended_at__isnull=True)


class ReportNotVisible(Refusal):
    """The same answer for "no such report" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("report-not-visible", _("There is no report here that your posting may see."))


@dataclass(frozen=True, slots=True)
class ReportLine:
    """`turn` is None when nobody has to do anything."""

    report: Report
    state: State
    turn: Turn | None


def reports(posting: Posting) -> QuerySet[Report]:
    """Reports about the ground of the posting; at a place there are none."""
    if posting.area is None:
        return Report.objects.none()
    return Report.objects.filter(areas.inside("area__", posting.area)).select_related("area__parent__parent")


def open_reports(posting: Posting) -> QuerySet[Report]:
    """Those in which somebody has to do something; `due` is by when."""
    found = reports(posting).annotate(running=FilteredRelation("turns", condition=RUNNING))
    return found.filter(running__isnull=False).annotate(due=F("running__due_at"))


def with_us(found: QuerySet[Report], posting: Posting) -> QuerySet[Report]:
    """Those whose turn the posting's own unit has."""
    return found.filter(Q(running__area=posting.area))


def ended_reports(posting: Posting) -> QuerySet[Report]:
    running = Turn.objects.filter(report=OuterRef("pk"), ended_at__isnull=True)
    return reports(posting).filter(~Exists(running))


def report_for(posting: Posting, number: int) -> Report:
    """Raises ReportNotVisible."""
    found = reports(posting).select_related("claimed_by").filter(pk=number).first()
    if found is None:
        raise ReportNotVisible
    return found


def report_of(code: str) -> Report:
    """The report of a code, for whoever holds it. Raises ReportNotVisible."""
    found = Report.objects.select_related("area__parent__parent").filter(code=code).first()
    if found is None:
        raise ReportNotVisible
    return found


def lines(found: Sequence[Report]) -> list[ReportLine]:
    states, turns = states_of(found), _turns(found)
    return [ReportLine(r, states[r.pk], turns.get(r.pk)) for r in found]


def _turns(found: Iterable[Report]) -> Mapping[int, Turn]:
    rows = Turn.objects.filter(report__in=[r.pk for r in found], ended_at__isnull=True).select_related("area")
    return {turn.report_id: turn for turn in rows}


def may_read(posting: Posting, report: Report, *, at: datetime) -> bool:
    """Whether the words of a report may be shown: to whoever handles it. What may name people who have done nothing is
    read only by who has taken it on, which is written down."""
    if category_of(rules_of(report), report.category).denounces:
        return is_mine(posting, report, at=at)
    return access.may(posting, Permission.HANDLE_REPORT) or is_mine(posting, report, at=at)


def is_mine(posting: Posting, report: Report, *, at: datetime) -> bool:
    held = report.claimed_until is not None and report.claimed_until > at
    return held and report.claimed_by_id == posting.actor_id


def possible_duplicates(report: Report) -> list[tuple[Report, int]]:
    """Reports of the same area and category with a similar text, with how alike they are in percent."""
    policy = rules_of(report)
    near = timedelta(days=policy.alike_days)
    found = Report.objects.filter(
        area=report.area,
        category=report.category,
        filed_at__range=(report.filed_at - near, report.filed_at + near),
    )
    others = {r.pk: r for r in found.exclude(pk=report.pk).order_by("-filed_at", "-pk")[:COMPARED]}
    texts = [(pk, r.text_key) for pk, r in others.items()]
    near_ones = alike(report.text_key, texts, percent=policy.alike_percent)
    return [(others[pk], round(score * 100)) for pk, score in near_ones]


def calls(posting: Posting) -> QuerySet[CallBack]:
    """Calls back that are still to be made, about the ground of the posting."""
    ended = CallBack.objects.filter(tries__outcome__in=ENDING)
    return (
        CallBack.objects.filter(report__in=reports(posting).order_by())
        .exclude(pk__in=ended)
        .select_related("report__area__parent__parent")
    )


def call_for(posting: Posting, number: int) -> CallBack:
    """Raises ReportNotVisible."""
    found = calls(posting).filter(pk=number).first()
    if found is None:
        raise ReportNotVisible
    return found
