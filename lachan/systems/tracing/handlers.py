"""Reactions to events. Each takes a batch, calls one command, and changes nothing when told twice."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import actors
from lachan.core.events import (
    CaseConfirmed,
    PersonReleased,
    PersonsMerged,
    PersonsSplit,
    ResultAmended,
    ResultReported,
    SymptomsDeclared,
)
from lachan.systems.tracing.commands import endings, evidence, merging


def confirm_cases(events: Sequence[ResultReported | ResultAmended], at: datetime) -> None:
    """Positive results, reported so or amended to it."""
    positive = [e for e in events if e.outcome == "positive"]
    if positive:
        evidence.take_positives(positive, actor=actors.system(at=at), at=at)


def withdraw_cases(events: Sequence[ResultAmended], at: datetime) -> None:
    """Results amended away from positive."""
    away = [e for e in events if e.previous_outcome == "positive" and e.outcome != "positive"]
    if away:
        evidence.take_back_positives(away, actor=actors.system(at=at), at=at)


def note_negatives(events: Sequence[ResultReported | ResultAmended], at: datetime) -> None:
    """Negative results, and amendments of what was negative before."""
    wanted = [
        e
        for e in events
        if e.outcome == "negative" or (isinstance(e, ResultAmended) and e.previous_outcome == "negative")
    ]
    if wanted:
        evidence.take_negatives(wanted, actor=actors.system(at=at), at=at)


def find_contacts(events: Sequence[CaseConfirmed], at: datetime) -> None:
    evidence.follow_cases(events, actor=actors.system(at=at), at=at)


def review_symptoms(events: Sequence[SymptomsDeclared], at: datetime) -> None:
    evidence.take_symptoms(events, actor=actors.system(at=at), at=at)


def end_cases(events: Sequence[PersonReleased], at: datetime) -> None:
    """Released as a case: recovered."""
    recovered = [e for e in events if e.subject == endings.PATIENT]
    if recovered:
        endings.end_released(recovered, actor=actors.system(at=at), at=at)


def reunite(events: Sequence[PersonsMerged], at: datetime) -> None:
    merging.follow_roots(events, actor=actors.system(at=at), at=at)


def separate(events: Sequence[PersonsSplit], at: datetime) -> None:
    merging.follow_roots(events, actor=actors.system(at=at), at=at)
