"""What types cannot say about entry."""

from __future__ import annotations

from lachan.policy.arrivals import ArrivalPolicy, DutyRow, Gate
from lachan.policy.checks.general import check_positive, check_unverified
from lachan.policy.errors import PolicyError, Spot


def check_arrivals(policy: ArrivalPolicy, spot: Spot) -> None:
    """Every gate is named once, somebody is told something whoever they are, and each duty says what it asks for."""
    check_positive(policy, spot, ("origin_days", "declare_days"))
    seen: set[str] = set()
    for index, gate in enumerate(policy.gates):
        _check_gate(gate, seen, spot.at_field(f"gates[{index}]"))
    for index, row in enumerate(policy.rows):
        _check_row(row, spot.at_field(f"rows[{index}]"))
    if not policy.rows or not policy.rows[-1].for_everybody:
        raise PolicyError(
            spot.at_field("rows"), "the last row is not for everybody", "End with a row without conditions"
        )


def _check_gate(gate: Gate, seen: set[str], spot: Spot) -> None:
    if gate.code in seen or not gate.code.strip():
        raise PolicyError(
            spot.at_field("code"), f"{gate.code!r} is empty or stands twice", "Use each code once"
        )
    seen.add(gate.code)
    if (gate.kind == "land") != bool(gate.borders):
        raise PolicyError(
            spot.at_field("borders"), "it does not fit the kind", "Name the other country of a gate on land"
        )


def _check_row(row: DutyRow, spot: Spot) -> None:
    check_unverified(row.unverified, (row,), spot)
    if (row.duty == "test") != bool(row.within_hours):
        raise PolicyError(
            spot.at_field("within_hours"), "it does not fit the duty", "Write the hours of a test"
        )
    if (row.duty in ("home", "facility")) != bool(row.days):
        raise PolicyError(
            spot.at_field("days"), "it does not fit the duty", "Write the days of home or facility"
        )
    if any(day > row.days for day in row.test_days) or row.negatives_needed > len(row.test_days):
        raise PolicyError(
            spot.at_field("test_days"), "there are too few, or one is after the end", "Keep them within days"
        )
    if any(len(code) != 3 or not code.isupper() for code in row.origins):
        raise PolicyError(spot.at_field("origins"), "one is no country", "Write ISO 3166-1 alpha-3 codes")
