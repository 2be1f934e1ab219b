"""Where somebody stands follows from evidence; places are spread over the hours and never given twice."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan import policy
from lachan.systems.vaccination.rules.courses import Dose, Recipient
from lachan.systems.vaccination.rules.registrations import (
    SLOT,
    Came,
    Evidence,
    Invited,
    next_slots,
    refusal_to_register,
    slots,
    state,
)

NOW = datetime(2021, 9, 10, 3, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(hours=5), NOW - timedelta(hours=5)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(), "registered"),
        (Evidence(approved=True), "allocated"),
        (Evidence(closing="rejected"), "rejected"),
        (Evidence(approved=True, closing="withdrawn"), "withdrawn"),
        (Evidence(approved=True, invited=Invited(ends_at=LATER)), "invited"),
        (Evidence(approved=True, invited=Invited(ends_at=LATER, accepted=True)), "accepted"),
        (Evidence(approved=True, invited=Invited(ends_at=LATER, closed=True)), "allocated"),
        (Evidence(approved=True, invited=Invited(ends_at=EARLIER, closed=True)), "allocated"),
        (Evidence(approved=True, invited=Invited(ends_at=EARLIER)), "no_show"),
        (Evidence(approved=True, invited=Invited(ends_at=NOW, accepted=True)), "no_show"),
        (Evidence(approved=True, invited=Invited(ends_at=EARLIER), came=Came()), "checked_in"),
        (Evidence(approved=True, came=Came(outcome="eligible")), "checked_in"),
        (Evidence(approved=True, came=Came(outcome="defer", left=True)), "deferred"),
        (Evidence(approved=True, came=Came(outcome="contraindicated", left=True)), "contraindicated"),
        (Evidence(approved=True, came=Came(outcome="hospital", left=True)), "referred"),
        (Evidence(approved=True, came=Came(outcome="eligible", left=True)), "left"),
        (Evidence(approved=True, came=Came(left=True)), "left"),
        (Evidence(approved=True, came=Came(outcome="eligible", injected=True)), "observing"),
        (Evidence(approved=True, came=Came(outcome="careful", injected=True, watched=True)), "completed"),
        (Evidence(approved=True, came=Came(outcome="eligible", injected=True, left=True)), "completed"),
    ],
)
def test_the_state_follows_from_the_evidence(evidence: Evidence, expected: str) -> None:
    assert state(evidence, at=NOW) == expected


RULES = policy.load("vn/covid19").at(date(2021, 9, 10)).vaccination
ADULT = Recipient(born_by=date(1980, 1, 1))


def test_whom_no_vaccine_is_allowed_to_is_told_so() -> None:
    assert RULES is not None
    today = date(2021, 9, 10)

    def refusal(recipient: Recipient | None, group: str = "9") -> str | None:
        return refusal_to_register(recipient, group=group, policy=RULES, on=today)

    assert refusal(ADULT) is None
    assert refusal(ADULT, "17") == "group-unknown"
    assert refusal(None) == "birth-unknown"
    assert refusal(Recipient(born_by=date(2010, 1, 1))) == "too-young"
    done = tuple(Dose(product="vaxzevria", on=date(2021, month, 1), kind="primary") for month in (4, 7))
    assert refusal(Recipient(born_by=date(1980, 1, 1), doses=done)) == "course-complete"


def test_all_sixteen_groups_of_3355_come_in_their_order() -> None:
    assert RULES is not None
    assert [(g.code, g.rank) for g in RULES.groups] == [(str(n), n) for n in range(1, 17)]


def test_slots_begin_each_half_hour_before_the_end() -> None:
    assert slots(NOW, NOW + timedelta(minutes=61)) == [NOW, NOW + SLOT, NOW + 2 * SLOT]
    assert slots(NOW, NOW + timedelta(minutes=60)) == [NOW, NOW + SLOT]
    assert slots(NOW, NOW + timedelta(minutes=5)) == [NOW]


@given(
    hours=st.integers(1, 32), places=st.integers(1, 300), asked=st.lists(st.integers(0, 80), max_size=8),
    gone=st.randoms(use_true_random=False),
)  # fmt: skip
def test_all_places_are_given_once_however_they_are_asked_for(
    hours: int, places: int, asked: list[int], gone: object
) -> None:
    starts = slots(NOW, NOW + hours * SLOT)
    held: Counter[datetime] = Counter()
    for wanted in asked:
        found = next_slots(starts, places=places, held=held, wanted=wanted)
        assert found == sorted(found)
        assert len(found) == min(wanted, places - held.total())
        held.update(found)
        if held and gone.random() < 0.5:  # type: ignore[attr-defined]
            held[next(iter(held))] -= 1
            held = +held
    rest = next_slots(starts, places=places, held=held, wanted=10_000)
    held.update(rest)
    assert held.total() == places
    shares = [held[start] for start in starts]
    assert max(shares) - min(shares) <= 1
