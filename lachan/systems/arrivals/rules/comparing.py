"""A passenger list beside the declarations for the same vessel: who is on one of them only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the list or in a declaration; `document` is its blind index, `name` its search key."""

    id: int
    document: bytes
    name: str
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`undeclared`: aboard without a declaration; `not_aboard`: declared and not on the list; `differing`: aboard and
    declared by name or seat, with another document (passenger, declaration)."""

    undeclared: tuple[int, ...]
    not_aboard: tuple[int, ...]
    differing: tuple[tuple[int, int], ...]


def compare(listed: Iterable[Known], declared: Iterable[Known]) -> Comparison:
    """By document first; what is left by the same name, then by the same seat, each once."""
    aboard, papers = list(listed), list(declared)
    known, seen = {p.document for p in papers}, {p.document for p in aboard}
    undeclared = {p.id: p for p in aboard if p.document not in known}
    not_aboard = {p.id: p for p in papers if p.document not in seen}
    pairs: list[tuple[int, int]] = []
    for same in (_same_name, _same_seat):
        for one in list(undeclared.values()):
            other = next((p for p in not_aboard.values() if same(one, p)), None)
            if other is not None:
                pairs.append((one.id, other.id))
                del undeclared[one.id], not_aboard[other.id]
    return Comparison(tuple(undeclared), tuple(not_aboard), tuple(pairs))


def _same_name(one: Known, other: Known) -> bool:
    """The same words in any order: passports put the family name first, forms may not."""
    return sorted(one.name.split()) == sorted(other.name.split())


def _same_seat(one: Known, other: Known) -> bool:
    return one.seat != "" and one.seat == other.seat
