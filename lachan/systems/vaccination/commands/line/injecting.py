"""The injection: judged by the rules of the day, out of a vial, on record and certified, all of it or nothing."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from lachan.core import bulk, clock, persons
from lachan.core.events import DoseGiven
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person
from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.commands.line.arriving import held_visit
from lachan.systems.vaccination.commands.line.certifying import certify_doses
from lachan.systems.vaccination.commands.line.examining import rules_id
from lachan.systems.vaccination.commands.line.refusals import BROKEN, CannotServe, refusal_of
from lachan.systems.vaccination.commands.vials import take_dose
from lachan.systems.vaccination.models import Dose, Movement, ScreeningForm, Session, Vial, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipients_of
from lachan.systems.vaccination.rules.courses import Recipient, Refused, judge_dose
from lachan.systems.vaccination.rules.line import Numbering, Screened, numbering

SOURCE: Final = "line"


@transaction.atomic
def inject(
    *, visit: Visit, vial: Vial, table: int, actor: Actor, at: datetime, vaccinator: Actor | None = None
) -> Dose:
    """Give one dose of the vial to the person of the visit, record it and ask for its certificate.

    The certificate follows when issuing goes on, where it is stopped. Raises CannotServe (not-screened, not-cleared,
    consent-missing, table-unknown, vial-of-…, what the rules of courses refuse, already-injected, dose-known,
    visit-over) and CannotMoveDoses of the vial.
    """
    held, policy = held_visit(visit), rules_at(at)
    root = persons.roots_locked([held.person_id])[held.person_id]
    person = Person.objects.get(pk=root)
    session = held.session
    require_vial(vial, session, table)
    form = held.forms.order_by("-pk").first()
    require_cleared(form)
    on = clock.local_date(at)
    known = known_recipient(recipients_of([person]).get(root), form)
    counted = judged(known, form, session.product, on=on, policy=policy)
    movement = take_dose(vial=vial, actor=actor, at=at)
    dose = dose_of(
        held, person, vial, movement, counted, table=table, policy=policy, actor=actor, at=at, vaccinator=vaccinator
    )  # fmt: skip
    insert_dose(dose)
    certify_doses([(dose, counted)], told=[dose_given(dose, counted)], actor=actor, at=at)
    return dose


def require_vial(vial: Vial, session: Session, table: int) -> None:
    """Raises CannotServe: table-unknown, vial-of-another-site, vial-of-another-vaccine."""
    if not 1 <= table <= session.tables:
        raise CannotServe("table-unknown")
    if vial.store_id != session.site_id:
        raise CannotServe("vial-of-another-site")
    if vial.lot.product != session.product:
        raise CannotServe("vial-of-another-vaccine")


def require_cleared(form: ScreeningForm | None) -> None:
    """Raises CannotServe: not-screened, consent-missing, not-cleared."""
    if form is None:
        raise CannotServe("not-screened")
    if not form.consent:
        raise CannotServe("consent-missing")
    if not screened(form).clears:
        raise CannotServe("not-cleared")


def screened(form: ScreeningForm) -> Screened:
    return Screened(outcome=form.outcome, careful_here=form.careful_here, consent=form.consent)


def known_recipient(found: Recipient | None, form: ScreeningForm | None) -> Recipient:
    """With what the examination knows of the immune system. Raises CannotServe: birth-unknown."""
    if found is None:
        raise CannotServe("birth-unknown")
    return replace(found, immunocompromised=form is not None and form.weak_immunity)


def judged(
    known: Recipient, form: ScreeningForm | None, product: str, *, on: date, policy: VaccinationPolicy
) -> Numbering:
    """As which dose it counts. Raises CannotServe with the codes of `rules.courses.Refused`."""
    offer = judge_dose(
        known, product=product, on=on, policy=policy, consent=form is not None and form.mix_consent,
        guardian_consent=form is not None and bool(form.guardian),
    )  # fmt: skip
    if isinstance(offer, Refused):
        raise refusal_of(offer)
    return numbering(offer, known.doses)


def dose_of(
    visit: Visit, person: Person, vial: Vial, movement: Movement, counted: Numbering, *, table: int,
    policy: VaccinationPolicy, actor: Actor, at: datetime, vaccinator: Actor | None = None,
) -> Dose:  # fmt: skip
    """The row of a dose of this line, unsaved."""
    session = visit.session
    return Dose(
        person=person, product=session.product, lot=vial.lot, lot_number=vial.lot.number, kind=counted.kind,
        number=counted.number, primary_doses=counted.primary, given_at=at, given_on=clock.local_date(at),
        site=session.site, visit=visit, vial=vial, movement=movement, vaccinator=vaccinator or actor, table=table,
        source=SOURCE, rules=rules_id(policy), recorded_at=at, recorded_by=actor, event_id=uuid7(),
    )  # fmt: skip


def dose_given(dose: Dose, counted: Numbering, cause: UUID | None = None) -> DoseGiven:
    return DoseGiven(
        id=dose.event_id, person_id=dose.person_id, place_id=dose.site_id, happened_at=dose.given_at, caused_by=cause,
        ref=f"vaccination.dose:{dose.pk}", vaccine=dose.product, dose_number=counted.ordinal,
        primary_doses=dose.primary_doses, given_as=dose.kind, lot=dose.lot_number, source=dose.source,
    )  # fmt: skip


def insert_dose(dose: Dose) -> None:
    """Raises CannotServe: already-injected, dose-known."""
    try:
        with transaction.atomic():
            bulk.insert([dose])
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        raise (CannotServe(BROKEN[name]) if name in BROKEN else error) from error
