"""The state of reports, computed from what was done with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast

from lachan.systems.feedback.models import Join, Report, Step
from lachan.systems.feedback.rules.state import Evidence, State, StepKind, state


def states_of(reports: Iterable[Report]) -> Mapping[int, State]:
    """By number of the report; two queries, however many."""
    ids = [report.pk for report in reports]
    done: dict[int, list[Evidence]] = defaultdict(list)
    for row in Step.objects.filter(report__in=ids):
        done[row.report_id].append(Evidence(cast(StepKind, row.kind), row.at, row.pk))
    joins = Join.objects.filter(duplicate__in=ids, undone_at__isnull=True)
    joined = set(joins.values_list("duplicate", flat=True))
    return {pk: state(done[pk], joined=pk in joined) for pk in ids}


def state_of(report: Report) -> State:
    return states_of([report])[report.pk]
