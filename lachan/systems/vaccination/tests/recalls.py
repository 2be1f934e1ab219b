"""A recalled lot of which people have had doses."""

from lachan.core.models import Person
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Lot, Session
from lachan.systems.vaccination.tests import line_rows, people
from lachan.systems.vaccination.tests.conftest import NOON, keeper


def recalled(*who: Person) -> Lot:
    """A lot that these people have had, held by one and recalled by another."""
    here = given_to(*who)
    assert here.lot is not None
    return recall(here.lot)


def given_to(*who: Person) -> Session:
    here = line_rows.session()
    bottle = line_rows.vial(here)
    for each in who:
        line_rows.injected(here, bottle, each)
    return here


def recall(lot: Lot) -> Lot:
    commands.hold_lot(lot=lot, reason="phản ứng nặng", actor=keeper(), at=NOON)
    commands.recall_lot(lot=lot, reason="văn bản 123/QLD", actor=keeper(), at=NOON)
    return lot


def three() -> tuple[Person, Person, Person]:
    """The last one has no number."""
    return people.person(), people.person(phone="+84912345679"), people.person(phone="")
