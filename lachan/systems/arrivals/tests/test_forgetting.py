"""Entries are forgotten after their time, with everything that hangs on them, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lachan.systems.arrivals import commands
from lachan.systems.arrivals.book import ENTRIES
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Clearance
from lachan.systems.arrivals.tests.rows import NOON, cleared, declared, found, journey, officer

pytestmark = pytest.mark.django_db


def test_old_entries_go_whole_and_young_ones_stay() -> None:
    first = declared()
    second = commands.amend_arrival(declaration=first, journey=journey(seat="1A"), key=uuid4(), at=NOON)
    done = cleared(second)
    commands.correct_clearance(clearance=done, finding=found(), actor=officer(), at=NOON)
    later = commands.amend_arrival(
        declaration=declared(),
        journey=journey(arrives_on=NOON.date() + timedelta(days=3)),
        key=uuid4(),
        at=NOON,
    )
    CertificateSeen.objects.create(
        declaration=second,
        form="dcc",
        proof="test",
        mark=b"x",
        valid=True,
        checked_at=NOON,
        checked_by=officer(),
    )
    before = NOON + timedelta(days=1)
    assert commands.overdue_arrivals(before=before) == 3
    assert commands.purge_arrivals(before=before) == 3
    assert commands.overdue_arrivals(before=before) == 0
    assert ArrivalDeclaration.objects.get() == later
    assert not Clearance.objects.exists()
    assert not CertificateSeen.objects.exists()


def test_the_health_book_shows_the_last_declaration_with_what_was_decided() -> None:
    made = declared()
    assert ENTRIES.read(made.person, NOON) is not None
    line = (ENTRIES.read(made.person, NOON) or {})["lines"][0]
    assert (line["made"], line["done"]) == (made, None)
    done = cleared(made)
    line = (ENTRIES.read(made.person, NOON) or {})["lines"][0]
    assert (line["done"], line["ends_on"], len(line["reasons"])) == (done, None, 1)
    nobody = declared(name="SMITH JOHN")
    ArrivalDeclaration.objects.filter(pk=nobody.pk).delete()
    assert ENTRIES.read(nobody.person, NOON) is None
