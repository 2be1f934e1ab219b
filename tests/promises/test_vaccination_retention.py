"""What is written down around a vaccination goes in its time; the doses stay."""

from datetime import timedelta
from typing import Any

import pytest

from lachan.core import retention
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import (
    CorrectionRequest,
    Dose,
    ListError,
    Reaction,
    ReactionStep,
    RegistrationList,
    ScreeningForm,
    Visit,
)
from lachan.systems.vaccination.tests import line_rows
from lachan.systems.vaccination.tests.conftest import NOON, keeper, ward

pytestmark = pytest.mark.django_db
YEARS = {"screenings": 2, "visits": 2, "corrections": 2, "reactions": 5}
DAY = timedelta(days=1)


def purged(name: str, at: Any) -> tuple[int, int]:
    """How many a rule removed, and how many it left that it should have."""
    [rule] = [each for each in retention.RULES if each.name == name]
    before = at - timedelta(days=rule.days)
    return rule.purge(before), rule.overdue(before)


def campaign() -> Dose:
    """One was vaccinated, had a reaction and asked for a correction; one was sent away; one is still in the line."""
    of = line_rows.session()
    dose = line_rows.injected(of, line_rows.vial(of))
    assert dose.visit is not None
    commands.leave(visit=dose.visit, ending="left", actor=keeper(), at=NOON)
    reaction = commands.report_reaction(
        person=dose.person, told_by="person", symptoms=["faint"], dose=dose, actor=keeper(), at=NOON
    )
    commands.take_step(reaction=reaction, kind="assessed", note="x", actor=keeper(), at=NOON)
    commands.ask_correction(
        person=dose.person, dose=dose, kind="lot", wanted="L7", words="x", actor=keeper(), at=NOON
    )
    commands.leave(visit=line_rows.visit(of), ending="left", actor=keeper(), at=NOON)
    line_rows.screened(of)
    return dose


@pytest.mark.parametrize("name", YEARS)
def test_nothing_goes_before_its_time(name: str) -> None:
    campaign()
    assert purged(name, NOON + timedelta(days=365) * YEARS[name]) == (0, 0)


def test_all_but_the_doses_goes_in_its_time() -> None:
    dose = campaign()
    later = NOON + timedelta(days=1826)
    found = {name: purged(name, later) for name in YEARS}
    assert {name: left for name, (_removed, left) in found.items() if left} == {}
    assert (found["screenings"][0], found["visits"][0]) == (2, 2)
    for model in (ScreeningForm, Reaction, ReactionStep, CorrectionRequest):
        assert not model._default_manager.exists(), model
    assert (Dose.objects.get(), Visit.objects.get()) == (dose, dose.visit)


def test_a_visit_whose_examination_is_kept_is_told_as_left_behind() -> None:
    campaign()
    assert purged("visits", NOON + timedelta(days=731)) == (1, 1)


def test_refused_rows_of_a_list_go_and_the_list_stays() -> None:
    row = RegistrationList.objects.create(
        organisation="Công ty Dệt may 29", area=ward(), group="13", ending="csv", size=1, rows=1, taken=0, already=0,
        refused=1, digest=b"1" * 32, uploaded_at=NOON, uploaded_by=keeper(), moved_at=NOON, finished_at=NOON,
    )  # fmt: skip
    ListError.objects.create(of_list=row, number=1, column="Ngày sinh", code="x", words="Không có ngày này.")
    assert purged("list-errors", NOON + 180 * DAY) == (0, 0)
    assert purged("list-errors", NOON + 181 * DAY) == (1, 0)
    assert RegistrationList.objects.count() == 1
