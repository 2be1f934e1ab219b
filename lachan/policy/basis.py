"""What every rule set rests on: a decision, its period, and whether its text was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a rule set rests on. `unverified` names the fields whose value was not seen in a source."""

    id: str
    decision: str
    valid_from: date
    valid_to: date | None = None
    verified: bool
    note: str = ""
    unverified: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The decision and its period, e.g. "11042/BYT-DP (2021-12-29 to 2022-04-15)"."""
        end = f"to {self.valid_to.isoformat()}" if self.valid_to else "onwards"
        doubt = "" if self.verified else ", unverified"
        return f"{self.decision} ({self.valid_from.isoformat()} {end}{doubt})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One version of one part of a profile."""

    basis: Basis
