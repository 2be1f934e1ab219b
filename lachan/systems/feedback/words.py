"""Codes as people read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

STATE: Final[Mapping[str, tuple["StrOrPromise", Tone]]] = {
    "received": (_("Received"), "accent"),
    "acknowledged": (_("Acknowledged"), "accent"),
    "handed-on": (_("Handed on"), "accent"),
    "answered": (_("Answered"), "ok"),
    "not-ours": (_("Not for this office"), "warn"),
    "reopened": (_("Reopened"), "warn"),
    "closed": (_("Closed"), ""),
    "joined": (_("Joined to another report"), ""),
}
STEP: Final[Words] = {
    "acknowledged": _("Acknowledged"),
    "handed-on": _("Handed on"),
    "answered": _("Answered"),
    "not-ours": _("Refused: not for this office"),
    "reopened": _("Reopened by the reporter"),
    "closed": _("Closed"),
}
TURN: Final[Words] = {
    "filed": _("The report came in"),
    "acknowledged": _("Acknowledged"),
    "handed-on": _("Handed on"),
    "escalated": _("Overdue: handed to the unit above"),
    "reopened": _("Reopened by the reporter"),
    "separated": _("Taken apart from another report"),
}
CHANNEL: Final[Words] = {"web": _("web page"), "hotline": _("hotline"), "program": _("program")}
OUTCOME: Final[Words] = {
    "no-answer": _("Nobody answered"),
    "confirmed": _("Symptoms confirmed: a test follows"),
    "advised": _("Advice given, no symptoms"),
    "not-confirmed": _("Not confirmed"),
}


# Sent to the telephone of who reported; what was reported and answered stands only on the page.
TOLD: Final[Words] = {
    "acknowledged": _("Your report %(code)s was taken on. What becomes of it: %(link)s"),
    "handed-on": _("Your report %(code)s was handed on to another office. What becomes of it: %(link)s"),
    "escalated": _("Your report %(code)s was not handled in time; the office above has it now: %(link)s"),
    "answered": _("Your report %(code)s was answered. Read it, and say whether it is settled: %(link)s"),
    "not-ours": _("Your report %(code)s is not for the office that had it. Why: %(link)s"),
}


def state_badge(state: str) -> Badge:
    word, tone = STATE[state]
    return Badge(word, tone)


def left(due: datetime, at: datetime) -> Badge:
    """How long until it is due, or for how long it has been overdue."""
    minutes = int((due - at).total_seconds() // 60)
    hours, days = abs(minutes) // 60, abs(minutes) // 1440
    length = _("%(n)s days") if days >= 2 else _("%(n)s hours") if hours else _("%(n)s minutes")
    counted = length % {"n": days if days >= 2 else hours or abs(minutes)}
    if minutes <= 0:
        return Badge(_("overdue by %(length)s") % {"length": counted}, "stop")
    return Badge(_("%(length)s left") % {"length": counted}, "warn" if minutes < 60 else "")
