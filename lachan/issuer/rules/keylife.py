"""The life of a signing key, read from its dates: created, published, in use, resting, ended; or compromised.

Shell model of the EU's DCC: a key signs for about six months, and its certificate lives long enough that whatever it
signed may expire first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lachan.issuer.rules.validity import LONGEST

NOTICE: Final = timedelta(days=7)
"""Verifiers fetch the trust list daily; a week reaches those that were offline too."""
USE: Final = timedelta(days=183)
LIFE: Final = timedelta(days=731)
ROTATE_BEFORE: Final = timedelta(days=30)
"""How long before the end of its use a key's successor is published."""


AT_HAND: Final = 2
"""So that a compromise leaves a key that is trusted already: nobody has to wait a week to sign again."""


class KeyStage(StrEnum):
    CREATED = "created"
    PUBLISHED = "published"
    IN_USE = "in-use"
    RETIRED = "retired"
    ENDED = "ended"
    COMPROMISED = "compromised"


@dataclass(frozen=True, slots=True)
class Key:
    """The dates of a signing key. `not_after` is the end of its certificate; periods are half-open."""

    kid: bytes
    not_before: datetime
    not_after: datetime
    published_at: datetime | None = None
    use_from: datetime | None = None
    use_until: datetime | None = None
    compromised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """When a key that is published now signs."""

    use_from: datetime
    use_until: datetime


def stage(key: Key, at: datetime) -> KeyStage:
    """Where a key stands at `at`; nobody sets this."""
    if key.compromised_at is not None and key.compromised_at <= at:
        return KeyStage.COMPROMISED
    if at >= key.not_after:
        return KeyStage.ENDED
    if key.published_at is None or key.use_from is None or key.use_until is None or at < key.published_at:
        return KeyStage.CREATED
    if at < key.use_from:
        return KeyStage.PUBLISHED
    return KeyStage.IN_USE if at < key.use_until else KeyStage.RETIRED


def key_to_use(keys: Sequence[Key], at: datetime, *, lasting: timedelta = timedelta(0)) -> Key | None:
    """The key to sign with now: of those in use whose certificate outlasts `at + lasting`, the newest."""
    usable = [k for k in keys if stage(k, at) == KeyStage.IN_USE and at + lasting <= k.not_after]
    return max(usable, key=lambda k: (k.use_from or k.not_before, k.kid), default=None)


def plan_use(key: Key, at: datetime, *, notice: timedelta = NOTICE) -> KeyPlan:
    """The period in which a key published at `at` signs: from `notice` later, as long as what it signs ends before
    its certificate."""
    use_from = at + notice
    return KeyPlan(use_from, min(use_from + USE, key.not_after - LONGEST))


def plan_next(keys: Sequence[Key], at: datetime, *, at_hand: int = AT_HAND) -> bool:
    """Whether another key has to be published now: fewer than `at_hand` will be able to sign in `ROTATE_BEFORE`."""
    later = at + ROTATE_BEFORE
    ready = [k for k in keys if stage(k, at) in (KeyStage.PUBLISHED, KeyStage.IN_USE)]
    return sum(k.use_until is not None and k.use_until > later for k in ready) < at_hand
