"""Figures in words, as pages and reports show them."""

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

from lachan.centre.situation.rules.measures import RATIOS
from lachan.centre.situation.summary import Line, Value


def shown(measure: str, value: Value) -> str:
    """Whole numbers grouped, shares in per cent, means in hours; a dash where there is nothing to tell."""
    if value is None:
        return "–"
    if measure not in RATIOS:
        return f"{value:,}".replace(",", get_format("THOUSAND_SEPARATOR"))
    return (
        f"{number_format(value, 1)} %" if RATIOS[measure].per_cent else f"{number_format(value, 1)} {_('h')}"
    )


def change(line: Line) -> str:
    if line.change is None:
        return ""
    sign = "+" if line.change > 0 else "−" if line.change < 0 else "±"
    unit = ("%" if RATIOS[line.measure].per_cent else _("h")) if line.measure in RATIOS else "%"
    return f"{sign}{number_format(abs(line.change), 1 if line.measure in RATIOS else 0)} {unit}"
