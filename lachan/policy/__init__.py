"""Dated rules as typed data: `load("vn/covid19").at(day)` gives the rules of a day."""

from lachan.policy.book import PolicyBook, load, profiles
from lachan.policy.errors import NoPolicyInForce, PolicyError
from lachan.policy.immunity import is_immune
from lachan.policy.model import (
    Basis,
    CheckpointPolicy,
    CheckpointRow,
    Policy,
    QuarantinePolicy,
    QuarantineRow,
    TestingPolicy,
    TracingPolicy,
)

__all__ = [
    "Basis",
    "CheckpointPolicy",
    "CheckpointRow",
    "NoPolicyInForce",
    "Policy",
    "PolicyBook",
    "PolicyError",
    "QuarantinePolicy",
    "QuarantineRow",
    "TestingPolicy",
    "TracingPolicy",
    "is_immune",
    "load",
    "profiles",
]
