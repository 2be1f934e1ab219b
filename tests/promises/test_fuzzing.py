"""What `make fuzz` rests on: its inputs hold as they are, and its verdict is no matter of luck."""

import pytest

from fuzz.report import Run, jobs, report
from fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_keeps_the_promises_that_are_fuzzed(name: str) -> None:
    target = TARGETS[name]
    assert target.seeds
    for seed in (*target.seeds, b"", b"\0", b"\xff" * 9):
        target.judge(seed)
        target.door(seed)


def test_each_door_has_one_naive_fuzzer() -> None:
    naive = [TARGETS[name].door for name, is_naive in jobs(list(TARGETS)) if is_naive]
    assert len(naive) == len(set(naive))
    assert set(naive) == {target.door for target in TARGETS.values()}


@pytest.mark.parametrize(
    ("edges", "naive", "found", "good"),
    [(182, 13, "", True), (13, 13, "", False), (12, 13, "", False), (182, 13, "AssertionError", False)],
)
def test_fewer_edges_than_the_naive_fuzzer_or_a_finding_is_a_failure(
    edges: int, naive: int, found: str, good: bool
) -> None:
    runs = [Run("whole", False, 9, edges, 100, found), Run("whole", True, 9, naive, 100, "")]
    assert report(runs) is good
