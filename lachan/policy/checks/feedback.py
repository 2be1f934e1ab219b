"""What types cannot say about citizens' reports."""

from __future__ import annotations

from collections.abc import Iterable

from lachan.policy.checks.general import check_positive, check_unverified
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.feedback import Category, FeedbackPolicy, Within


def check_feedback(policy: FeedbackPolicy, spot: Spot) -> None:
    """Codes are used once, every clock has one unit, and there are days on which an office works."""
    check_positive(
        policy, spot,
        ("reopen_days", "claim_minutes", "call_back_minutes", "least_published", "alike_percent", "alike_days",
         "cluster_hours"),
    )  # fmt: skip
    if policy.cluster_reports < 2:
        raise PolicyError(spot.at_field("cluster_reports"), "one report is no cluster", "Write 2 or more")
    _check_calendar(policy, spot)
    _check_codes("categories", [c.code for c in policy.categories], spot)
    _check_codes("templates", [t.code for t in policy.templates], spot)
    if not policy.categories:
        raise PolicyError(spot.at_field("categories"), "there is none", "Write at least one")
    for index, category in enumerate(policy.categories):
        _check_category(category, spot.at_field(f"categories[{index}]"))
    known = {c.code for c in policy.categories}
    for index, template in enumerate(policy.templates):
        if unknown := set(template.categories) - known:
            raise PolicyError(
                spot.at_field(f"templates[{index}].categories"), f"{sorted(unknown)} are no categories",
                "Name categories of this version",
            )  # fmt: skip


def _check_calendar(policy: FeedbackPolicy, spot: Spot) -> None:
    days = set(policy.weekend)
    if not days <= set(range(1, 8)) or len(days) == 7:
        raise PolicyError(spot.at_field("weekend"), f"{sorted(days)} leaves no week", "Write some of 1 to 7")
    if policy.day_ends_hour > 23:
        raise PolicyError(spot.at_field("day_ends_hour"), "it is no hour", "Write 0 to 23")


def _check_codes(name: str, codes: Iterable[str], spot: Spot) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen or not code.strip():
            raise PolicyError(
                spot.at_field(name), f"the code {code!r} is empty or stands twice", "Use each once"
            )
        seen.add(code)


def _check_category(category: Category, spot: Spot) -> None:
    check_unverified(category.unverified, (category,), spot)
    for name in ("acknowledge", "answer", "step"):
        within: Within = getattr(category, name)
        if (within.hours == 0) == (within.working_days == 0):
            raise PolicyError(spot.at_field(name), "it has no unit or two", "Write hours or working_days")
    first, last = category.acknowledge, category.answer
    if first.hours > last.hours or (first.working_days > last.working_days):
        raise PolicyError(
            spot.at_field("answer"), "it ends before the acknowledgement or in another unit",
            "Let both be hours or both working_days, the answer the longer",
        )  # fmt: skip
