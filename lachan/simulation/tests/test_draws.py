import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lachan.simulation.draws import Draws

DRAWS = Draws(7)
MANY = np.arange(100_000)


def test_a_draw_belongs_to_its_seed_purpose_and_thing() -> None:
    same = DRAWS.uniform("cough", 3, MANY)
    assert np.array_equal(same, Draws(7).uniform("cough", 3, MANY))
    for other in (
        Draws(8).uniform("cough", 3, MANY),
        DRAWS.uniform("swab", 3, MANY),
        DRAWS.uniform("cough", 4, MANY),
    ):
        assert abs(np.corrcoef(same, other)[0, 1]) < 0.02


@given(st.permutations(range(40)))
def test_the_order_of_asking_changes_nothing(order: list[int]) -> None:
    together = DRAWS.uniform("swab", np.arange(40), 5)
    assert [float(DRAWS.uniform("swab", i, 5)[0]) for i in order] == together[order].tolist()


def test_keys_in_another_order_name_another_thing() -> None:
    assert DRAWS.uniform("a", 1, 2)[0] != DRAWS.uniform("a", 2, 1)[0]
    assert DRAWS.uniform("a", 0)[0] != DRAWS.uniform("a")[0]


def test_draws_are_spread_as_they_should_be() -> None:
    even = DRAWS.uniform("even", MANY)
    assert 0 <= even.min() <= even.max() < 1
    assert np.histogram(even, 20, (0, 1))[0].min() > 4_700
    bell = DRAWS.normal("bell", MANY)
    assert abs(bell.mean()) < 0.02
    assert abs(bell.std() - 1) < 0.02


def test_picks_follow_their_weights() -> None:
    shares = np.bincount(DRAWS.pick((5, 0, 3, 2), "kind", MANY), minlength=4) / len(MANY)
    assert np.allclose(shares, (0.5, 0, 0.3, 0.2), atol=0.01)


def test_some_are_chosen_once_each() -> None:
    chosen = DRAWS.some(1_000, 50, "screening", 3)
    assert len(set(chosen.tolist())) == 50
    assert chosen.min() >= 0
    assert chosen.max() < 1_000
    assert len(DRAWS.some(10, 50, "screening", 3)) == 10


def test_a_chance_is_a_chance() -> None:
    happened = sum(DRAWS.happens(0.3, "late", i) for i in range(3_000))
    assert 800 < happened < 1_000
