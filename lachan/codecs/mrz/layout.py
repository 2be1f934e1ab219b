"""Where each field stands, in the lines joined to one text; positions count from 0."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
Field = Literal["number", "nationality", "birth", "sex", "expiry", "optional", "optional_2", "name"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of document. `first_letters`: of the document code; `composite`: what the last check covers."""

    lines: int
    width: int
    first_letters: str
    fields: Mapping[Field, slice]
    checks: Mapping[Field, int]  # the place of the check digit
    composite: tuple[slice, ...] = ()

    @property
    def size(self) -> int:
        return self.lines * self.width

    @property
    def may_be_long(self) -> bool:
        """Whether a number of more than 9 characters goes on in the optional field (Doc 9303-5 and -6 only)."""
        return bool(self.composite) and "optional" not in self.checks


def _two_lines(width: int, first_letters: str, *, composite: bool, optional_check: bool = False) -> Layout:
    """TD2, TD3 and visas differ in width and in what the end of the second line checks."""
    last = 2 * width - (1 if composite else 0)
    optional = slice(width + 28, last - 1 if optional_check else last)
    checks: dict[Field, int] = {"number": width + 9, "birth": width + 19, "expiry": width + 27}
    if optional_check:
        checks["optional"] = last - 1
    return Layout(
        lines=2,
        width=width,
        first_letters=first_letters,
        fields={
            "name": slice(5, width),
            "number": slice(width, width + 9),
            "nationality": slice(width + 10, width + 13),
            "birth": slice(width + 13, width + 19),
            "sex": slice(width + 20, width + 21),
            "expiry": slice(width + 21, width + 27),
            "optional": optional,
        },
        checks=checks,
        composite=(slice(width, width + 10), slice(width + 13, width + 20), slice(width + 21, last))
        if composite
        else (),
    )


_TD1: Final = Layout(
    lines=3,
    width=30,
    first_letters="ACI",
    fields={
        "number": slice(5, 14),
        "optional": slice(15, 30),
        "birth": slice(30, 36),
        "sex": slice(37, 38),
        "expiry": slice(38, 44),
        "nationality": slice(45, 48),
        "optional_2": slice(48, 59),
        "name": slice(60, 90),
    },
    checks={"number": 14, "birth": 36, "expiry": 44},
    composite=(slice(5, 37), slice(38, 45), slice(48, 59)),
)

LAYOUTS: Final[Mapping[Kind, Layout]] = {
    "TD1": _TD1,
    "TD2": _two_lines(36, "ACI", composite=True),
    "TD3": _two_lines(44, "P", composite=True, optional_check=True),
    "MRV-A": _two_lines(44, "V", composite=False),
    "MRV-B": _two_lines(36, "V", composite=False),
}

COMPOSITE_PLACE: Final[Mapping[Kind, int]] = {"TD1": 59, "TD2": 71, "TD3": 87}
NUMBER_WIDTH: Final = 9
ISSUER: Final = slice(2, 5)


def kind_of(text: str) -> Kind | None:
    """The kind of a zone by its length and first letter."""
    return next(
        (
            kind
            for kind, layout in LAYOUTS.items()
            if len(text) == layout.size and text[:1] in layout.first_letters
        ),
        None,
    )
