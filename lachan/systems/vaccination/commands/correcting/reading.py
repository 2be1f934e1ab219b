"""What stands on record and what is wanted in its place, as one line of text each."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Final

from lachan.core import clock, persons
from lachan.core.dates import parse_birth_date
from lachan.core.models import Identifier, IdentifierKind, Person
from lachan.core.names import clean_name
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect
from lachan.systems.vaccination.models import DOSE_KINDS, Dose

SHOWN: Final = 3  # digits of an ID number, from its end
MOMENT: Final = "%d/%m/%Y %H:%M"
DAY: Final = "%d/%m/%Y"
NOON_UTC: Final = time(5, tzinfo=UTC)
LONGEST: Final = 200


def stands(kind: str, person: Person, dose: Dose | None) -> str:
    """What the record says now. An ID number: `masked`, of the one that `number_on_record` finds."""
    return NOW[kind](person) if dose is None else NOW_OF_DOSE[kind](dose)


def _birth(person: Person) -> str:
    birth = persons.birth_of(person)
    return birth.text if birth else ""


def when(dose: Dose) -> str:
    """Of a dose that was written down from papers nobody knows the hour."""
    return dose.given_at.astimezone(clock.zone()).strftime(MOMENT if dose.visit_id else DAY)


NOW: Final[Mapping[str, Callable[[Person], str]]] = {"name": lambda person: person.name, "birth_date": _birth}
NOW_OF_DOSE: Final[Mapping[str, Callable[[Dose], str]]] = {
    "lot": lambda dose: dose.lot_number,
    "number": lambda dose: f"{dose.kind} {dose.number}",
    "moment": when,
    "site": lambda dose: dose.site.name if dose.site else "",
}


def read(kind: str, wanted: str, dose: Dose | None, at: datetime) -> str:
    """What should stand there, in one spelling. Raises CannotCorrect; BadName, BadDate."""
    if kind == "name":
        return clean_name(wanted)
    if kind == "birth_date":
        return parse_birth_date(wanted, clock.local_date(at)).text
    if dose is None or kind == "site":
        return " ".join(wanted.split())[:LONGEST]
    if kind == "lot":
        return _lot(wanted)
    if kind == "number":
        of, number = dose_number(wanted, dose)
        return f"{of} {number}"
    return moment_of(wanted, dose).astimezone(clock.zone()).strftime(MOMENT if dose.visit_id else DAY)


def _lot(wanted: str) -> str:
    if not re.fullmatch(r"[!-~]{1,20}", number := wanted.strip()):
        raise CannotCorrect("lot-unreadable")
    return number


def dose_number(wanted: str, dose: Dose) -> tuple[str, int]:
    """`primary 2`. Raises CannotCorrect: dose-number-wrong."""
    kind, _space, number = wanted.strip().partition(" ")
    most = dose.primary_doses if kind == "primary" else 9
    if kind not in DOSE_KINDS or not re.fullmatch("[1-9]", number) or int(number) > most:
        raise CannotCorrect("dose-number-wrong")
    return kind, int(number)


def moment_of(wanted: str, dose: Dose) -> datetime:
    """A day, and a time of the site's zone; without one, that of the record. Raises CannotCorrect."""
    for form in (MOMENT, DAY):
        try:
            said = datetime.strptime(wanted.strip(), form).replace(tzinfo=clock.zone())
        except ValueError:
            continue
        if form == MOMENT and dose.visit_id:
            return said
        known = dose.given_at.astimezone(clock.zone()).timetz() if dose.visit_id else NOON_UTC
        return datetime.combine(said.date(), known)
    raise CannotCorrect("moment-unreadable")


def id_number(wanted: str) -> str:
    """Digits alone. Raises CannotCorrect: number-unreadable."""
    if not re.fullmatch("[0-9]{12}", number := re.sub(r"[\s.-]", "", wanted)):
        raise CannotCorrect("number-unreadable")
    return number


def masked(number: str) -> str:
    """As anybody may read it."""
    return "•" * (len(number) - SHOWN) + number[-SHOWN:]


def number_on_record(person: Person, wanted: str) -> Identifier | None:
    """The number that is wrong: one that was seen on a card before one that was only said, and the latest of them."""
    held = persons.identifiers_of(person).filter(kind=IdentifierKind.NATIONAL_ID)
    newest = sorted(held, key=lambda row: (row.verified_at is not None, row.pk), reverse=True)
    others = [row for row in newest if persons.identifier_value(row) != wanted]
    if not others and any(row.verified_at for row in newest):
        raise CannotCorrect("nothing-wrong")
    return others[0] if others else None
