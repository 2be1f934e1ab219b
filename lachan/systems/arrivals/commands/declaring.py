"""Declaring an entry before the journey, and amending it before the gate."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import access, actors, persons
from lachan.core.codes import new_code
from lachan.core.eventlog import emit
from lachan.core.events import ArrivalDeclared
from lachan.core.models import Actor, Person
from lachan.core.names import search_key
from lachan.core.persons import Identity
from lachan.platform import citizens
from lachan.platform.otp import VerifiedPhone
from lachan.systems.arrivals.commands.journeys import (
    CannotAmendEntry,
    CannotDeclareEntry,
    Journey,
    check_journey,
    columns_of,
)
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance

TRIES = 12
SHORT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """How a declaration came. `shown`: a telephone whose code was typed; `actor`: the officer who took it down."""

    shown: VerifiedPhone | None = None
    declared_by: str = ""
    language: str = "vi"
    actor: Actor | None = None


def declare_arrival(
    *, journey: Journey, about: Identity, key: UUID, sender: Traveller, at: datetime
) -> ArrivalDeclaration:
    """Keep a declaration under a fresh code. The same `key` again is the declaration of before.

    Raises CannotDeclareEntry, BadName. Who declares gets a record of their own, unless the telephone that was shown
    is noted for a record of this name and year of birth.
    """

    def run() -> ArrivalDeclaration:
        check_journey(journey, at)
        person = _person(about, journey, sender, at)
        actor = sender.actor or _actor(person, sender, at)
        return _kept(journey, person, key, sender, actor, at, None)

    return _once(key, run)


def amend_arrival(
    *, declaration: ArrivalDeclaration, journey: Journey, key: UUID, at: datetime
) -> ArrivalDeclaration:
    """Replace what was declared by something else, until an officer decided; both stay. Raises CannotAmendEntry,
    CannotDeclareEntry."""

    def run() -> ArrivalDeclaration:
        check_journey(journey, at)
        _hold(declaration)
        _refuse_closed(declaration)
        sender = Traveller(declared_by=declaration.declared_by, language=declaration.language)
        persons.claim_identifier(declaration.person, journey.document_kind, journey.number, at=at)
        return _kept(journey, declaration.person, key, sender, declaration.recorded_by, at, declaration)

    return _once(key, run)


def _hold(declaration: ArrivalDeclaration) -> ArrivalDeclaration:
    """Held until the end: nobody decides about it, or amends it, at the same moment."""
    return ArrivalDeclaration.objects.select_for_update().get(pk=declaration.pk)


def _refuse_closed(declaration: ArrivalDeclaration) -> None:
    if Clearance.objects.filter(declaration=declaration).exists():
        raise CannotAmendEntry("already-cleared", _("An officer has decided on this declaration."))
    if ArrivalDeclaration.objects.filter(amends=declaration).exists():
        raise CannotAmendEntry("already-amended", _("This declaration was replaced by a later one."))


def _once(key: UUID, run: Callable[[], ArrivalDeclaration]) -> ArrivalDeclaration:
    """One key, one declaration: of two at once the second finds the first's."""
    known = ArrivalDeclaration.objects.filter(key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return run()
    except IntegrityError:
        known = ArrivalDeclaration.objects.filter(key=key).first()
        if known is None:
            raise
        return known


def _kept(
    journey: Journey, person: Person, key: UUID, sender: Traveller, actor: Actor, at: datetime,
    amends: ArrivalDeclaration | None,
) -> ArrivalDeclaration:  # fmt: skip
    root = persons.roots_locked([person.pk])[person.pk]
    made = ArrivalDeclaration(
        code=new_code(), key=key, person_id=root, amends=amends, made_at=at, recorded_by=actor,
        language=sender.language, declared_by=sender.declared_by,
        phone_shown=sender.shown is not None or (amends is not None and amends.phone_shown),
        **columns_of(journey),
    )  # fmt: skip
    _save_with_short_code(made)
    told = ArrivalDeclared(
        person_id=root, place_id=journey.gate.place_id, happened_at=at, arrival_id=made.pk, gate=journey.gate.code,
        arrives_on=made.arrives_on, amends_id=made.amends_id, ref=f"arrivals.arrivaldeclaration:{made.pk}",
        caused_by=None,
    )  # fmt: skip
    emit([told], actor=actor)
    return made


def _save_with_short_code(made: ArrivalDeclaration) -> None:
    """Five digits that nobody else has at this gate on this day. Raises CannotDeclareEntry."""
    for _try in range(TRIES):
        made.short_code = f"{secrets.randbelow(SHORT):05}"
        taken = ArrivalDeclaration.objects.filter(
            gate=made.gate, arrives_on=made.arrives_on, short_code=made.short_code
        )
        if taken.exists():
            continue
        try:
            with transaction.atomic():
                return made.save(force_insert=True)
        except IntegrityError as error:
            if "arrival_short_code_once_a_day" not in str(error):
                raise
    raise CannotDeclareEntry(
        "no-short-code", _("Too many declare for this gate and day. Try again in a minute.")
    )


def _person(about: Identity, journey: Journey, sender: Traveller, at: datetime) -> Person:
    if sender.shown and (known := _of_phone(about, sender.shown)):
        persons.claim_identifier(known, journey.document_kind, journey.number, at=at)
        return known
    numbers = {journey.document_kind: journey.number}
    if sender.shown and not sender.declared_by:
        numbers["phone"] = sender.shown.phone
    fresh = Identity(
        name=about.name, birth=about.birth, sex=about.sex, home_area=journey.destination_area,
        address=journey.destination_address, identifiers=numbers,
    )  # fmt: skip
    person = persons.register(fresh, actor=sender.actor or actors.system(at=at), at=at)
    Person.objects.filter(pk=person.pk).update(language=sender.language)
    return person


def _of_phone(about: Identity, shown: VerifiedPhone) -> Person | None:
    """The record of this name and year of birth that has the telephone; only its holder gets here."""
    year = about.birth.year if about.birth else None
    sharing = access.of_phone(shown.index).filter(search_key=search_key(about.name))
    return sharing.filter(birth_year=year).first()


def _actor(person: Person, sender: Traveller, at: datetime) -> Actor:
    return actors.system(at=at) if sender.declared_by else citizens.actor_of(person, at=at)
