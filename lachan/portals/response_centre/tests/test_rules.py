"""The order of calls back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lachan.portals.response_centre.rules import MOST_TRIES, TRY_AGAIN_AFTER, Waiting, in_order, state

NOON = datetime(2026, 1, 12, 5, tzinfo=UTC)
moments = st.integers(0, 600).map(lambda minutes: NOON - timedelta(minutes=minutes))
queues = st.lists(
    st.builds(
        Waiting, number=st.integers(1, 10**6), urgent=st.booleans(), asked_at=moments, in_hand=st.booleans(),
        over=st.booleans(), tried_at=st.lists(moments, max_size=MOST_TRIES + 1).map(tuple),
    ),
    unique_by=lambda one: one.number,
)  # fmt: skip


@given(queues)
def test_urgent_ones_come_first_then_who_asked_first(queue: list[Waiting]) -> None:
    found = in_order(queue, at=NOON)
    assert [(not one.urgent, one.asked_at) for one in found] == sorted(
        (not one.urgent, one.asked_at) for one in found
    )


@given(queues)
def test_only_who_waits_is_called_and_nobody_who_waits_is_left_out(queue: list[Waiting]) -> None:
    assert {one.number for one in in_order(queue, at=NOON)} == {
        one.number for one in queue if state(one, at=NOON) == "waiting"
    }


def test_a_try_without_an_answer_costs_no_place() -> None:
    first = Waiting(number=1, urgent=False, asked_at=NOON - timedelta(hours=2), tried_at=(NOON,))
    second = Waiting(number=2, urgent=False, asked_at=NOON - timedelta(hours=1))
    assert [one.number for one in in_order([first, second], at=NOON)] == [2]
    assert [one.number for one in in_order([first, second], at=NOON + TRY_AGAIN_AFTER)] == [1, 2]


def test_after_the_last_try_it_is_over() -> None:
    tries = tuple(NOON - timedelta(hours=n) for n in range(MOST_TRIES))
    assert state(Waiting(number=1, urgent=True, asked_at=NOON, tried_at=tries), at=NOON) == "over"
    assert state(Waiting(number=1, urgent=True, asked_at=NOON, tried_at=tries[:-1]), at=NOON) == "resting"
