"""Codes as people read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.quarantine.rules import Check, Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

SUBJECT: Final[Words] = {
    "F0": _("F0 (case)"),
    "F1": _("F1 (close contact)"),
    "F2": _("F2 (contact of a close contact)"),
    "arrival": _("Arrival from abroad"),
    "returnee": _("Returnee from an epidemic area"),
}
KIND: Final[Words] = {
    "facility": _("Quarantine in a facility"),
    "home": _("Quarantine at home"),
    "monitoring": _("Self-monitoring"),
}
ISOLATION: Final[Words] = {
    "facility": _("Isolation in a facility"),
    "home": _("Isolation at home"),
    "monitoring": _("Self-monitoring"),
}
STATUS: Final[Mapping[Status, tuple["StrOrPromise", Tone]]] = {
    "active": (_("In force"), "accent"),
    "due": (_("May be released"), "ok"),
    "waiting-for-bed": (_("Waiting for a bed"), "warn"),
    "in-facility": (_("In the facility"), "accent"),
    "released": (_("Completed"), "ok"),
    "lifted": (_("Lifted"), ""),
    "superseded": (_("Replaced by another order"), ""),
}
ALARM: Final[Words] = {
    **SYMPTOM,
    "low-spo2": _("SpO2 below 96 %"),
    "pulse": _("pulse below 50 or above 120"),
    "fast-breathing": _("more than 20 breaths a minute"),
}
LIFTED: Final[Words] = {
    "source-cleared": _("the close contact through whom the risk came is cleared"),
    "case-withdrawn": _("the positive result behind it was corrected"),
    "became-case": _("the person became a case"),
    "no-exposure": _("the contact turned out not to be one"),
    "superseded": _("another order took its place"),
    "not-needed": _("the decision in force asks for no order"),
    "already-past": _("the period counted from the corrected day is over"),
    "entry-corrected": _("the decision at the border gate was corrected"),
}


def status_badge(status: Status) -> Badge:
    word, tone = STATUS[status]
    return Badge(word, tone)


def kind_of(subject: str, kind: str) -> "StrOrPromise":
    return (ISOLATION if subject == "F0" else KIND)[kind]


def missing(check: Check) -> "StrOrPromise":
    """What an unmet condition of release waits for, in one sentence."""
    on = f"{check.on:%d/%m/%Y}" if check.on else ""
    if check.name == "days":
        return _("the period lasts until %(on)s") % {"on": on}
    if check.name == "tests":
        return _("%(n)s negative tests are missing, the last from %(on)s on") % {"n": check.missing, "on": on}
    if check.name == "positive":
        return _("a positive sample of %(on)s") % {"on": on}
    return _("symptoms of %(on)s without a clean reading since") % {"on": on}


def met(check: Check) -> "StrOrPromise":
    """A condition of release that holds."""
    return {
        "days": _("the period has passed"),
        "tests": _("no negative test is missing"),
        "positive": _("no positive sample"),
        "symptoms": _("no open symptoms"),
    }[check.name]
