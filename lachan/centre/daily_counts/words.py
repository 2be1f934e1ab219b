"""Sentences for what was held back or refused, by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HELD: Final = {
    "negative": _("The number is below zero. Send the corrected days instead of one negative day."),
    "total-falls": _("The total is below the total of an earlier day ({against}): one of the two is wrong."),
    "too-many-people": _("{cases} in one day is more than one in a hundred of the {against} people who live there."),
    "spike": _(
        "{cases} is more than 8 times the second highest of the days within two weeks before and after ({against})."
    ),
    "day-twice": _("An earlier row of the file has another number for this day ({against})."),
}  # fmt: skip

REFUSED: Final = {
    "row-shape": _("The row has more or fewer cells than the heading, or cannot be read."),
    "date-missing": _("The row has no date."),
    "date-shape": _("A date is written like 2021-07-13 or 13/07/2021."),
    "date-early": _("The date is before 1900."),
    "date-future": _("The date is in the future."),
    "unit-missing": _("The row names no province."),
    "unit-unknown": _("No province has this name or code. Write it like Bắc Giang or 24."),
    "unit-mismatch": _("The code is that of another province than the name."),
    "unit-elsewhere": _("The province is outside the area of your posting."),
    "number-missing": _("The row has no number of new cases."),
    "number-shape": _("A number is whole and in digits, like 1234."),
    "number-size": _("The number is larger than can be."),
    "rejected-before": _("The same number for this day was rejected by a person."),
}

VERDICT: Final = {"released": _("released"), "rejected": _("rejected")}


def held(code: str, *, cases: int, against: int | None) -> StrOrPromise:
    """Why a row is held, with its figures."""
    return format_lazy(HELD[code], cases=grouped(cases), against=grouped(against or 0))


def refused(code: str) -> StrOrPromise:
    return REFUSED.get(code, REFUSED["row-shape"])


def grouped(number: int) -> str:
    """1234567 as 1 234 567, in both languages."""
    return f"{number:,}".replace(",", "\u202f")
