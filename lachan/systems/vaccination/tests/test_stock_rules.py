"""Which lot may be used, which goes first, how long a vial lives, what does not add up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import load
from lachan.systems.vaccination.rules.stock import (
    Batch,
    Pick,
    VialAccount,
    days_of_supply,
    first_to_expire,
    refusal_of_lot,
    shelf,
    unexplained,
    use_by,
)

TODAY = date(2021, 10, 1)
NOON = datetime(2021, 10, 1, 5, tzinfo=UTC)
POLICY = load("vn/covid19").at(TODAY).vaccination


@pytest.mark.parametrize(
    ("days", "held", "recalled", "why"),
    [
        (1, False, False, None),
        (0, False, False, None),
        (-1, False, False, "lot-expired"),
        (1, True, False, "lot-held"),
        (-1, True, False, "lot-held"),
        (1, True, True, "lot-recalled"),
    ],
)
def test_a_lot_is_used_until_its_last_day_unless_stopped(
    days: int, held: bool, recalled: bool, why: str | None
) -> None:
    expires_on = TODAY + timedelta(days=days)
    assert refusal_of_lot(expires_on=expires_on, held=held, recalled=recalled, on=TODAY) == why


@pytest.mark.parametrize(("days", "word"), [(-1, "expired"), (0, "soon"), (89, "soon"), (90, "good")])
def test_three_months_before_expiry_a_lot_shows_its_age(days: int, word: str) -> None:
    assert shelf(TODAY + timedelta(days=days), on=TODAY) == word


def test_what_expires_first_goes_first() -> None:
    batches = [
        Batch(lot=1, expires_on=date(2022, 3, 1), doses=100),
        Batch(lot=2, expires_on=date(2021, 12, 1), doses=30),
        Batch(lot=3, expires_on=date(2021, 9, 30), doses=500),
        Batch(lot=4, expires_on=date(2021, 11, 1), doses=50, stopped=True),
    ]
    assert first_to_expire(batches, doses=50, on=TODAY) == [Pick(2, 30), Pick(1, 20)]
    assert first_to_expire(batches, doses=500, on=TODAY) == [Pick(2, 30), Pick(1, 100)]


batches = st.lists(
    st.builds(
        Batch, lot=st.integers(1, 99), expires_on=st.dates(date(2021, 8, 1), date(2022, 8, 1)),
        doses=st.integers(0, 50), stopped=st.booleans(),
    ),
    unique_by=lambda b: b.lot,
)  # fmt: skip


@given(batches, st.integers(0, 300))
def test_a_proposal_takes_no_more_than_there_is_and_nothing_that_may_not_be_used(
    shelf_of: list[Batch], doses: int
) -> None:
    by_lot = {b.lot: b for b in shelf_of}
    picked = first_to_expire(shelf_of, doses=doses, on=TODAY)
    usable = [b for b in shelf_of if not b.stopped and b.expires_on >= TODAY]
    assert sum(p.doses for p in picked) == min(doses, sum(b.doses for b in usable))
    assert all(0 < p.doses <= by_lot[p.lot].doses and by_lot[p.lot] in usable for p in picked)
    latest = max((by_lot[p.lot].expires_on for p in picked), default=date.min)
    skipped = [b for b in usable if b.lot not in {p.lot for p in picked} and b.doses]
    assert all(b.expires_on >= latest for b in skipped)


@pytest.mark.parametrize(("code", "hours"), [("comirnaty", 6), ("sputnik-v", 2)])
def test_an_opened_vial_lives_as_long_as_the_rules_say(code: str, hours: int) -> None:
    product = POLICY.product(code) if POLICY else None
    assert product is not None
    assert use_by(NOON, product) == NOON + timedelta(hours=hours)


def test_supply_lasts_by_the_pace_of_use() -> None:
    assert days_of_supply(100, used=280, days=28) == 10
    assert days_of_supply(100, used=0, days=28) is None
    assert days_of_supply(0, used=5, days=28) == 0


def test_doses_are_missed_once_the_hours_of_the_vial_are_over() -> None:
    vial = VialAccount(drawn=10, given=7, wasted=1, use_by=NOON)
    assert vial.missing == 2
    assert vial.unexplained(NOON) == 0
    late = NOON + timedelta(seconds=1)
    assert vial.unexplained(late) == 2
    assert unexplained([vial, VialAccount(drawn=6, given=6, wasted=0, use_by=NOON), vial], late) == 4
