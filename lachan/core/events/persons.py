"""What happens to records of persons."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class IdentityVerified(Event):
    identifier: str


@dataclass(frozen=True, kw_only=True)
class PersonCorrected(Event):
    """Fields that changed, by name; the values stay in the row."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Event):
    """`person_id` was kept; `merged_id` now stands for the same person."""

    merged_id: int


@dataclass(frozen=True, kw_only=True)
class PersonsSplit(Event):
    """A merge was undone: `split_id` is somebody else again."""

    split_id: int


@dataclass(frozen=True, kw_only=True)
class ReadQuestioned(Event):
    """The person asks why somebody looked at their record."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class ReadExplained(Event):
    """Somebody else than who looked has answered."""

    question_id: int
