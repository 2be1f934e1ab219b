"""Two reports that tell of the same: one is kept, the other has its fate, and it can be undone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import ReportsJoined, ReportsSeparated
from lachan.core.models import Actor
from lachan.systems.feedback.commands.turns import CannotHandle, current, end_turn, give_turn
from lachan.systems.feedback.models import Join, Report
from lachan.systems.feedback.queries.policy import rules_of
from lachan.systems.feedback.queries.states import states_of
from lachan.systems.feedback.rules.clocks import due_at
from lachan.systems.feedback.rules.state import is_open


@transaction.atomic
def merge_duplicate(*, duplicate: Report, kept: Report, actor: Actor, at: datetime) -> Join:
    """`duplicate` is nobody's turn any more and is answered with `kept`. Raises CannotHandle."""
    rows = {
        r.pk: r
        for r in Report.objects.select_for_update().filter(pk__in=[duplicate.pk, kept.pk]).order_by("pk")
    }
    states = states_of(rows.values())
    if duplicate.pk == kept.pk or not is_open(states[duplicate.pk]) or states[kept.pk] == "joined":
        raise CannotHandle(
            "join-impossible", _("Only an open report can be joined, to one that is not joined itself.")
        )
    if Join.objects.filter(kept=duplicate, undone_at__isnull=True).exists():
        raise CannotHandle("join-chain", _("Other reports are joined to this one. Join those first."))
    joined = Join.objects.create(duplicate=duplicate, kept=kept, joined_at=at, joined_by=actor)
    end_turn(duplicate, at=at)
    told = ReportsJoined(
        report_id=kept.pk, duplicate_id=duplicate.pk, happened_at=at, ref=f"feedback.report:{kept.pk}",
        caused_by=duplicate.filing_event_id,
    )  # fmt: skip
    emit([told], actor=actor)
    return joined


@transaction.atomic
def separate(*, joined: Join, actor: Actor, at: datetime) -> None:
    """They were not the same: the duplicate is somebody's turn again, as before. Raises CannotHandle."""
    row = Report.objects.select_for_update(of=("self",)).select_related("area").get(pk=joined.duplicate_id)
    undone = Join.objects.filter(pk=joined.pk, undone_at__isnull=True).update(undone_at=at, undone_by=actor)
    if not undone:
        raise CannotHandle("join-undone", _("These reports are apart already."))
    before, category = row.turns.select_related("area").order_by("-begins_at", "-pk")[0], current(row)
    due = max(before.due_at, due_at(at, category.step, rules_of(row), clock.zone()))
    give_turn(
        row, area=before.area, step=before.step, category=category, reason="separated", clock_from=before.clock_from,
        begins_at=at, due_at=due, by=actor,
    )  # fmt: skip
    told = ReportsSeparated(
        report_id=joined.kept_id, duplicate_id=row.pk, happened_at=at, ref=f"feedback.report:{row.pk}",
        caused_by=row.filing_event_id,
    )  # fmt: skip
    emit([told], actor=actor)
