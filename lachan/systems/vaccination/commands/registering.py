"""Asking to be vaccinated: by oneself, at the commune's desk, on a list of an organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import access, actors, clock, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import RegisteredForVaccination
from lachan.core.models import Actor, Area, IdentifierKind, Person
from lachan.core.names import search_key
from lachan.core.persons import Identity
from lachan.platform import citizens
from lachan.platform.otp import VerifiedPhone
from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.models import Registration, RegistrationList
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipient
from lachan.systems.vaccination.rules.courses import Recipient
from lachan.systems.vaccination.rules.registrations import refusal_to_register

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COMMUNE: Final = 3

WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "group-unknown": _("Choose the group from the list."),
    "birth-unknown": _("The date or year of birth is needed: vaccines are allowed by age."),
    "too-young": _("No vaccine is allowed at this age yet."),
    "course-complete": _("All doses that the rules of today know were given already."),
    "area-too-wide": _("Choose the commune or ward in which the vaccination is wanted."),
    "already-registered": _("There is an open registration already; it stands for every further dose."),
    "organisation-missing": _("Name the organisation."),
}


class CannotRegister(Refusal):
    """The codes are the keys of WORDS."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for, by `person_id` (a root)."""

    person_id: int
    group: str
    area_id: int
    note: str = ""


@transaction.atomic
def register_for_vaccination(
    *, person: Person, group: str, area: Area, source: str, actor: Actor, at: datetime, note: str = ""
) -> Registration:  # fmt: skip
    """One open registration a person. Raises CannotRegister, NoVaccinationYet."""
    policy = rules_at(at)
    require_area(area)
    root = persons.roots_locked([person.pk])[person.pk]
    require_allowed(recipient(root), group, policy, at)
    wish = Wish(person_id=root, group=group, area_id=area.pk, note=note)
    made = register_wishes(wishes=[wish], source=source, actor=actor, at=at)
    if root not in made:
        raise CannotRegister("already-registered")
    return Registration.objects.select_related("person", "area").get(pk=made[root])


@transaction.atomic
def register_by_phone(
    *, identity: Identity, group: str, area: Area, phone: VerifiedPhone, at: datetime, note: str = ""
) -> Registration:
    """Who typed the code of their telephone registers themselves, or somebody who shares it: the record of this name
    and year of birth that has the telephone, else a new one. Raises CannotRegister, NoVaccinationYet, BadName."""
    year = identity.birth.year if identity.birth else None
    sharing = access.of_phone(phone.index).filter(search_key=search_key(identity.name), birth_year=year)
    person = sharing.first() or _newcomer(identity, phone, at)
    return register_for_vaccination(
        person=person, group=group, area=area, source="citizen", note=note, actor=citizens.actor_of(person, at=at),
        at=at,
    )  # fmt: skip


def _newcomer(identity: Identity, phone: VerifiedPhone, at: datetime) -> Person:
    numbers = dict(identity.identifiers or {}) | {IdentifierKind.PHONE: phone.phone}
    return persons.register(replace(identity, identifiers=numbers), actor=actors.system(at=at), at=at)


def require_area(area: Area) -> None:
    """Raises CannotRegister: area-too-wide."""
    if area.level < COMMUNE:
        raise CannotRegister("area-too-wide")


def require_allowed(asking: Recipient | None, group: str, policy: VaccinationPolicy, at: datetime) -> None:
    """Raises CannotRegister: group-unknown, birth-unknown, too-young, course-complete."""
    if why := refusal_to_register(asking, group=group, policy=policy, on=clock.local_date(at)):
        raise CannotRegister(why)


INSERT = """
    INSERT INTO vaccination_registration
        (person_id, "group", area_id, note, source, organisation, of_list_id, registered_at, registered_by_id, closing)
    SELECT person, "group", area, note, %s, %s, %s, %s, %s, ''
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[]) AS asked(person, "group", area, note)
    ORDER BY person
    ON CONFLICT (person_id) WHERE closed_at IS NULL DO NOTHING
    RETURNING person_id, id
"""


def register_wishes(
    *, wishes: Sequence[Wish], source: str, actor: Actor, at: datetime, organisation: str = "",
    of_list: RegistrationList | None = None,
) -> dict[int, int]:  # fmt: skip
    """The new registrations by person, in the caller's transaction, which holds the roots and has asked the rules.

    Who has an open one already is not among them: the database refuses a second.
    """
    if not wishes:
        return {}
    columns = [[getattr(w, name) for w in wishes] for name in ("person_id", "group", "area_id", "note")]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT, [source, organisation, of_list.pk if of_list else None, at, actor.pk, *columns]
        )
        made: dict[int, int] = dict(cursor.fetchall())
    groups = {w.person_id: w.group for w in wishes}
    emit(
        [
            RegisteredForVaccination(
                person_id=person, happened_at=at, ref=f"vaccination.registration:{pk}", registration_id=pk,
                group=groups[person], source=source,
            )
            for person, pk in made.items()
        ],
        actor=actor,
    )  # fmt: skip
    return made
