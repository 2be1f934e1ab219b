"""Words of the public portal."""

from django.utils.translation import gettext_lazy as _

from lachan.systems.vaccination.words import figure

STEP = {
    "first": _("First dose"),
    "complete": _("Complete course"),
    "additional": _("Additional dose"),
    "booster": _("Booster doses"),
}
HIDDEN = "–"


def number(n: int | None) -> str:
    """`1.234.567`; a dash for what is hidden or not known."""
    return HIDDEN if n is None else figure(n)


def with_share(n: int | None, share: float | None) -> str:
    """`1.234 (56 %)`."""
    return number(n) if share is None else f"{number(n)} ({share:.0f} %)"
