"""What types cannot say: rules that hold inside one version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from itertools import pairwise
from typing import Any, get_args

from lachan.policy.errors import PolicyError, Spot
from lachan.policy.model import (
    Basis,
    CheckpointPolicy,
    CheckpointRow,
    Immunity,
    QuarantinePolicy,
    QuarantineRow,
    Subject,
    TestingPolicy,
    TracingPolicy,
)

AnyPolicy = TracingPolicy | QuarantinePolicy | TestingPolicy | CheckpointPolicy
REASON_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def check(policy: AnyPolicy, spot: Spot) -> None:
    """Raise PolicyError for the first inconsistency within `policy`."""
    _check_basis(policy, spot)
    if isinstance(policy, TracingPolicy):
        _check_tracing(policy, spot)
    elif isinstance(policy, QuarantinePolicy):
        _check_quarantine(policy, spot)
    elif isinstance(policy, TestingPolicy):
        _check_positive(policy, spot, ("max_pool_at_collection", "max_pool_in_lab", "turnaround_hours"))
    else:
        _check_checkpoints(policy, spot)


def basis_fields() -> frozenset[str]:
    """Names of the fields of a version that describe its basis."""
    return frozenset(field.name for field in fields(Basis))


def _check_basis(policy: AnyPolicy, spot: Spot) -> None:
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
    _check_unverified(basis.unverified, (policy, basis), spot)


def _check_unverified(names: Iterable[str], owners: Iterable[Any], spot: Spot) -> None:
    known = {field.name for owner in owners for field in fields(owner)}
    for name in names:
        if name not in known:
            raise PolicyError(
                spot.at_field("unverified"), f"{name!r} is not a field here", "List names of fields only"
            )


def _check_positive(policy: AnyPolicy, spot: Spot, names: Iterable[str]) -> None:
    for name in names:
        if getattr(policy, name) == 0:
            raise PolicyError(spot.at_field(name), "it is 0", "Write at least 1")


def _check_tracing(policy: TracingPolicy, spot: Spot) -> None:
    if policy.close_minutes_unmasked > policy.close_minutes_masked:
        raise PolicyError(
            spot.at_field("close_minutes_unmasked"),
            "contact without masks would need longer than with masks",
            "Make it at most close_minutes_masked",
        )
    if policy.window_ends == "negative_or_ct" and policy.infectious_ct_below is None:
        raise PolicyError(
            spot.at_field("infectious_ct_below"),
            'it is missing although window_ends is "negative_or_ct"',
            "Add the Ct value above which a person no longer infects",
        )
    _check_positive(policy, spot, ("crowd_limit", "default_stay_minutes", "max_level", "max_window_days"))


def _check_quarantine(policy: QuarantinePolicy, spot: Spot) -> None:
    for index, row in enumerate(policy.rows):
        _check_row(row, spot.at_field(f"rows[{index}]"))
    seen = Counter((row.subject, row.immunity) for row in policy.rows)
    for subject in get_args(Subject):
        found = tuple(seen[subject, immunity] for immunity in get_args(Immunity))
        if found not in ((1, 0, 0), (0, 1, 1)):
            raise PolicyError(
                spot.at_field("rows"),
                f"{subject} is not covered exactly once (rows any/immune/not_immune: {found})",
                'Give each subject one row with immunity "any", or one "immune" and one "not_immune"',
            )


def _check_row(row: QuarantineRow, spot: Spot) -> None:
    days = row.test_days
    if any(earlier >= later for earlier, later in pairwise(days)):
        raise PolicyError(
            spot.at_field("test_days"), f"{list(days)} do not ascend", "Sort them, each day once"
        )
    if days and days[-1] > row.days:
        raise PolicyError(
            spot.at_field("test_days"),
            f"test day {days[-1]} lies after the last day {row.days}",
            "Lengthen the order or test earlier",
        )
    if row.negatives_needed > len(days):
        raise PolicyError(
            spot.at_field("negatives_needed"),
            f"{row.negatives_needed} negatives are needed but only {len(days)} tests ordered",
            "Add test days or ask for fewer negatives",
        )
    _check_length(row, spot)
    _check_unverified(row.unverified, (row,), spot)


def _check_length(row: QuarantineRow, spot: Spot) -> None:
    if (row.kind == "none") != (row.days == 0):
        raise PolicyError(
            spot.at_field("days"),
            f'kind is "{row.kind}" but days is {row.days}',
            'Write days = 0 for kind "none" and at least 1 for any other',
        )
    if row.at_most_days is not None and row.at_most_days < row.days:
        raise PolicyError(
            spot.at_field("at_most_days"),
            f"it is before the last day {row.days}",
            "Write a day on or after `days`, or leave it out",
        )


def _check_checkpoints(policy: CheckpointPolicy, spot: Spot) -> None:
    spot = spot.at_field("rows")
    last = policy.rows[-1] if policy.rows else None
    if last is None or last.condition != "none" or last.where:
        raise PolicyError(
            spot,
            "the last row does not apply to everybody",
            'End the list with a row of condition "none" without `where`',
        )
    for index, row in enumerate(policy.rows):
        at = Spot(spot.file, spot.version, f"rows[{index}]")
        _check_checkpoint_row(row, policy.rows[:index], at)


def _check_checkpoint_row(row: CheckpointRow, above: Iterable[CheckpointRow], spot: Spot) -> None:
    if not REASON_CODE.match(row.reason):
        raise PolicyError(
            spot.at_field("reason"), f"{row.reason!r} is not a code", "Write small words joined by hyphens"
        )
    for earlier in above:
        if earlier.condition in (row.condition, "none") and earlier.where in ((), row.where):
            raise PolicyError(spot, "an earlier row already decides this", "Remove one of the two")
