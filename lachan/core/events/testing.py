"""What happens to tests, tubes and results."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from lachan.core.events.envelope import Assay, Event, Outcome


@dataclass(frozen=True, kw_only=True)
class TestOrdered(Event):
    order_id: int
    reason: str
    assay: Assay
    due_on: date
    __test__: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class TestCancelled(Event):
    order_id: int
    reason: str
    __test__: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class SampleCollected(Event):
    tube: str
    pooled: bool


@dataclass(frozen=True, kw_only=True)
class SampleRejected(Event):
    tube: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SamplesSent(Event):
    batch_id: int
    tubes: int


@dataclass(frozen=True, kw_only=True)
class SamplesReceived(Event):
    batch_id: int
    tubes: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class TubesPooled(Event):
    pool: str
    tubes: int


@dataclass(frozen=True, kw_only=True)
class ResultEntered(Event):
    """Somebody read a result; it says nothing about anybody until a second person verified it."""

    result_id: int


@dataclass(frozen=True, kw_only=True)
class ResultReturned(Event):
    """The verifier sent it back: to be entered again."""

    result_id: int


@dataclass(frozen=True, kw_only=True)
class PoolPositive(Event):
    """Nobody's result: each member awaits confirmation by a test of their own."""

    tube: str
    result_id: int


@dataclass(frozen=True, kw_only=True)
class ResultReported(Event):
    """A result of one person, verified by a second one."""

    result_id: int
    outcome: Outcome
    assay: Assay
    collected_at: datetime
    ct: float | None = None


@dataclass(frozen=True, kw_only=True)
class ResultAmended(Event):
    """`result_id` replaces `amends_id`; both stay readable."""

    result_id: int
    amends_id: int
    outcome: Outcome
    previous_outcome: Outcome
    assay: Assay
    collected_at: datetime
    ct: float | None = None


@dataclass(frozen=True, kw_only=True)
class SymptomsDeclared(Event):
    """Symptom codes, by the person or by who monitors them."""

    symptoms: tuple[str, ...]
    onset_on: date | None = None
