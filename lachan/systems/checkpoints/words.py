"""Codes of gates as words for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import PlaceKind
from lachan.platform import policies
from lachan.platform.screen import Badge, Tone
from lachan.policy import NoPolicyInForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASONS: Mapping[str, "StrOrPromise"] = {
    "active-case": _(
        "A confirmed case who has not been released. Keep distance and call the health station."
    ),
    "under-order": _("Under a quarantine order that this place is not part of. Call the health station."),
    "order-end-unconfirmed": _(
        "Past the last day of a quarantine order, but not released yet. Ask for the certificate and call the health"
        " station."
    ),
    "contact-uncleared": _(
        "A contact of a case, not cleared yet. Ask for a paper and call the health station."
    ),
    "symptoms-declared": _("Declared symptoms in the last days. Measure the temperature and ask."),
    "unknown-person": _("Nobody knows this code. Ask for a paper and enter the person by hand."),
    "recent-negative": _("A negative test that still counts."),
    "no-recent-test": _("No negative test that still counts. Ask for a test result on paper."),
    "immune": _("Vaccinated or recovered within the limits."),
    "no-evidence": _("Neither a test nor a vaccination is known. Ask for papers."),
    "nothing-against": _("Nothing speaks against it."),
    "device-revoked": _("This device was revoked."),
}

RULES: Mapping[str, "StrOrPromise"] = {
    "active-case": _("A confirmed case stays isolated until released."),
    "under-order": _("Whoever is under an order stays where it says, except on the way to care or a test."),
    "order-end-unconfirmed": _("Past the last day of an order, a person is checked until released."),
    "contact-uncleared": _("A contact is checked until cleared or until the policy's days are over."),
    "symptoms-declared": _("Whoever declared symptoms is checked for as long as the policy says."),
    "unknown-person": _(
        "A code that belongs to nobody is checked; the scan is kept and can be matched later."
    ),
    "recent-negative": _("A negative result lets in for as many hours as the policy says."),
    "no-recent-test": _("At this kind of place a recent negative test is asked for."),
    "immune": _("Enough doses, the last one long enough ago, or a recent recovery lets in."),
    "no-evidence": _("At this kind of place a test, a vaccination or a recovery is asked for."),
    "nothing-against": _("No rule above applied, so entry is free."),
}

MARKS: Mapping[str, tuple["StrOrPromise", Tone]] = {
    "early": (_("from the future"), "warn"),
    "late": (_("received late"), ""),
    "duplicate": (_("already scanned"), "accent"),
    "unknown_code": (_("unknown code"), "warn"),
    "revoked_device": (_("revoked device"), "stop"),
    "clock_wrong": (_("clock was wrong"), "warn"),
    "no_entry": (_("exit without entry"), ""),
}

VERDICTS: Mapping[str, tuple["StrOrPromise", Tone]] = {
    "pass": (_("pass"), "ok"),
    "check": (_("check"), "warn"),
    "stop": (_("stop"), "stop"),
}

KINDS: Mapping[str, "StrOrPromise"] = {
    PlaceKind.VENUE: _("Venue"),
    PlaceKind.CONTROL_POST: _("Control post"),
    PlaceKind.BORDER_GATE: _("Border gate"),
    PlaceKind.WORKPLACE: _("Workplace"),
    PlaceKind.SCHOOL: _("School"),
    PlaceKind.CONVEYANCE: _("Vehicle"),
    PlaceKind.HEALTH_STATION: _("Health station"),
}


def reason(code: str) -> "StrOrPromise":
    """The sentence; a province's own reason without one is shown as its code."""
    return REASONS.get(code, code)


def marks(codes: Sequence[str]) -> list[Badge]:
    return [Badge(*MARKS[code]) for code in codes]


def verdict(code: str) -> Badge:
    return Badge(*VERDICTS[code])


def decision(policy_id: str, happened_at: datetime, recorded_at: datetime) -> str:
    """The decision that a stored rule set id stands for."""
    for moment in (happened_at, recorded_at):
        try:
            basis = policies.at(clock.local_date(moment)).checkpoints.basis
        except NoPolicyInForce:
            continue
        if basis.id == policy_id:
            return basis.label
    return policy_id
