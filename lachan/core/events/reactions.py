"""Reactions after an injection. What was felt stands in no event."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class ReactionReported(Event):
    """`severity`: mild, moderate or serious as first told; `urgent`: somebody is to call at once."""

    reaction_id: int
    dose_id: int
    severity: str
    urgent: bool


@dataclass(frozen=True, kw_only=True)
class SeriousReactionReported(Event):
    """The clocks of a serious reaction have started; a lot may have to be held."""

    reaction_id: int
    dose_id: int
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class ReactionStepTaken(Event):
    """`step`: assessed, investigated, council or concluded."""

    reaction_id: int
    step: str
