"""After the injection: the watch and how it ended, and a dose that was written down by mistake."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from lachan.core.eventlog import emit
from lachan.core.events import DoseWithdrawn, ObservationEnded
from lachan.core.models import Actor
from lachan.issuer.models import Reason
from lachan.systems.vaccination.commands.line.arriving import held_visit
from lachan.systems.vaccination.commands.line.certifying import withdraw_certificates
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.commands.vials import take_back_dose
from lachan.systems.vaccination.models import Dose, Observation, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.rules.line import left_of_watch

LONGEST: Final = 500


@transaction.atomic
def end_observation(
    *, visit: Visit, well: bool, actor: Actor, at: datetime, note: str = ""
) -> Observation:  # fmt: skip
    """End the watch: well once its minutes are over, or at any time with what was noticed, in words.

    Raises CannotServe: not-injected, observed-before, still-watched, observation-words, visit-over.
    """
    held = held_visit(visit)
    dose = standing_dose(held)
    if Observation.objects.filter(dose=dose).exists():
        raise CannotServe("observed-before")
    said = note.strip()[:LONGEST]
    if not well and not said:
        raise CannotServe("observation-words")
    if well and left_of_watch(dose.given_at, rules_at(dose.given_at).observation_minutes, at) > timedelta():
        raise CannotServe("still-watched")
    done = Observation.objects.create(dose=dose, ended_at=at, ended_by=actor, well=well, note=said)
    told = ObservationEnded(
        person_id=dose.person_id, place_id=dose.site_id, happened_at=at, caused_by=dose.event_id,
        ref=f"vaccination.dose:{dose.pk}", dose_id=dose.pk, well=well,
    )  # fmt: skip
    emit([told], actor=actor)
    return done


def standing_dose(visit: Visit) -> Dose:
    """Raises CannotServe: not-injected."""
    found = visit.doses.filter(withdrawn_at__isnull=True).first()
    if found is None:
        raise CannotServe("not-injected")
    return found


@transaction.atomic
def withdraw_dose(*, dose: Dose, reason: str, actor: Actor, at: datetime) -> Dose:
    """A dose was written down by mistake while its visit is open: it is in the vial again and certifies nothing.

    Raises CannotServe: reason-missing, withdrawn-before, not-of-this-line, visit-closed-dose; CannotMoveDoses.
    """
    said = reason.strip()[:LONGEST]
    if not said:
        raise CannotServe("reason-missing")
    held = _held(dose)
    if held.visit is None or held.vial is None:
        raise CannotServe("not-of-this-line")
    if held.visit.left_at is not None:
        raise CannotServe("visit-closed-dose")
    take_back_dose(vial=held.vial, note=said, actor=actor, at=at)
    strike(held, reason=said, actor=actor, at=at)
    return held


def strike(
    dose: Dose, *, reason: str, actor: Actor, at: datetime, cause: UUID | None = None,
    revoked_as: Reason = Reason.RECORD_WITHDRAWN,
) -> DoseWithdrawn:  # fmt: skip
    """In the caller's transaction: the dose does not stand any longer, its certificates are revoked, and it is told."""
    dose.withdrawn_at, dose.withdrawn_by, dose.withdrawal = at, actor, reason
    dose.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])
    told = DoseWithdrawn(
        person_id=dose.person_id, place_id=dose.site_id, happened_at=at,
        caused_by=cause or dose.event_id, ref=f"vaccination.dose:{dose.pk}", dose_id=dose.pk, given_id=dose.event_id,
    )  # fmt: skip
    emit([told], actor=actor)
    withdraw_certificates(dose, reason=reason, actor=actor, at=at, revoked_as=revoked_as)
    return told


def _held(dose: Dose) -> Dose:
    """Held until the transaction ends. Raises CannotServe: withdrawn-before."""
    found = Dose.objects.select_for_update(of=("self",)).select_related("visit", "vial").get(pk=dose.pk)
    if found.withdrawn_at is not None:
        raise CannotServe("withdrawn-before")
    return found
