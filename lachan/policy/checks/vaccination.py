"""What types cannot say about vaccination."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from lachan.policy.checks.general import check_positive, check_unverified
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.vaccination import AgeBand, Product, VaccinationPolicy, VitalSigns


def check_vaccination(policy: VaccinationPolicy, spot: Spot) -> None:
    """Codes are unique and known, intervals fit the number of doses, ages leave no gap, limits are in order."""
    _check_unique("products", [product.code for product in policy.products], spot)
    _check_unique("groups", [group.code for group in policy.groups], spot)
    _check_unique("questions", [question.code for question in policy.questions], spot)
    for index, product in enumerate(policy.products):
        _check_product(product, spot.at_field(f"products[{index}]"))
    _check_named(policy, spot)
    _check_ages(policy.ages, spot.at_field("ages"))
    _check_vital_signs(policy.vital_signs, spot.at_field("vital_signs"))
    check_positive(policy, spot, ("observation_minutes", "investigate_hours", "council_working_days"))


def _check_unique(field: str, codes: Sequence[str], spot: Spot) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise PolicyError(
                spot.at_field(field), f"{code!r} stands there {times} times", "Keep one of them"
            )


def _check_product(product: Product, spot: Spot) -> None:
    check_positive(product, spot, ("primary_doses", "vial_doses", "opened_hours", "dose_ml"))
    if len(product.least_days) != product.primary_doses - 1:
        raise PolicyError(
            spot.at_field("least_days"),
            f"{product.primary_doses} doses have {product.primary_doses - 1} intervals, not {len(product.least_days)}",
            "Write the least days between each dose and the next",
        )
    _check_latest(product, spot.at_field("latest_days"))
    if product.vial_most < product.vial_doses:
        raise PolicyError(
            spot.at_field("vial_most"), "it is less than vial_doses", "Write at least as many as vial_doses"
        )
    check_unverified(product.unverified, (product,), spot)


def _check_latest(product: Product, spot: Spot) -> None:
    if not product.latest_days:
        return
    if len(product.latest_days) != len(product.least_days):
        raise PolicyError(
            spot, "it has another length than least_days", "Write one for each, or leave it out"
        )
    if any(latest < least for least, latest in zip(product.least_days, product.latest_days, strict=True)):
        raise PolicyError(spot, "a latest day lies before the least", "Write a later day")


def _check_named(policy: VaccinationPolicy, spot: Spot) -> None:
    known = {product.code for product in policy.products}
    for field in ("mixes", "additional", "boosters", "ages"):
        for index, row in enumerate(getattr(policy, field)):
            at = spot.at_field(f"{field}[{index}]")
            _refuse_unknown(_codes(row), known, at)
            check_unverified(row.unverified, (row,), at)


def _codes(row: object) -> list[str]:
    named: list[str] = []
    for field in ("after", "then", "products"):
        value = getattr(row, field, ())
        named += [value] if isinstance(value, str) else value
    return named


def _refuse_unknown(codes: Iterable[str], known: Collection[str], spot: Spot) -> None:
    for code in codes:
        if code not in known:
            raise PolicyError(spot, f"{code!r} is no product here", f"Use one of: {', '.join(sorted(known))}")


def _check_ages(bands: Sequence[AgeBand], spot: Spot) -> None:
    if not bands or bands[-1].to_age is not None:
        raise PolicyError(spot, "the last band ends", "Leave out to_age in the last band")
    for band, later in pairwise(bands):
        if band.to_age != later.from_age:
            raise PolicyError(spot, f"no band follows at {band.to_age}", "Let each band begin where one ends")


def _check_vital_signs(signs: VitalSigns, spot: Spot) -> None:
    for name in ("temperature", "pulse", "systolic", "diastolic"):
        if getattr(signs, f"{name}_low") >= getattr(signs, f"{name}_high"):
            raise PolicyError(
                spot.at_field(f"{name}_low"), "it is not below the upper limit", "Correct one of them"
            )
