"""Reactions after an injection: how bad, by when, what was done, and who is called."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person, Role
from lachan.policy import load
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotReport
from lachan.systems.vaccination.models import Dose, Reaction, ReactionStep
from lachan.systems.vaccination.queries.reactions import lines, open_reactions, reactions
from lachan.systems.vaccination.rules.reactions import after_working_days, clock_of, is_urgent, severity_of
from lachan.systems.vaccination.tests import line_rows, people
from lachan.systems.vaccination.tests.conftest import NOON, keeper, posting, province, ward
from tests.rows import browser_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LATER = NOON + timedelta(hours=2)
POLICY = load("vn/covid19").at(datetime(2021, 9, 10, tzinfo=UTC).date()).vaccination


@pytest.mark.parametrize(
    ("symptoms", "criteria", "severity", "urgent"),
    [
        (["pain", "fever"], [], "mild", False),
        (["rash"], [], "moderate", False),
        (["rash", "breathless"], [], "moderate", True),
        (["chest_pain"], [], "moderate", True),
        ([], ["hospital"], "serious", True),
        (["pain"], ["death"], "serious", True),
    ],
)
def test_how_bad_it_is(symptoms: list[str], criteria: list[str], severity: str, urgent: bool) -> None:
    assert (severity_of(symptoms, criteria), is_urgent(symptoms, criteria)) == (severity, urgent)


def test_a_serious_one_is_investigated_in_24_hours_and_judged_in_5_working_days() -> None:
    assert POLICY is not None
    told = datetime(2026, 11, 12, 3, tzinfo=UTC)  # a Thursday
    first = clock_of("serious", told, {}, policy=POLICY, zone=HANOI)
    assert first is not None
    assert (first.kind, first.due_at) == ("investigated", told + timedelta(hours=24))
    second = clock_of("serious", told, {"investigated": told + timedelta(days=1)}, policy=POLICY, zone=HANOI)
    assert second is not None
    assert second.due_at.astimezone(HANOI) == datetime(2026, 11, 20, 17, tzinfo=HANOI)  # the Friday after
    met = {"investigated": told, "council": told}
    assert clock_of("serious", told, met, policy=POLICY, zone=HANOI) is None
    assert clock_of("moderate", told, {}, policy=POLICY, zone=HANOI) is None


def test_working_days_leave_weekends_out() -> None:
    friday = datetime(2026, 11, 13, 16, 59, tzinfo=HANOI)
    assert after_working_days(friday, 1, HANOI) == datetime(2026, 11, 16, 17, tzinfo=HANOI)


pytestmark = pytest.mark.django_db


def dosed(who: Person | None = None) -> Dose:
    of = line_rows.session()
    return line_rows.injected(of, line_rows.vial(of), who)


def told(dose: Dose, *symptoms: str, **more: Any) -> Reaction:
    given: dict[str, Any] = {"told_by": "site", "actor": keeper(), "at": LATER} | more
    return commands.report_reaction(person=dose.person, symptoms=symptoms, **given)


def step(row: Reaction, kind: str, **more: Any) -> ReactionStep:
    given: dict[str, Any] = {"note": "Đã khám", "actor": keeper(), "at": LATER} | more
    return commands.take_step(reaction=row, kind=kind, **given)


def kinds() -> list[str]:
    return list(EventRow.objects.order_by("id").values_list("kind", flat=True))


def test_it_belongs_to_the_last_dose_and_is_caused_by_it() -> None:
    dose = dosed()
    row = told(dose, "fever")
    event = EventRow.objects.get(kind="ReactionReported")
    assert (row.dose, event.caused_by_id, event.facts["urgent"]) == (dose, dose.event_id, False)
    assert "SeriousReactionReported" not in kinds()


def test_a_serious_one_starts_its_clocks_and_is_told_to_all() -> None:
    row = told(dosed(), criteria=["hospital"])
    assert kinds()[-1] == "SeriousReactionReported"
    [line] = lines([row], at=LATER)
    assert line.clock is not None
    assert (line.severity, line.clock.due_at) == ("serious", LATER + timedelta(hours=24))


def test_one_that_turns_out_serious_starts_its_clock_then() -> None:
    row = told(dosed(), "rash")
    found = LATER + timedelta(hours=5)
    step(row, "assessed", criteria=["life_threatening"], at=found)
    [line] = lines([row], at=found)
    assert line.clock is not None
    assert (line.severity, line.clock.due_at) == ("serious", found + timedelta(hours=24))
    assert kinds().count("SeriousReactionReported") == 1
    step(row, "assessed", criteria=["hospital"], at=found)
    assert kinds().count("SeriousReactionReported") == 1


def test_each_step_comes_in_its_turn() -> None:
    row = told(dosed(), criteria=["hospital"])
    for kind, code in (("council", "not-investigated"), ("concluded", "no-council"), ("rác", "step-unknown")):
        with pytest.raises(CannotReport) as refused:
            step(row, kind, cause="C")
        assert refused.value.code == code
    step(row, "investigated")
    with pytest.raises(CannotReport, match="step-done"):
        step(row, "investigated")
    step(row, "council")
    with pytest.raises(CannotReport, match="cause-missing"):
        step(row, "concluded")
    step(row, "concluded", cause="A1")
    with pytest.raises(CannotReport, match="concluded-before"):
        step(row, "assessed")
    health = posting(Role.HEALTH_OFFICER, area=province())
    assert (open_reactions(health).count(), reactions(health).count()) == (0, 1)


def test_a_mild_one_needs_no_council() -> None:
    row = told(dosed(), "pain")
    assert step(row, "concluded", cause="C").cause == "C"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"symptoms": ["rác"]}, "symptom-unknown"),
        ({"symptoms": []}, "nothing-told"),
        ({"symptoms": ["pain"], "began_at": NOON - timedelta(days=1)}, "began-when"),
        ({"symptoms": ["pain"], "began_at": LATER + timedelta(minutes=1)}, "began-when"),
    ],
)
def test_what_is_impossible_is_refused(more: dict[str, Any], code: str) -> None:
    dose = dosed()
    with pytest.raises(CannotReport) as refused:
        commands.report_reaction(person=dose.person, told_by="site", actor=keeper(), at=LATER, **more)
    assert refused.value.code == code


def test_without_a_dose_there_is_no_reaction() -> None:
    with pytest.raises(CannotReport, match="no-dose"):
        commands.report_reaction(
            person=people.person(), told_by="person", symptoms=["pain"], actor=keeper(), at=LATER
        )


def reaction_row(dose: Dose, **more: Any) -> dict[str, Any]:
    return {
        "person": dose.person, "dose": dose, "told_by": "site", "symptoms": ["pain"], "began_at": NOON,
        "told_at": LATER,
        "recorded_by": keeper(), "event_id": uuid7(),
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        ("reaction_told_by", {"told_by": "rác"}),
        ("reaction_told_after_it_began", {"began_at": LATER + timedelta(seconds=1)}),
        ("reaction_symptoms_known", {"symptoms": ["rác"]}),
        ("reaction_criteria_known", {"criteria": ["rác"]}),
        ("reaction_of_something", {"symptoms": []}),
    ],
)
def test_the_database_refuses_it_too(name: str, spoiled: dict[str, Any]) -> None:
    given = reaction_row(dosed(), **spoiled)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Reaction.objects.create(**given)


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        ("reaction_step_known", {"kind": "rác"}),
        ("reaction_step_in_words", {"note": " "}),
        ("reaction_concluded_with_a_cause", {"kind": "concluded"}),
        ("reaction_concluded_with_a_cause", {"cause": "A1"}),
        ("reaction_criteria_when_assessed", {"criteria": ["hospital"]}),
    ],
)
def test_the_database_keeps_steps_whole(name: str, spoiled: dict[str, Any]) -> None:
    row = told(dosed(), "pain")
    given = {"kind": "investigated", "note": "x", "done_at": LATER, "done_by": keeper()} | spoiled
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReactionStep.objects.create(reaction=row, **given)


def test_two_who_write_the_same_step_find_one() -> None:
    row = told(dosed(), "pain")
    step(row, "investigated")
    with pytest.raises(IntegrityError, match="reaction_step_once"), transaction.atomic():
        ReactionStep.objects.create(
            reaction=row, kind="investigated", note="x", done_at=LATER, done_by=keeper()
        )


@pytest.fixture
def officer() -> Client:
    return browser_of(posting(Role.HEALTH_OFFICER, area=province()))


def test_the_officer_sees_the_clock_and_writes_the_step(officer: Client) -> None:
    row = told(dosed(), criteria=["hospital"])
    page = officer.get("/vaccination/reactions/").content.decode()
    assert (row.person.name in page, "to be investigated by" in page) == (True, True)
    assert officer.post(
        f"/vaccination/reactions/{row.pk}/step", {"kind": "council", "note": "họp"}
    ).status_code == 422  # fmt: skip
    page = officer.post(
        f"/vaccination/reactions/{row.pk}/step",
        {"kind": "investigated", "note": "Sốc phản vệ độ 2"},
        follow=True,
    ).content.decode()
    assert ("Sốc phản vệ độ 2" in page, "the council is to meet by" in page) == (True, True)


def test_a_site_writes_down_what_it_sees(officer: Client) -> None:
    dose = dosed(people.person(area=ward()))
    answer = officer.post(
        "/vaccination/reactions/new",
        {"person": dose.person.code, "told_by": "hospital", "symptoms": ["faint"], "words": "Ngất 2 phút"}, follow=True,
    )  # fmt: skip
    assert "Ngất 2 phút" in answer.content.decode()
    assert officer.post("/vaccination/reactions/new", {"person": "rác", "told_by": "site"}).status_code == 422
