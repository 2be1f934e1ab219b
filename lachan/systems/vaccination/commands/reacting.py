"""Reactions after an injection: telling of one, and what is done about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Event, ReactionReported, ReactionStepTaken, SeriousReactionReported
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person, Place
from lachan.systems.vaccination.models import Dose, Reaction, ReactionStep
from lachan.systems.vaccination.queries.reactions import last_doses
from lachan.systems.vaccination.rules.reactions import (
    CAUSES,
    CRITERIA,
    SYMPTOMS,
    criteria_now,
    is_urgent,
    refusal_of_step,
    severity_of,
)

Teller = Literal["person", "site", "hospital", "centre"]
LONGEST_WORDS: Final = 1_000
LOOK_BACK: Final = timedelta(days=180)

WORDS = {
    "no-dose": _("There is no dose of this person to which the reaction could belong."),
    "symptom-unknown": _("Choose symptoms from the list."),
    "nothing-told": _("Tick what was felt, or say it in words."),
    "began-when": _("A reaction begins after the injection and before now."),
    "step-unknown": _("Choose what was done."),
    "step-done": _("This has been written down already."),
    "not-investigated": _("The council meets on the report of the investigation: write that down first."),
    "no-council": _("A serious reaction is concluded by the council: write its meeting down first."),
    "concluded-before": _("The reaction has been concluded."),
    "cause-missing": _("Choose the cause that the council found."),
    "note-missing": _("Say in words what was found."),
}


class CannotReport(Refusal):
    """The codes are the keys of WORDS."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@transaction.atomic
def report_reaction(
    *, person: Person, told_by: Teller, symptoms: Sequence[str], actor: Actor, at: datetime,
    began_at: datetime | None = None, criteria: Sequence[str] = (), words: str = "", dose: Dose | None = None,
    place: Place | None = None,
) -> Reaction:  # fmt: skip
    """Write down what somebody felt after a dose (the last one, if none is named); urgent and serious ones are told to
    all. Raises CannotReport: no-dose, symptom-unknown, nothing-told, began-when."""
    root = persons.roots_locked([person.pk])[person.pk]
    began_at = began_at or at
    of = dose or last_doses(root, at=at).filter(given_at__gte=at - LOOK_BACK).first()
    _refuse(of, root, symptoms, criteria, words, began_at, at)
    row = Reaction(
        person_id=root, dose=of, told_by=told_by, place=place, symptoms=sorted(set(symptoms)),
        criteria=sorted(set(criteria)), words=words.strip()[:LONGEST_WORDS], began_at=began_at, told_at=at,
        recorded_by=actor, event_id=uuid7(),
    )  # fmt: skip
    row.save(force_insert=True)
    emit(_told(row, at), actor=actor)
    return row


def _refuse(
    dose: Dose | None, root: int, symptoms: Sequence[str], criteria: Sequence[str], words: str, began: datetime,
    at: datetime,
) -> None:  # fmt: skip
    if dose is None or dose.person.root_id != root or dose.withdrawn_at is not None:
        raise CannotReport("no-dose")
    if not set(symptoms) <= set(SYMPTOMS) or not set(criteria) <= set(CRITERIA):
        raise CannotReport("symptom-unknown")
    if not (symptoms or criteria or words.strip()):
        raise CannotReport("nothing-told")
    if not dose.given_at <= began <= at:
        raise CannotReport("began-when")


def _told(row: Reaction, at: datetime) -> list[Event]:
    severity = severity_of(row.symptoms, row.criteria)
    ref = f"vaccination.reaction:{row.pk}"
    told: list[Event] = [
        ReactionReported(
            id=row.event_id, person_id=row.person_id, place_id=row.dose.site_id, happened_at=at, reaction_id=row.pk,
            dose_id=row.dose_id, severity=severity, urgent=is_urgent(row.symptoms, row.criteria), ref=ref,
            caused_by=row.dose.event_id,
        )
    ]  # fmt: skip
    if severity == "serious":
        told.append(_serious(row, row.event_id, at))
    return told


def _serious(row: Reaction, cause: UUID, at: datetime) -> SeriousReactionReported:
    return SeriousReactionReported(
        person_id=row.person_id, place_id=row.dose.site_id, happened_at=at, reaction_id=row.pk, dose_id=row.dose_id,
        lot=row.dose.lot_number, ref=f"vaccination.reaction:{row.pk}", caused_by=cause,
    )  # fmt: skip


@transaction.atomic
def take_step(
    *, reaction: Reaction, kind: str, note: str, actor: Actor, at: datetime, criteria: Sequence[str] = (),
    cause: str = "",
) -> ReactionStep:  # fmt: skip
    """Write down what was done. `assessed` may make it serious (then its clocks start with the first report); raises
    CannotReport: step-…, not-investigated, no-council, concluded-before, cause-missing, note-missing."""
    held = Reaction.objects.select_for_update(of=("self",)).select_related("dose").get(pk=reaction.pk)
    steps = list(held.steps.order_by("done_at", "pk"))
    before = criteria_now(held.criteria, [s.criteria for s in steps if s.kind == "assessed"])
    why = refusal_of_step(kind, severity_of(held.symptoms, before), {s.kind for s in steps})
    if why:
        raise CannotReport(why)
    if not note.strip():
        raise CannotReport("note-missing")
    if kind == "concluded" and cause not in CAUSES:
        raise CannotReport("cause-missing")
    given = sorted(set(criteria)) if kind == "assessed" else []
    if not set(given) <= set(CRITERIA):
        raise CannotReport("symptom-unknown")
    row = _insert(held, kind, note, given, cause if kind == "concluded" else "", actor, at)
    told = ReactionStepTaken(
        person_id=held.person_id, reaction_id=held.pk, step=kind, happened_at=at, ref=f"vaccination.reaction:{held.pk}",
        caused_by=held.event_id,
    )  # fmt: skip
    newly = kind == "assessed" and given and not before
    emit([told, *([_serious(held, told.id, at)] if newly else [])], actor=actor)
    return row


def _insert(
    held: Reaction, kind: str, note: str, criteria: list[str], cause: str, actor: Actor, at: datetime
) -> ReactionStep:
    try:
        with transaction.atomic():
            return ReactionStep.objects.create(
                reaction=held, kind=kind, note=note.strip()[:2_000], criteria=criteria, cause=cause, done_at=at,
                done_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        if "reaction_step_once" not in str(error):
            raise
        raise CannotReport("step-done") from error
