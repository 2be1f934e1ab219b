"""Dated rules as typed data: `load("vn/covid19").at(day)` gives the rules of a day."""

from lachan.policy.basis import Basis
from lachan.policy.book import PolicyBook, load, profiles
from lachan.policy.errors import NoPolicyInForce, PolicyError
from lachan.policy.immunity import is_immune
from lachan.policy.model import (
    CheckpointPolicy,
    CheckpointRow,
    Policy,
    QuarantinePolicy,
    QuarantineRow,
    TestingPolicy,
    TracingPolicy,
)
from lachan.policy.riskmap import RiskPolicy
from lachan.policy.vaccination import Product, VaccinationPolicy

__all__ = [
    "Basis",
    "CheckpointPolicy",
    "CheckpointRow",
    "NoPolicyInForce",
    "Policy",
    "PolicyBook",
    "PolicyError",
    "Product",
    "QuarantinePolicy",
    "QuarantineRow",
    "RiskPolicy",
    "TestingPolicy",
    "TracingPolicy",
    "VaccinationPolicy",
    "is_immune",
    "load",
    "profiles",
]
