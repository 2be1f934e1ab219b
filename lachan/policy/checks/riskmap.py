"""What types cannot say about risk levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from lachan.policy.checks.general import check_positive, check_unverified
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.riskmap import MatrixRow, RiskPolicy

LEVELS = (1, 2, 3, 4)
BY_COVERAGE = frozenset({"covered", "uncovered"})
BY_CAPACITY = frozenset({"capacity_high", "capacity_medium", "capacity_low"})


def check_riskmap(policy: RiskPolicy, spot: Spot) -> None:
    """A matrix has indicators and all its rows, shares are shares, rates ascend."""
    check_positive(policy, spot, ("period_days",))
    if policy.scheme == "matrix":
        _check_matrix(policy, spot)
    else:
        _check_shares(policy, spot, ("high_share", "at_risk_share", "very_high_share"))
    for index, indicator in enumerate(policy.indicators):
        at = spot.at_field(f"indicators[{index}]")
        _check_rates(indicator.from_rates, at.at_field("from_rates"))
        check_unverified(indicator.unverified, (indicator,), at)
    for index, coverage in enumerate(policy.coverages):
        at = spot.at_field(f"coverages[{index}]")
        _check_shares(coverage, at, ("share",))
        check_unverified(coverage.unverified, (coverage,), at)


def _check_matrix(policy: RiskPolicy, spot: Spot) -> None:
    rows = [row.row for row in policy.matrix]
    if len(rows) != len(set(rows)) or frozenset(rows) not in (BY_COVERAGE, BY_CAPACITY):
        raise PolicyError(
            spot.at_field("matrix"),
            f"its rows are {', '.join(rows) or 'none'}",
            "Write each once: covered and uncovered, or capacity_high, capacity_medium and capacity_low",
        )
    if not policy.indicators:
        raise PolicyError(spot.at_field("indicators"), "there is none", "Write at least one")
    if frozenset(rows) == BY_COVERAGE and not any(c.effect == "row" for c in policy.coverages):
        raise PolicyError(spot.at_field("coverages"), "none chooses the row", 'Give one the effect "row"')
    for index, row in enumerate(policy.matrix):
        _check_row(row, spot.at_field(f"matrix[{index}]"))


def _check_row(row: MatrixRow, spot: Spot) -> None:
    if len(row.levels) != len(LEVELS) or any(level not in LEVELS for level in row.levels):
        raise PolicyError(
            spot.at_field("levels"), f"{list(row.levels)} is no row", "Write four levels of 1 to 4"
        )
    if any(left > right for left, right in pairwise(row.levels)):
        raise PolicyError(spot.at_field("levels"), "more transmission gives a lower level", "Let them ascend")
    if any(column not in LEVELS for column in row.unverified_at):
        raise PolicyError(spot.at_field("unverified_at"), "it names no column", "Write columns of 1 to 4")


def _check_rates(rates: Sequence[float], spot: Spot) -> None:
    if len(rates) != len(LEVELS) - 1 or any(left >= right for left, right in pairwise(rates)):
        raise PolicyError(spot, f"{list(rates)} are no three steps", "Write three rates that ascend")


def _check_shares(owner: object, spot: Spot, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(owner, name)
        if value is None or not 0 < value <= 1:
            raise PolicyError(
                spot.at_field(name), f"{value} is no share", "Write a number above 0 and up to 1"
            )
