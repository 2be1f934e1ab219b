"""Corrections that people ask for. What stands there, and what should, stands in no event."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(Event):
    """`what`: name, birth_date or national_id; of a dose its lot, number, moment or site."""

    correction_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class CorrectionConfirmed(Event):
    """The record was put right; `reissued` certificates took the place of those that said it wrong."""

    correction_id: int
    what: str
    reissued: int


@dataclass(frozen=True, kw_only=True)
class CorrectionRefused(Event):
    """The record stays as it is; who asked reads why."""

    correction_id: int
    what: str
