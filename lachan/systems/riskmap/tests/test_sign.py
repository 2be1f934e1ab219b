"""Figures become proposals, proposals signatures; what is missing becomes no level."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import actors
from lachan.core.models import EventRow
from lachan.systems.riskmap import commands, queries
from lachan.systems.riskmap.commands import BadLevel, CannotRecord, CannotSign, Given
from lachan.systems.riskmap.models import Input, Proposal, Signature, Source
from lachan.systems.riskmap.tests.conftest import (
    EARLIER,
    NINE,
    ORANGE,
    QUIET,
    WEEK,
    commune,
    given,
    later,
    officer,
    proposed,
    province,
    recorded,
    signed,
)

pytestmark = pytest.mark.django_db


def test_an_area_with_all_figures_has_a_level_and_each_step_of_it() -> None:
    recorded(commune(), ORANGE)
    row = proposed(commune())
    assert (row.level, row.missing) == (4, [])
    assert [step["code"] for step in row.steps] == ["cases", "adults_one_dose", "uncovered", "aged_full"]
    assert not row.verified
    assert sorted(row.inputs) == sorted(Input.objects.values_list("pk", flat=True))


def test_an_area_without_figures_is_not_assessed_and_cannot_be_signed_as_proposed() -> None:
    recorded(commune(), {"cases": 0})
    row = proposed(commune())
    assert row.level is None
    assert set(row.missing) == {"population", "adults_one_dose", "aged_full", "capacity_plan"}
    with pytest.raises(CannotSign, match="level-not-assessed"):
        commands.sign_level(proposal=row, actor=officer(), at=NINE)


def test_a_signed_level_holds_in_the_week_after_and_is_told() -> None:
    recorded(commune(), ORANGE)
    row = commands.sign_level(proposal=proposed(commune()), actor=officer(), at=NINE)
    assert (row.level, row.from_on, row.to_on) == (4, WEEK + timedelta(days=7), WEEK + timedelta(days=14))
    facts = EventRow.objects.get(kind="RiskLevelSigned").facts
    assert (facts["area_code"], facts["risk_level"], facts["overridden"]) == ("20194", 4, False)


def test_another_level_needs_a_reason_and_says_so() -> None:
    recorded(commune(), ORANGE)
    proposed(commune())
    with pytest.raises(BadLevel, match="level-reason"):
        commands.override_level(
            area=commune(), week_on=WEEK, decided=3, reason="vì", actor=officer(), at=NINE
        )
    row = signed(level=3)
    assert (row.proposed, row.overridden) == (4, True)
    assert EventRow.objects.get(kind="RiskLevelSigned").facts["overridden"] is True


@pytest.mark.parametrize("level", [0, 5])
def test_there_are_four_levels(level: int) -> None:
    with pytest.raises(BadLevel, match="level-range"):
        signed(level=level)


def test_a_level_is_signed_once_and_again_after_it_was_withdrawn() -> None:
    first = signed(level=3)
    with pytest.raises(CannotSign, match="level-signed"):
        signed(level=2)
    commands.withdraw_level(signature=first, reason="Nhập nhầm số ca", actor=officer(), at=later(hours=1))
    with pytest.raises(CannotSign, match="level-withdrawn"):
        commands.withdraw_level(signature=first, reason="Nhập nhầm số ca", actor=officer(), at=later(hours=1))
    signed(level=2, at=later(hours=2))
    assert [s.level for s in queries.standing()] == [2]
    assert Signature.objects.count() == 2
    kinds = EventRow.objects.filter(kind__startswith="RiskLevel").order_by("recorded_at", "id")
    assert [row.kind for row in kinds if row.kind != "RiskLevelsProposed"] == [
        "RiskLevelSigned", "RiskLevelWithdrawn", "RiskLevelSigned",
    ]  # fmt: skip


def test_figures_that_changed_since_somebody_looked_are_to_be_looked_at_again() -> None:
    recorded(commune(), QUIET)
    seen = proposed(commune())
    recorded(commune(), {"cases": 90})
    proposed(commune())
    with pytest.raises(CannotSign, match="level-changed"):
        commands.sign_levels(proposals=[seen], actor=officer(), at=NINE)


def test_of_several_none_is_signed_where_one_cannot_be() -> None:
    one, two = commune(), commune("20195", "Phường Hòa Cường")
    recorded(one, QUIET)
    recorded(two, QUIET)
    rows = [proposed(one), proposed(two)]
    commands.sign_level(proposal=rows[1], actor=officer(), at=NINE)
    with pytest.raises(CannotSign):
        commands.sign_levels(proposals=rows, actor=officer(), at=NINE)
    assert [s.area_id for s in queries.standing()] == [two.pk]


def test_proposing_again_changes_nothing_and_new_figures_make_a_revision() -> None:
    recorded(commune(), QUIET)
    first = proposed(commune())
    assert proposed(commune()) == first
    recorded(commune(), {"cases": 90})
    second = proposed(commune())
    assert (first.level, second.level, second.revision) == (1, 3, 2)


def test_a_level_falls_after_a_full_week_below_it_and_not_within() -> None:
    recorded(commune(), QUIET, week_on=WEEK)
    signed(level=3, week_on=EARLIER)
    within = proposed(commune(), at=later(days=-4))
    assert (within.level, within.by_figures, within.steps[-1]["code"]) == (3, 1, "falls-later")
    assert proposed(commune(), at=NINE).level == 1


def test_without_a_plan_a_level_does_not_fall() -> None:
    recorded(commune(), {**QUIET, "capacity_plan": 0})
    signed(level=2, week_on=EARLIER)
    assert (proposed(commune()).level, proposed(commune()).steps[-1]["code"]) == (2, "plan-missing")


def test_coverage_and_people_stand_for_weeks_and_cases_only_for_their_own() -> None:
    recorded(commune(), QUIET, week_on=EARLIER)
    assert proposed(commune()).missing == ["cases"]
    recorded(commune(), {"cases": 1})
    assert proposed(commune()).level == 1
    old = WEEK - timedelta(days=35)
    other = commune("20196", "Phường Thanh Khê")
    recorded(other, QUIET, week_on=old)
    recorded(other, {"cases": 1})
    assert set(proposed(other).missing) == {"adults_one_dose", "aged_full", "capacity_plan"}


def test_the_last_row_counts_and_the_same_again_is_no_row() -> None:
    assert recorded(commune(), QUIET) == len(QUIET)
    assert recorded(commune(), QUIET) == 0
    assert recorded(commune(), {"cases": 7}) == 1
    assert queries.figures_of(commune(), WEEK)["cases"].amount == 7
    assert Input.objects.filter(figure="cases").count() == 2


def test_what_was_entered_is_not_replaced_by_what_was_counted() -> None:
    recorded(commune(), {"cases": 7})
    assert recorded(commune(), {"cases": 3}, source=Source.RECORDS) == 0
    assert recorded(commune(), {"cases": 9}, source=Source.LIST) == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("figure-unknown", {"figure": "gossip"}),
        ("figure-range", {"amount": -1}),
        ("figure-range", {"amount": 2**31}),
        ("figure-range", {"figure": "capacity", "amount": 3}),
        ("figure-whole", {"figure": "aged_full"}),
        ("figure-whole", {"of": 5}),
        ("figure-whole", {"figure": "aged_full", "amount": 6, "of": 5}),
        ("figure-future", {"as_of": NINE.date() + timedelta(days=1)}),
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_all_others(code: str, change: dict[str, object]) -> None:
    good: dict[str, object] = {"area_id": commune().pk, "figure": "cases", "amount": 1, "as_of": WEEK}
    rows = [Given(**good), Given(**(good | change))]  # type: ignore[arg-type]
    with pytest.raises(CannotRecord, match=code):
        commands.record_inputs(given=rows, week_on=WEEK, source=Source.ENTERED, actor=officer(), at=NINE)
    assert not Input.objects.exists()


def test_a_week_is_named_by_its_monday() -> None:
    with pytest.raises(CannotRecord, match="week-monday"):
        commands.record_inputs(
            given=[], week_on=WEEK + timedelta(days=1), source=Source.ENTERED, actor=officer(), at=NINE
        )


def test_the_number_of_queries_does_not_grow_with_the_areas() -> None:
    def statements(count: int) -> int:
        units = [commune(f"2{count}{n:03}", f"Phường {n}") for n in range(count)]
        rows = [row for unit in units for row in given(unit, QUIET, WEEK)]
        commands.record_inputs(given=rows, week_on=WEEK, source=Source.LIST, actor=officer(), at=NINE)
        with CaptureQueriesContext(
            connection,
        ) as spent:
            commands.propose_levels(root=province(), week_on=WEEK, actor=actors.system(at=NINE), at=NINE)
        return len(spent)

    statements(1)
    assert statements(2) == statements(30)
    assert Proposal.objects.filter(level=1).count() == 33
