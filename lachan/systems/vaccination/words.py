"""Codes of the ledger as people read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

WASTE: Final[Words] = {
    "broken": _("Vial broken"),
    "opened-expired": _("Left over after the hours of the vial"),
    "expired": _("Expired"),
    "vvm": _("Vial monitor at stage 3 or 4"),
    "cold-chain": _("Cold chain broken"),
    "contaminated": _("Contaminated"),
    "lost": _("Lost"),
    "residual": _("Could not be drawn"),
    "recalled": _("Lot held or recalled"),
    "missing": _("Missing on arrival"),
}
ADJUSTED: Final[Words] = {
    "count": _("Stock-taking"),
    "wrong-entry": _("Wrong entry"),
    "surplus": _("More than was sent"),
}
KIND: Final[Words] = {
    "received": _("Received from outside"),
    "sent": _("Sent"),
    "arrived": _("Arrived"),
    "opened": _("Vial opened"),
    "extra": _("Extra dose drawn"),
    "given": _("Dose given"),
    "taken_back": _("Dose taken back"),
    "wasted": _("Written off"),
    "found": _("Not lost after all"),
    "adjusted": _("Adjusted"),
}
PURPOSE: Final[Words] = {
    "supply": _("Supply"),
    "session": _("For a session"),
    "return": _("Return"),
}
REFUSAL: Final[Mapping[str, tuple["StrOrPromise", Tone]]] = {
    "lot-expired": (_("Expired"), "stop"),
    "lot-held": (_("Held"), "warn"),
    "lot-recalled": (_("Recalled"), "stop"),
}


def figure(number: int | None) -> str:
    """With its digits grouped as the language does."""
    return "" if number is None else number_format(number, force_grouping=True)


def state(refusal: str | None, shelf: str) -> Badge:
    """May the lot be used: one word with a colour."""
    if refusal:
        return Badge(*REFUSAL[refusal])
    return Badge(_("Expires soon"), "warn") if shelf == "soon" else Badge(_("Usable"), "ok")


def reason_of(kind: str, reason: str) -> "StrOrPromise":
    """What stands beside a line of the ledger."""
    return {"wasted": WASTE, "adjusted": ADJUSTED}.get(kind, {}).get(reason, "")
