"""Release by evidence, early release, readings."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lachan.core import persons
from lachan.core.events import ContactCleared, DiaryReported, ResultAmended, SymptomsDeclared
from lachan.core.models import EventRow, Person
from lachan.systems.quarantine import commands, handlers, queries
from lachan.systems.quarantine.commands import (
    CannotIssueOrder,
    CannotRecordReading,
    CannotRelease,
    CannotServeAtHome,
)
from lachan.systems.quarantine.commands.monitoring import Measured
from lachan.systems.quarantine.models import Order, Reading, ReleaseDecision
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    bed_in,
    contact_under_order,
    day,
    found,
    negative,
    noon_of,
    officer,
    order_of,
    person,
    room,
    site,
    term_of,
    told,
)

pytestmark = pytest.mark.django_db
END = noon_of(23)


def swabbed(who: Person) -> None:
    for on in (10, 16, 23):
        negative(who, on=on)


def missing(who: Person) -> list[str]:
    verdict = queries.release_verdicts([term_of(who)], at=END)[term_of(who).order_id]
    return [check.name for check in verdict.unmet]


def test_only_those_whose_evidence_says_so_are_released() -> None:
    ready, untested = contact_under_order(), contact_under_order()
    swabbed(ready)
    both = [order_of(ready), order_of(untested)]
    outcome = commands.release(orders=both, actor=officer(), at=END)
    assert [d.order for d in outcome.released] == [both[0]]
    assert [c.name for c in outcome.refused[both[1].pk].unmet] == ["tests"]
    assert order_of(untested).closed_at is None
    event = EventRow.objects.get(person=ready, kind="PersonReleased")
    assert (event.facts["early"], event.caused_by_id) == (False, both[0].cause_event_id)
    assert event.facts["subject"] == "F1"
    with pytest.raises(CannotRelease, match="order-closed"):
        commands.release(orders=both[:1], actor=officer(), at=END)
    with pytest.raises(CannotRelease, match="not-due"):
        commands.release(orders=both, actor=officer(), at=END)


def test_after_a_merge_the_results_of_the_person_kept_count() -> None:
    merged, kept = contact_under_order(), person("Nguyen Van An")
    negative(merged, on=10)
    persons.merge(kept=kept, merged=merged, reason="same card", actor=officer(), at=noon_of(11))
    for on in (16, 23):
        negative(kept, on=on)
    outcome = commands.release(orders=[order_of(merged)], actor=officer(), at=END)
    assert [d.order.person for d in outcome.released] == [merged]


def test_a_day_too_early_is_too_early() -> None:
    who = contact_under_order()
    swabbed(who)
    with pytest.raises(CannotRelease, match="not-due"):
        commands.release(orders=[order_of(who)], actor=officer(), at=noon_of(22))


def test_an_amended_negative_holds_back() -> None:
    who = contact_under_order()
    swabbed(who)
    assert missing(who) == []
    last = EventRow.objects.filter(person=who, kind="ResultReported").latest("happened_at")
    told(
        ResultAmended(
            person_id=who.pk, happened_at=END, result_id=999_999, amends_id=last.facts["result_id"], outcome="invalid",
            previous_outcome="negative", assay="pcr", collected_at=noon_of(23),
        )
    )  # fmt: skip
    assert missing(who) == ["tests"]


def test_symptoms_hold_back_until_a_clean_reading() -> None:
    who = contact_under_order()
    swabbed(who)
    told(SymptomsDeclared(person_id=who.pk, happened_at=noon_of(22), symptoms=("cough",)))
    assert missing(who) == ["symptoms"]
    measure(who, temperature=Decimal("36.6"), taken_at=END)
    assert missing(who) == []
    measure(who, symptoms=("cough",), taken_at=END + timedelta(hours=1))
    assert missing(who) == ["symptoms"]


def measure(who: Person, *, taken_at: datetime = NOON, **more: Any) -> Reading:
    measured = Measured(taken_at=taken_at, **more)
    return commands.record_reading(
        order=order_of(who), measured=measured, actor=officer(), at=max(NOON, taken_at)
    )


def test_a_fever_is_told_to_all() -> None:
    who = contact_under_order()
    measure(who, temperature=Decimal("38.2"), symptoms=("cough",))
    event = EventRow.objects.get(person=who, kind="SymptomsDeclared")
    assert event.facts["symptoms"] == ["fever", "cough"]
    assert event.caused_by is not None
    assert event.caused_by.kind == "ReadingTaken"
    assert event.caused_by.caused_by_id == order_of(who).cause_event_id


def diary(who: Person, *, at: datetime, **more: Any) -> DiaryReported:
    event = told(
        DiaryReported(
            person_id=who.pk,
            happened_at=at,
            order_id=Order.objects.get(person=who).pk,
            declaration_id=1,
            **more,
        )
    )
    handlers.take_diaries([event], NOON)
    return event


def test_a_clean_diary_is_the_reading_of_the_day_and_ends_a_complaint() -> None:
    who = contact_under_order()
    swabbed(who)
    told(SymptomsDeclared(person_id=who.pk, happened_at=noon_of(22), symptoms=("cough",)))
    event = diary(who, at=END, temperature=36.6)
    handlers.take_diaries([event], NOON)
    assert missing(who) == []
    taken = EventRow.objects.get(person=who, kind="ReadingTaken")
    assert taken.caused_by_id == event.id
    assert order_of(who).readings.get().temperature == Decimal("36.6")
    diary(who, at=END + timedelta(hours=1), temperature=38.2)
    assert missing(who) == ["symptoms"]
    assert not EventRow.objects.filter(
        person=who, kind="SymptomsDeclared", ref__startswith="quarantine"
    ).exists()


def test_a_diary_of_an_order_that_ended_is_no_reading() -> None:
    who = contact_under_order()
    gone = ContactCleared(person_id=who.pk, happened_at=NOON, contact_id=1, level=1, reason="source-cleared")
    handlers.lift_orders([told(gone)], NOON)
    diary(who, at=NOON + timedelta(hours=1))
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("reading-empty", {}),
        ("reading-impossible", {"spo2": 10}),
        ("reading-impossible", {"temperature": Decimal("19")}),
        ("symptom-unknown", {"symptoms": ("boredom",)}),
        ("reading-time", {"pulse": 70, "taken_at": NOON - timedelta(days=90)}),
        ("order-closed", {"pulse": 70, "taken_at": NOON - timedelta(days=3)}),
    ],
)
def test_impossible_readings_are_refused(code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(CannotRecordReading, match=code):
        measure(contact_under_order(), **facts)
    assert not Reading.objects.exists()


def test_a_reading_is_kept_once() -> None:
    who = contact_under_order()
    measure(who, pulse=70)
    with pytest.raises(CannotRecordReading, match="reading-twice"):
        measure(who, pulse=71)
    assert Reading.objects.get().pulse == 70


def test_early_release_takes_a_reason_and_two_people() -> None:
    who, first, second = contact_under_order(), officer(), officer()
    order = order_of(who)
    with pytest.raises(CannotRelease, match="reason-needed"):
        commands.propose_early_release(order=order, reason=" ", actor=first, at=NOON)
    proposal = commands.propose_early_release(order=order, reason="dialysis", actor=first, at=NOON)
    with pytest.raises(CannotRelease, match="already-proposed"):
        commands.propose_early_release(order=order, reason="dialysis", actor=second, at=NOON)
    with pytest.raises(CannotRelease, match="same-signer"):
        commands.second_sign(decision=proposal, agreed=True, actor=first, at=NOON)
    commands.second_sign(decision=proposal, agreed=True, actor=second, at=NOON)
    event = EventRow.objects.get(person=who, kind="PersonReleased")
    assert event.facts["early"] is True
    assert event.caused_by is not None
    assert event.caused_by.kind == "EarlyReleaseProposed"
    with pytest.raises(CannotRelease, match="already-signed"):
        commands.second_sign(decision=proposal, agreed=False, actor=second, at=NOON)


def test_a_refused_proposal_changes_nothing_and_may_be_made_again() -> None:
    who, first, second = contact_under_order(), officer(), officer()
    order = order_of(who)
    proposal = commands.propose_early_release(order=order, reason="tired", actor=first, at=NOON)
    commands.second_sign(decision=proposal, agreed=False, actor=second, at=NOON)
    assert order_of(who) == order
    commands.propose_early_release(order=order, reason="surgery", actor=first, at=NOON)
    assert ReleaseDecision.objects.count() == 2


def test_an_order_by_hand_says_when_there_is_none_to_issue() -> None:
    who = person()

    def code(subject: str, on: int) -> str:
        with pytest.raises(CannotIssueOrder) as refused:
            commands.issue_order(person=who, subject=subject, exposed_on=day(on), actor=officer(), at=END)  # type: ignore[arg-type]
        return refused.value.code

    assert code("F1", 2) == "already-past"
    commands.issue_order(person=who, subject="F1", exposed_on=day(20), actor=officer(), at=END)
    assert code("arrival", 22) == "order-open"


def test_what_follows_an_order_by_hand_has_its_issue_as_cause() -> None:
    who, by = person(), officer()
    commands.issue_order(person=who, subject="F1", exposed_on=day(9), actor=by, at=NOON)
    order, here = order_of(who), site()
    commands.send_to_site(orders=[order], site=here, actor=by, at=NOON)
    bed = bed_in(room(here))
    commands.assign_bed(order=order, bed=bed, from_at=NOON, actor=by, at=NOON)
    measure(who, temperature=Decimal("36.5"))
    commands.vacate(order=order, actor=by, at=noon_of(11))
    swabbed(who)
    commands.release(orders=[order_of(who)], actor=by, at=END)
    issued = EventRow.objects.get(person=who, kind="OrderIssued")
    followed = EventRow.objects.filter(person=who, caused_by=issued).values_list("kind", flat=True)
    assert issued.caused_by_id is None
    assert sorted(followed) == ["BedAssigned", "BedVacated", "PersonReleased", "ReadingTaken", "SentToSite"]


def test_an_exposure_of_tomorrow_is_no_reason_for_an_order() -> None:
    with pytest.raises(CannotIssueOrder, match="exposed-in-future"):
        commands.issue_order(person=person(), subject="F1", exposed_on=day(11), actor=officer(), at=NOON)


def test_home_is_allowed_only_where_the_rule_says_so() -> None:
    who = person()
    handlers.issue_orders([found(who, level=2)], NOON)
    with pytest.raises(CannotServeAtHome, match="not-facility"):
        commands.allow_home(order=order_of(who), actor=officer(), at=NOON)
    inside = contact_under_order()
    order_of(inside).terms.update(home_allowed=False)
    with pytest.raises(CannotServeAtHome, match="home-not-allowed"):
        commands.allow_home(order=order_of(inside), actor=officer(), at=NOON)
    order = order_of(inside)
    swabbed(inside)
    commands.release(orders=[order], actor=officer(), at=END)
    with pytest.raises(CannotServeAtHome, match="order-closed"):
        commands.allow_home(order=order, actor=officer(), at=END)
    assert Order.objects.get(pk=order.pk).closed_how == "released"
