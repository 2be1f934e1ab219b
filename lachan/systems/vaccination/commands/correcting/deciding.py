"""A paper was seen, or was not: the record is put right, or stays."""

from datetime import datetime
from typing import Final

from django.db import transaction

from lachan.core import clock, identifiers, persons
from lachan.core.dates import parse_birth_date
from lachan.core.eventlog import emit
from lachan.core.events import CorrectionConfirmed, CorrectionRefused
from lachan.core.models import Actor, IdentifierKind, Person, Place
from lachan.core.sealed import unseal
from lachan.systems.vaccination.commands.correcting.certificates import counting, reissue
from lachan.systems.vaccination.commands.correcting.doses import correct_dose
from lachan.systems.vaccination.commands.correcting.reading import id_number
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect
from lachan.systems.vaccination.models import CorrectionRequest

LONGEST: Final = 500


@transaction.atomic
def confirm_correction(
    *, correction: CorrectionRequest, answer: str, actor: Actor, at: datetime, site: Place | None = None,
    number: str = "",
) -> CorrectionRequest:  # fmt: skip
    """A paper was seen: the record is put right, and each certificate that says it wrong is issued anew, the old one
    revoked. `site`: where the dose was given; `number`: as it stands on the card.

    Raises CannotCorrect: answer-missing, own-correction, decided-before, number-unseen, site-missing, what no dose may
    read like; CannotMoveDoses where the ledger refuses; CannotVerify where another person holds the number.
    """
    row = _decide(correction, answer=answer, accepted=True, actor=actor, at=at)
    root = Person.objects.get(pk=persons.roots_locked([row.person_id])[row.person_id])
    if row.kind == "national_id":
        reissued = _put_number(row, root, number, actor, at)
    elif row.dose_id is not None:
        reissued = correct_dose(row, row.dose_id, site=site, reason=row.answer, actor=actor, at=at)
    else:
        reissued = _put_person(row, root, actor, at)
    told = CorrectionConfirmed(
        person_id=root.pk, place_id=row.site_id, happened_at=at, caused_by=row.event_id, correction_id=row.pk,
        what=row.kind, reissued=reissued, ref=f"vaccination.correctionrequest:{row.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _put_person(row: CorrectionRequest, root: Person, actor: Actor, at: datetime) -> int:
    """Every certificate says the name and the date of birth; until when the old ones were valid."""
    name = row.wanted if row.kind == "name" else None
    birth = parse_birth_date(row.wanted, clock.local_date(at)) if row.kind == "birth_date" else None
    persons.correct(root, name=name, birth=birth, actor=actor, at=at)
    found = counting(root, at)
    for certificate in found:
        reissue(certificate, actor=actor, at=at)
    return len(found)


def _put_number(row: CorrectionRequest, root: Person, typed: str, actor: Actor, at: datetime) -> int:
    """No certificate says an ID number."""
    kind = IdentifierKind.NATIONAL_ID
    wanted = unseal(kind, row.sealed_wanted or b"")
    if id_number(typed) != wanted:
        raise CannotCorrect("number-unseen")
    wrong = unseal(kind, row.sealed_before) if row.sealed_before is not None else None
    identifiers.exchange(root, kind, right=wanted, wrong=wrong, actor=actor, at=at)
    return 0


@transaction.atomic
def refuse_correction(
    *, correction: CorrectionRequest, answer: str, actor: Actor, at: datetime
) -> CorrectionRequest:
    """The record stays as it is, for a reason. Raises CannotCorrect: answer-missing, own-correction, decided-before."""
    row = _decide(correction, answer=answer, accepted=False, actor=actor, at=at)
    told = CorrectionRefused(
        person_id=row.person_id, place_id=row.site_id, happened_at=at, caused_by=row.event_id, correction_id=row.pk,
        what=row.kind, ref=f"vaccination.correctionrequest:{row.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _decide(
    correction: CorrectionRequest, *, answer: str, accepted: bool, actor: Actor, at: datetime
) -> CorrectionRequest:
    if not answer.strip():
        raise CannotCorrect("answer-missing")
    if correction.asked_by_id == actor.pk:
        raise CannotCorrect("own-correction")
    open_ = CorrectionRequest.objects.filter(pk=correction.pk, decided_at__isnull=True)
    said = answer.strip()[:LONGEST]
    if not open_.update(decided_at=at, decided_by=actor, accepted=accepted, answer=said):
        raise CannotCorrect("decided-before")
    return CorrectionRequest.objects.get(pk=correction.pk)
