"""The doses in a person's own record: those that stand, whichever record of theirs they were written in."""

from datetime import timedelta

import pytest

from lachan.core import persons
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.book_doses import DOSES
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper
from lachan.systems.vaccination.tests.line_rows import earlier, injected, person, session, vial

pytestmark = pytest.mark.django_db


def test_the_book_lists_the_doses_that_stand_the_newest_first() -> None:
    here, kept, joined = session(), person(), person()
    earlier(joined, TODAY - timedelta(days=60))
    persons.merge(kept=kept, merged=joined, reason="same", actor=keeper(), at=NOON)
    dose = injected(here, vial(here), kept)
    found = DOSES.read(kept, NOON)
    assert found is not None
    rows = [(row["dose"].number, row["elsewhere"], row["site"]) for row in found["doses"]]
    assert rows == [(2, False, here.site.name), (1, True, "")]
    commands.withdraw_dose(dose=dose, reason="mistake", actor=keeper(), at=NOON)
    after = DOSES.read(kept, NOON)
    assert after is not None
    assert len(after["doses"]) == 1


def test_who_has_no_dose_has_no_section() -> None:
    assert DOSES.read(person(), NOON) is None
