"""How alike two texts are: the share of their letter triples that both have. Texts come without marks and case."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 2_000


def triples(text: str) -> frozenset[str]:
    """Three letters in a row of each word, with a space before and after it."""
    words = " ".join(text[:LONGEST].split())
    padded = f"  {words} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2)) if words else frozenset()


def likeness(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same); the same from either side."""
    left, right = triples(one), triples(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def alike(
    text: str, others: Iterable[tuple[int, str]], *, percent: int, most: int = 5
) -> list[tuple[int, float]]:
    """Numbers of the texts at least so alike, the nearest first."""
    scored = [(number, likeness(text, other)) for number, other in others]
    near = [pair for pair in scored if pair[1] * 100 >= percent]
    return sorted(near, key=lambda pair: (-pair[1], pair[0]))[:most]
