"""Versions along the calendar: no overlap, no gap, an overlay painted over its base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from lachan.policy.basis import RuleSet
from lachan.policy.errors import NoPolicyInForce, PolicyError, Spot

P = TypeVar("P", bound=RuleSet)


@dataclass(frozen=True, slots=True)
class Span(Generic[P]):
    """`policy` is in force in [start, end); end None = until further notice."""

    start: date
    end: date | None
    policy: P


@dataclass(frozen=True, slots=True)
class Timeline(Generic[P]):
    """The spans of one part of a profile, ascending and disjoint."""

    file: str
    spans: tuple[Span[P], ...]

    def at(self, day: date) -> P:
        """The policy of `day`. Raises NoPolicyInForce before the first version and after the last."""
        found = self.find(day)
        if found is not None:
            return found
        first = self.spans[0].start if self.spans else None
        raise NoPolicyInForce(
            Spot(self.file),
            f"no version is in force on {day}",
            f"Versions begin on {first}; add one for that day",
        )

    def find(self, day: date) -> P | None:
        """The policy of `day`, or None before the first version and after the last."""
        for span in reversed(self.spans):
            if span.start <= day and (span.end is None or day < span.end):
                return span.policy
        return None

    def painted_over_by(self, overlay: Timeline[P]) -> Timeline[P]:
        """This timeline where `overlay` is silent, `overlay` where it speaks."""
        below = self.spans
        for span in overlay.spans:
            below = tuple(rest for piece in below for rest in _outside(piece, span))
        return Timeline(self.file, tuple(sorted(below + overlay.spans, key=lambda span: span.start)))


def lay_out(file: str, versions: list[P], *, gaps_allowed: bool) -> Timeline[P]:
    """Versions sorted by their first day; one without valid_to ends where the next begins.

    Raises PolicyError for an id used twice, overlapping periods, or (unless allowed) a gap.
    """
    ordered = sorted(versions, key=lambda version: version.basis.valid_from)
    _refuse_twins(file, ordered)
    spans = []
    for index, version in enumerate(ordered):
        follower = ordered[index + 1].basis.valid_from if index + 1 < len(ordered) else None
        if follower is not None:
            _refuse_misfit(file, version, follower, gaps_allowed=gaps_allowed)
        end = version.basis.valid_to or follower
        spans.append(Span(version.basis.valid_from, end, _ended(version, end)))
    return Timeline(file, tuple(spans))


def _ended(version: P, end: date | None) -> P:
    return replace(version, basis=replace(version.basis, valid_to=end))


def _refuse_twins(file: str, ordered: list[P]) -> None:
    seen: set[str] = set()
    for version in ordered:
        spot = Spot(file, version.basis.id, "id")
        if version.basis.id in seen:
            raise PolicyError(spot, "two versions have this id", "Give each version its own id")
        seen.add(version.basis.id)


def _refuse_misfit(file: str, version: P, follower: date, *, gaps_allowed: bool) -> None:
    basis = version.basis
    spot = Spot(file, basis.id, "valid_to")
    if follower == basis.valid_from:
        raise PolicyError(
            Spot(file, basis.id, "valid_from"), "two versions begin on this day", "Keep one of them"
        )
    if basis.valid_to is not None and basis.valid_to > follower:
        raise PolicyError(
            spot, f"it overlaps the version that begins on {follower}", f"Write {follower} or leave it out"
        )
    if basis.valid_to is not None and basis.valid_to < follower and not gaps_allowed:
        raise PolicyError(spot, f"no rule holds until {follower}", f"Write {follower} or leave it out")


def _outside(piece: Span[P], cover: Span[P]) -> list[Span[P]]:
    """What is left of `piece` outside `cover`: nothing, one part, or one on each side."""
    left_end = cover.start if piece.end is None else min(piece.end, cover.start)
    parts = [Span(piece.start, left_end, piece.policy)] if piece.start < left_end else []
    if cover.end is not None and (piece.end is None or cover.end < piece.end):
        parts.append(Span(max(piece.start, cover.end), piece.end, piece.policy))
    return parts
