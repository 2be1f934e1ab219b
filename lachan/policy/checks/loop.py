"""What types cannot say about tracing, quarantine, testing and checkpoints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import get_args

from lachan.policy.checks.general import check_positive, check_unverified
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.model import (
    CheckpointPolicy,
    CheckpointRow,
    Immunity,
    QuarantinePolicy,
    QuarantineRow,
    Subject,
    TestingPolicy,
    TracingPolicy,
)

_REASON_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def check_testing(policy: TestingPolicy, spot: Spot) -> None:
    check_positive(policy, spot, ("max_pool_at_collection", "max_pool_in_lab", "turnaround_hours"))


def check_tracing(policy: TracingPolicy, spot: Spot) -> None:
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
    check_positive(policy, spot, ("crowd_limit", "default_stay_minutes", "max_level", "max_window_days"))


def check_quarantine(policy: QuarantinePolicy, spot: Spot) -> None:
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
    check_unverified(row.unverified, (row,), spot)


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


def check_checkpoints(policy: CheckpointPolicy, spot: Spot) -> None:
    spot = spot.at_field("rows")
    last = policy.rows[-1] if policy.rows else None
    if last is None or last.condition != "none" or last.where or last.unless:
        raise PolicyError(
            spot,
            "the last row does not apply to everybody",
            'End the list with a row of condition "none" without `where`',
        )
    for index, row in enumerate(policy.rows):
        at = Spot(spot.file, spot.version, f"rows[{index}]")
        _check_checkpoint_row(row, policy.rows[:index], at)
    _check_unreleased(policy.rows, spot)


def _check_unreleased(rows: Iterable[CheckpointRow], spot: Spot) -> None:
    """An order holds until somebody has released its holder: where it stops people, its last day must not let go."""
    decided = {row.condition for row in rows if not row.where}
    if "under_order" in decided and "order_end_unconfirmed" not in decided:
        raise PolicyError(
            spot,
            "people whose order is past its last day but whom nobody has released are not decided on",
            'Add a row of condition "order_end_unconfirmed" without `where`, for example with verdict "check"',
        )


def _check_checkpoint_row(row: CheckpointRow, above: Iterable[CheckpointRow], spot: Spot) -> None:
    if not _REASON_CODE.match(row.reason):
        raise PolicyError(
            spot.at_field("reason"), f"{row.reason!r} is not a code", "Write small words joined by hyphens"
        )
    for earlier in above:
        if earlier.unless:
            continue
        if earlier.condition in (row.condition, "none") and earlier.where in ((), row.where):
            raise PolicyError(spot, "an earlier row already decides this", "Remove one of the two")
