"""The policy in force in this installation: the profile that settings name, as of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.conf import settings

from lachan.policy import Policy, load

_other: ContextVar[str | None] = ContextVar("lachan_other_profile", default=None)


def at(day: date) -> Policy:
    """The rules of `day`. Raises lachan.policy.NoPolicyInForce before the first version."""
    if other := _other.get():
        return load(other).at(day)
    return load(settings.LACHAN_POLICY, overlay=settings.LACHAN_POLICY_OVERLAY).at(day)


@contextmanager
def under(profile: str) -> Iterator[None]:
    """Let `at` answer by another profile within the block: a list from elsewhere is judged by the rules it names."""
    token = _other.set(profile)
    try:
        yield
    finally:
        _other.reset(token)
