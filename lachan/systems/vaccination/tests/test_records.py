"""Whole records in one call: the same outcome as the steps of the line, set by set."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.errors import Refusal
from lachan.core.models import EventRow, Person
from lachan.issuer.models import Intent, Record
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import LineRecord
from lachan.systems.vaccination.models import Dose, Movement, ScreeningForm, Session, Vial, Visit
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper
from lachan.systems.vaccination.tests.line_rows import earlier, healthy, person, session, vial, visit

pytestmark = pytest.mark.django_db


def record(who: Person, bottle: Vial, *yes: str, walk_in: bool = True) -> LineRecord:
    return LineRecord(person_id=who.pk, examined=healthy(*yes), vial=bottle.pk, table=1, walk_in=walk_in)


def recorded(here: Session, *records: LineRecord) -> list[str]:
    found = commands.record_doses(session=here, records=records, actor=keeper(), at=NOON)
    return [each.code if isinstance(each, Refusal) else "given" for each in found]


def test_a_record_leaves_the_rows_and_events_of_the_three_steps() -> None:
    here, who = session(), person()
    assert recorded(here, record(who, vial(here))) == ["given"]
    dose = Dose.objects.get()
    assert dose.visit is not None
    assert (dose.visit.number, dose.visit.forms.get().outcome, dose.number) == (1, "eligible", 1)
    kinds = EventRow.objects.filter(person=who).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [
        "VisitOpened",
        "VisitScreened",
        "DoseGiven",
        "BackingRecorded",
        "CertificateRequested",
    ]
    assert Intent.objects.get(record__reference=f"dose:{dose.pk}").person_id == who.pk


def test_each_is_judged_by_itself() -> None:
    here = session()
    bottle = vial(here)
    good, early, ill, unknown, stranger = (person() for _ in range(5))
    earlier(early, TODAY - timedelta(days=3))
    in_line = person()
    visit(here, in_line)
    answers = recorded(
        here, record(good, bottle), record(early, bottle), record(ill, bottle, "5"), record(good, bottle),
        LineRecord(person_id=10**9, examined=healthy(), vial=bottle.pk, table=1, walk_in=True),
        record(stranger, bottle, walk_in=False), record(in_line, bottle), record(unknown, bottle),
    )  # fmt: skip
    assert answers == [
        "given", "too-early", "not-cleared", "in-line", "code-unknown", "not-invited", "in-another-line", "given",
    ]  # fmt: skip
    assert Dose.objects.filter(visit__isnull=False).count() == 2
    assert Vial.objects.get(pk=bottle.pk).left == 4


def test_a_vial_gives_what_the_rules_know_of_and_no_more() -> None:
    here = session(places=30)
    bottle = vial(here)
    answers = recorded(here, *(record(person(), bottle) for _ in range(9)))
    assert answers == ["given"] * 7 + ["vial-exhausted"] * 2
    assert Movement.objects.filter(vial=bottle, kind="extra").count() == 1
    assert Vial.objects.get(pk=bottle.pk).left == 0


def test_places_are_not_given_twice() -> None:
    here = session(places=2)
    bottle = vial(here)
    assert recorded(here, *(record(person(), bottle) for _ in range(3))) == ["given", "given", "session-full"]


def statements(n: int) -> int:
    here = session(places=200, doses=400)
    bottles = [vial(here) for _ in range(-(-n // 6))]
    people = [person() for _ in range(n)]
    actor = keeper()
    given = [record(who, bottles[i // 6]) for i, who in enumerate(people)]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        commands.record_doses(session=here, records=given, actor=actor, at=NOON)
    assert Visit.objects.filter(session=here).count() == n
    assert ScreeningForm.objects.filter(visit__session=here).count() == n
    assert Record.objects.filter(source="vaccination", place=here.site).count() == n
    return len(seen)


def test_the_statements_of_many_records_are_those_of_one() -> None:
    one = statements(1)
    assert one <= 23
    assert statements(60) == one
