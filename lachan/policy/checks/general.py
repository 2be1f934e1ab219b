"""What every version must hold, and what several parts ask of their fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from lachan.policy.basis import Basis, RuleSet
from lachan.policy.errors import PolicyError, Spot


def basis_fields() -> frozenset[str]:
    """Names of the fields of a version that describe its basis."""
    return frozenset(field.name for field in fields(Basis))


def check_basis(policy: RuleSet, spot: Spot) -> None:
    basis = policy.basis
    for name in ("id", "decision"):
        if not getattr(basis, name).strip():
            raise PolicyError(spot.at_field(name), "it is empty", "Write it")
    if basis.valid_to is not None and basis.valid_to <= basis.valid_from:
        raise PolicyError(
            spot.at_field("valid_to"),
            f"{basis.valid_to} is not after valid_from {basis.valid_from}",
            "valid_to is the first day on which the version no longer holds; correct it or leave it out",
        )
    check_unverified(basis.unverified, (policy, basis), spot)


def check_unverified(names: Iterable[str], owners: Iterable[Any], spot: Spot) -> None:
    """Only fields of `owners` may be called unverified."""
    known = {field.name for owner in owners for field in fields(owner)}
    for name in names:
        if name not in known:
            raise PolicyError(
                spot.at_field("unverified"), f"{name!r} is not a field here", "List names of fields only"
            )


def check_positive(policy: object, spot: Spot, names: Iterable[str]) -> None:
    """None of these fields may be 0."""
    for name in names:
        if getattr(policy, name) == 0:
            raise PolicyError(spot.at_field(name), "it is 0", "Write at least 1")
