"""Which identifiers need, and which exclude each other, on one physical item."""

from collections.abc import Sequence

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1.elements import Element
from lachan.codecs.gs1.table import RULES


def require_associations(elements: Sequence[Element]) -> None:
    """Raise FormatError gs1-repeated, gs1-excluded or gs1-required.

    Where a carton bears several barcodes, the rules hold for all of them together.
    """
    values: dict[str, str] = {}
    for element in elements:
        if values.setdefault(element.ai, element.value) != element.value:
            raise FormatError("gs1-repeated", f"({element.ai}) stands twice, with different values.")
    for ai in values:
        _require_no_excluded(ai, values)
        _require_company(ai, values)


def _require_no_excluded(ai: str, present: dict[str, str]) -> None:
    for pattern in RULES[ai].excluded:
        other = next((other for other in present if other != ai and _fits(other, pattern)), None)
        if other is not None:
            raise FormatError("gs1-excluded", f"({ai}) may not stand with ({other}).")


def _require_company(ai: str, present: dict[str, str]) -> None:
    for group in RULES[ai].required:
        if not any(all(_is_present(pattern, ai, present) for pattern in choice) for choice in group):
            wanted = " or ".join("+".join(choice) for choice in group)
            raise FormatError("gs1-required", f"({ai}) needs {wanted}.")


def _is_present(pattern: str, ai: str, present: dict[str, str]) -> bool:
    return any(other != ai and _fits(other, pattern) for other in present)


def _fits(ai: str, pattern: str) -> bool:
    return len(ai) == len(pattern) and all(
        place in ("n", digit) for digit, place in zip(ai, pattern, strict=True)
    )
