"""What types cannot say: rules that hold inside one version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, get_args

from lachan.policy.errors import PolicyError, Spot
from lachan.policy.model import (
    Basis,
    CheckpointPolicy,
    QuarantinePolicy,
    QuarantineRow,
    Subject,
    TestingPolicy,
    TracingPolicy,
)

AnyPolicy = TracingPolicy | QuarantinePolicy | TestingPolicy | CheckpointPolicy
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def check(policy: AnyPolicy, spot: Spot) -> None:
    """Raise PolicyError for the first inconsistency within `policy`."""
    _check_basis(policy, spot)
    if isinstance(policy, TracingPolicy):
        _check_tracing(policy, spot)
    elif isinstance(policy, QuarantinePolicy):
        _check_quarantine(policy, spot)
    elif isinstance(policy, TestingPolicy):
        _check_testing(policy, spot)
    else:
        _check_checkpoints(policy, spot)


def _require(holds: bool, spot: Spot, problem: str, remedy: str) -> None:
    if not holds:
        raise PolicyError(spot, problem, remedy)


def _check_basis(policy: AnyPolicy, spot: Spot) -> None:
    basis = policy.basis
    for name in ("id", "decision"):
        _require(bool(getattr(basis, name).strip()), spot.at_field(name), "it is empty", "Write it")
    ends_after = basis.valid_to is None or basis.valid_to > basis.valid_from
    _require(
        ends_after,
        spot.at_field("valid_to"),
        f"{basis.valid_to} is not after valid_from {basis.valid_from}",
        "valid_to is the first day on which the version no longer holds; correct it or leave it out",
    )
    _check_unverified(basis.unverified, (policy, basis), spot)


def _check_unverified(names: Iterable[str], owners: Iterable[Any], spot: Spot) -> None:
    known = {field.name for owner in owners for field in fields(owner)}
    for name in names:
        _require(
            name in known,
            spot.at_field("unverified"),
            f"{name!r} is not a field here",
            "List names of fields only",
        )


def _check_tracing(policy: TracingPolicy, spot: Spot) -> None:
    _require(
        policy.close_minutes_unmasked <= policy.close_minutes_masked,
        spot.at_field("close_minutes_unmasked"),
        "contact without masks would need longer than with masks",
        "Make it at most close_minutes_masked",
    )
    _require(
        policy.window_ends != "negative_or_ct" or policy.infectious_ct_below is not None,
        spot.at_field("infectious_ct_below"),
        'it is missing although window_ends is "negative_or_ct"',
        "Add the Ct value above which a person no longer infects",
    )
    for name in ("crowd_limit", "default_stay_minutes", "max_level", "max_window_days"):
        _require(getattr(policy, name) > 0, spot.at_field(name), "it is 0", "Write at least 1")


def _check_testing(policy: TestingPolicy, spot: Spot) -> None:
    for name in ("max_pool_at_collection", "max_pool_in_lab", "turnaround_hours"):
        _require(
            getattr(policy, name) > 0, spot.at_field(name), "it is 0", "Write at least 1 (1 = no pooling)"
        )


def _check_quarantine(policy: QuarantinePolicy, spot: Spot) -> None:
    for index, row in enumerate(policy.rows):
        _check_row(row, spot.at_field(f"rows[{index}]"))
    seen = Counter((row.subject, row.immunity) for row in policy.rows)
    for subject in get_args(Subject):
        found = tuple(seen[subject, immunity] for immunity in ("any", "immune", "not_immune"))
        _require(
            found in ((1, 0, 0), (0, 1, 1)),
            spot.at_field("rows"),
            f"{subject} is not covered exactly once (found any/immune/not_immune {found})",
            'Give each subject one row with immunity "any", or one "immune" and one "not_immune"',
        )


def _check_row(row: QuarantineRow, spot: Spot) -> None:
    days = row.test_days
    ascending = all(earlier < later for earlier, later in zip(days, days[1:], strict=False))
    _require(ascending, spot.at_field("test_days"), f"{list(days)} do not ascend", "Sort them, each day once")
    _require(
        not days or days[-1] <= row.days,
        spot.at_field("test_days"),
        f"test day {days[-1] if days else 0} lies after the last day {row.days}",
        "Lengthen the order or test earlier",
    )
    _require(
        row.negatives_needed <= len(days),
        spot.at_field("negatives_needed"),
        f"{row.negatives_needed} negatives are needed but only {len(days)} tests ordered",
        "Add test days or ask for fewer negatives",
    )
    _check_length(row, spot)
    _check_unverified(row.unverified, (row,), spot)


def _check_length(row: QuarantineRow, spot: Spot) -> None:
    _require(
        (row.kind == "none") == (row.days == 0),
        spot.at_field("days"),
        f'kind is "{row.kind}" but days is {row.days}',
        'Write days = 0 for kind "none" and at least 1 for any other',
    )
    _require(
        row.at_most_days is None or row.at_most_days >= row.days,
        spot.at_field("at_most_days"),
        f"it is before the last day {row.days}",
        "Write a day on or after `days`, or leave it out",
    )


def _check_checkpoints(policy: CheckpointPolicy, spot: Spot) -> None:
    where = spot.at_field("rows")
    last = policy.rows[-1] if policy.rows else None
    _require(
        last is not None and last.condition == "none" and not last.where,
        where,
        "the last row does not apply to everybody",
        'End the list with a row of condition "none" without `where`',
    )
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for index, row in enumerate(policy.rows):
        at = spot.at_field(f"rows[{index}]")
        _require(
            bool(CODE.match(row.reason)),
            at.at_field("reason"),
            f"{row.reason!r} is not a code",
            "Write it-so",
        )
        reachable = not {(c, w) for c in (row.condition, "none") for w in ((), row.where)} & seen
        _require(reachable, at, "an earlier row already decides this", "Remove one of the two")
        seen.add((row.condition, row.where))


def basis_fields() -> frozenset[str]:
    """Names of the fields of a version that describe its basis."""
    return frozenset(field.name for field in fields(Basis))
