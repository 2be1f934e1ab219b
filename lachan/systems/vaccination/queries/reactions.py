"""Reactions that a posting may see: at its sites, or of people who live in its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.systems.vaccination.models import Dose, Reaction, ReactionStep
from lachan.systems.vaccination.queries.policy import NoVaccinationYet, rules_at
from lachan.systems.vaccination.rules.reactions import (
    Clock,
    Severity,
    clock_of,
    criteria_now,
    is_urgent,
    severity_of,
)


class ReactionNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "reaction-not-visible", _("There is no reaction with this number that your posting may see.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionLine:
    """A reaction as it stands now. `clock`: what it waits for, and until when."""

    reaction: Reaction
    severity: Severity
    criteria: Sequence[str]
    urgent: bool
    concluded: bool
    clock: Clock | None


def reactions(posting: Posting) -> QuerySet[Reaction]:
    mine = Q(dose__site=posting.place_id or 0)
    if posting.area is not None:
        mine = areas.inside("dose__site__area__", posting.area) | areas.inside(
            "person__home_area__", posting.area
        )
    return Reaction.objects.filter(mine).select_related(
        "person__merged_into", "dose__site__area", "dose__lot"
    )


def open_reactions(posting: Posting) -> QuerySet[Reaction]:
    concluded = ReactionStep.objects.filter(reaction=OuterRef("pk"), kind="concluded")
    return reactions(posting).filter(~Exists(concluded))


def reaction_for(posting: Posting, number: int) -> Reaction:
    """Raises ReactionNotVisible."""
    if (found := reactions(posting).filter(pk=number).first()) is None:
        raise ReactionNotVisible
    return found


def lines(rows: Sequence[Reaction], *, at: datetime) -> list[ReactionLine]:
    """One statement for the steps of all."""
    steps: dict[int, list[ReactionStep]] = {row.pk: [] for row in rows}
    for step in ReactionStep.objects.filter(reaction__in=rows).order_by("done_at", "pk"):
        steps[step.reaction_id].append(step)
    return [_line(row, steps[row.pk]) for row in rows]


def _line(row: Reaction, steps: Sequence[ReactionStep]) -> ReactionLine:
    criteria = criteria_now(row.criteria, [s.criteria for s in steps if s.kind == "assessed"])
    severity, done = severity_of(row.symptoms, criteria), {s.kind: s.done_at for s in steps}
    try:
        policy = rules_at(row.told_at)
    except NoVaccinationYet:
        policy = None
    began = _serious_since(row, steps)
    running = clock_of(severity, began, done, policy=policy, zone=clock.zone()) if policy else None
    return ReactionLine(
        reaction=row, severity=severity, criteria=criteria, urgent=is_urgent(row.symptoms, criteria),
        concluded="concluded" in done, clock=running,
    )  # fmt: skip


def _serious_since(row: Reaction, steps: Sequence[ReactionStep]) -> datetime:
    """The clocks start when somebody first said that it is serious."""
    if row.criteria:
        return row.told_at
    return next((s.done_at for s in steps if s.kind == "assessed" and s.criteria), row.told_at)


def last_doses(root: int, *, at: datetime) -> QuerySet[Dose]:
    """Standing doses of a person (the id of the root) and of the records joined into theirs, newest first."""
    group = Q(person=root) | Q(person__merged_into=root)
    found = Dose.objects.filter(group, withdrawn_at__isnull=True, given_at__lte=at)
    return found.select_related("site").order_by("-given_at", "-pk")
