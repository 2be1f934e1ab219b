"""Doses given before or elsewhere, written down from what the person shows: the lot is a number, no vial is known."""

from datetime import UTC, date, datetime, time
from typing import Final

from django.db import transaction

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person
from lachan.systems.vaccination.commands.line.examining import rules_id
from lachan.systems.vaccination.commands.line.injecting import dose_given, insert_dose
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.models import DOSE_KINDS, Dose
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipients_of
from lachan.systems.vaccination.rules.line import Numbering

SOURCES: Final = ("paper", "certificate", "list")
NOON_UTC: Final = time(5, tzinfo=UTC)


@transaction.atomic
def give_elsewhere(
    *, person: Person, product: str, kind: str, number: int, given_on: date, source: str, actor: Actor, at: datetime,
    lot_number: str = "",
) -> Dose:  # fmt: skip
    """Write down a dose that was given elsewhere; it counts as any other, and is not certified here.

    Raises CannotServe: source-missing, product-unknown, dose-in-future, before-birth, dose-number-wrong,
    lot-number-long, dose-known.
    """
    root = persons.roots_locked([person.pk])[person.pk]
    who, rules = Person.objects.get(pk=root), rules_at(at)
    course = rules.product(product)
    if course is None:
        raise CannotServe("product-unknown")
    _require(who, given_on, source, lot_number, today=clock.local_date(at))
    if kind not in DOSE_KINDS or not 1 <= number <= (course.primary_doses if kind == "primary" else 9):
        raise CannotServe("dose-number-wrong")
    dose = Dose(
        person=who, product=product, lot_number=lot_number.strip(), kind=kind, number=number,
        primary_doses=course.primary_doses, given_on=given_on, given_at=min(datetime.combine(given_on, NOON_UTC), at),
        source=source, rules=rules_id(rules), recorded_at=at, recorded_by=actor, event_id=uuid7(),
    )  # fmt: skip
    known = recipients_of([who]).get(root)
    before = sum(each.on < given_on for each in known.doses) if known else 0
    insert_dose(dose)
    emit([dose_given(dose, Numbering(kind, number, course.primary_doses, before + 1))], actor=actor)
    return dose


def _require(person: Person, given_on: date, source: str, lot_number: str, *, today: date) -> None:
    birth = persons.birth_of(person)
    if source not in SOURCES:
        raise CannotServe("source-missing")
    if given_on > today:
        raise CannotServe("dose-in-future")
    if birth is not None and given_on < birth.earliest:
        raise CannotServe("before-birth")
    if len(lot_number.strip()) > 20:
        raise CannotServe("lot-number-long")
