"""Saying that something in the record is wrong."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from lachan.core import persons
from lachan.core.eventlog import emit
from lachan.core.events import CorrectionAsked
from lachan.core.ids import uuid7
from lachan.core.models import Actor, IdentifierKind, Person
from lachan.core.sealed import seal
from lachan.systems.vaccination.commands.correcting.reading import (
    id_number,
    masked,
    number_on_record,
    read,
    stands,
)
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect
from lachan.systems.vaccination.models import CorrectionRequest, Dose
from lachan.systems.vaccination.models.corrections import OF_A_DOSE
from lachan.systems.vaccination.queries.reactions import last_doses

LONGEST: Final = 500


@transaction.atomic
def ask_correction(
    *,
    person: Person,
    kind: str,
    wanted: str,
    words: str,
    actor: Actor,
    at: datetime,
    dose: Dose | None = None,
) -> CorrectionRequest:
    """Say what is wrong. `wanted`: what should stand there, as typed (`commands.correcting.reading`); `dose`: the one
    that it is about, if it is about one.

    Raises CannotCorrect: no-dose, dose-missing, visit-open, nothing-wrong, words-missing, asked-before, what cannot be
    read; BadName, BadDate.
    """
    root = Person.objects.get(pk=persons.roots_locked([person.pk])[person.pk])
    about = _about(kind, root, dose, at)
    if not words.strip():
        raise CannotCorrect("words-missing")
    said = _number(root, wanted) if kind == "national_id" else _line(kind, root, dose, wanted, at)
    row = CorrectionRequest(
        person=root, kind=kind, dose=dose if kind in OF_A_DOSE else None, words=words.strip()[:LONGEST],
        site=about.site, asked_at=at, asked_by=actor, event_id=uuid7(), **said,
    )  # fmt: skip
    _insert(row)
    told = CorrectionAsked(
        id=row.event_id, person_id=root.pk, place_id=row.site_id, happened_at=at, correction_id=row.pk, what=kind,
        ref=f"vaccination.correctionrequest:{row.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _about(kind: str, root: Person, dose: Dose | None, at: datetime) -> Dose:
    """The dose in question, or the last one. Raises CannotCorrect: no-dose, dose-missing, visit-open."""
    doses = last_doses(root.pk, at=at)
    if (last := doses.first()) is None:
        raise CannotCorrect("no-dose")
    if kind not in OF_A_DOSE:
        return last
    found = doses.select_related("site", "visit").filter(pk=dose.pk).first() if dose else None
    if found is None:
        raise CannotCorrect("dose-missing")
    if found.visit is not None and found.visit.left_at is None:
        raise CannotCorrect("visit-open")
    return found


def _line(kind: str, root: Person, dose: Dose | None, wanted: str, at: datetime) -> dict[str, Any]:
    about = dose if kind in OF_A_DOSE else None
    before, said = stands(kind, root, about), read(kind, wanted, about, at)
    if before == said:
        raise CannotCorrect("nothing-wrong")
    return {"before": before, "wanted": said}


def _number(root: Person, wanted: str) -> dict[str, Any]:
    """Sealed: a list of corrections is no list of ID numbers."""
    number = id_number(wanted)
    wrong = number_on_record(root, number)
    kind = IdentifierKind.NATIONAL_ID
    return {
        "before": masked(persons.identifier_value(wrong)) if wrong else "", "wanted": masked(number),
        "sealed_before": bytes(wrong.sealed) if wrong else None, "sealed_wanted": seal(kind, number),
    }  # fmt: skip


def _insert(row: CorrectionRequest) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "correction_one_open" not in str(error):
            raise
        raise CannotCorrect("asked-before") from error
