"""A wrong ID number ends, the right one is read off the card by who decides; nowhere does it stand in clear."""

import pytest

from lachan.core import persons
from lachan.core.eventlog import of_person
from lachan.core.events import PersonCorrected
from lachan.core.models import IdentifierKind, Person
from lachan.core.persons import CannotVerify
from lachan.core.sealed import unseal
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotCorrect
from lachan.systems.vaccination.models import CorrectionRequest
from lachan.systems.vaccination.tests import line_rows
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper

pytestmark = pytest.mark.django_db
ID = IdentifierKind.NATIONAL_ID
WRONG, RIGHT = "048080001234", "048081001234"


def someone(number: str = "") -> Person:
    who = line_rows.person()
    line_rows.earlier(who, TODAY)
    if number:
        persons.claim_identifier(who, ID, number, at=NOON)
    return who


def asked(who: Person, wanted: str = RIGHT) -> CorrectionRequest:
    return commands.ask_correction(
        person=who, kind="national_id", wanted=wanted, words="Căn cước", actor=keeper(), at=NOON
    )


def confirm(row: CorrectionRequest, number: str = RIGHT) -> CorrectionRequest:
    return commands.confirm_correction(
        correction=row, answer="Đã xem căn cước", number=number, actor=keeper(), at=NOON
    )


def test_the_wrong_number_ends_and_the_right_one_is_verified() -> None:
    who = someone(WRONG)
    row = asked(who, "048 081 001 234")
    assert (row.before, row.wanted) == ("•••••••••234", "•••••••••234")
    confirm(row)
    assert persons.with_identifier(ID, WRONG) == []
    assert persons.with_identifier(ID, RIGHT) == [who]
    assert persons.is_verified(who)
    row.refresh_from_db()
    assert row.sealed_before is not None
    assert unseal(ID, row.sealed_before) == WRONG, "what stood there is kept"
    assert [event.fields for event in of_person(who.pk, [PersonCorrected])] == [("national_id",)]


def test_who_had_none_has_one() -> None:
    who = someone()
    confirm(asked(who))
    assert persons.with_identifier(ID, RIGHT) == [who]


def test_who_decides_has_read_the_card() -> None:
    row = asked(someone(WRONG))
    for typed, code in (("048081001235", "number-unseen"), ("", "number-unreadable")):
        with pytest.raises(CannotCorrect, match=code):
            confirm(row, typed)
    row.refresh_from_db()
    assert row.decided_at is None


def test_the_number_of_another_person_is_refused_and_merging_is_offered() -> None:
    other = someone(RIGHT)
    persons.verify_identifier(other.identifiers.get(), actor=keeper(), at=NOON)
    who = someone(WRONG)
    with pytest.raises(CannotVerify) as refused:
        confirm(asked(who))
    assert refused.value.code == "identifier-held-by-another"
    assert persons.with_identifier(ID, WRONG) == [who], "nothing was done"


def test_what_is_right_or_unreadable_is_not_asked() -> None:
    who = someone(RIGHT)
    persons.verify_identifier(who.identifiers.get(), actor=keeper(), at=NOON)
    for wanted, code in ((RIGHT, "nothing-wrong"), ("04808100123", "number-unreadable")):
        with pytest.raises(CannotCorrect, match=code):
            asked(who, wanted)
