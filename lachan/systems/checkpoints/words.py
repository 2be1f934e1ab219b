"""Codes of gates as words for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lachan.codecs.person_qr import Unknown, recognise
from lachan.core import clock
from lachan.core.models import PlaceKind
from lachan.core.scan_words import scan_sentence
from lachan.platform import policies
from lachan.platform.screen import Badge, Tone
from lachan.policy import NoPolicyInForce
from lachan.systems.checkpoints.rules import is_certificate

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
    "test-asked-from-level-3": _(
        "Comes from an area of epidemic level 3 or 4. Ask for a negative test that still counts."
    ),
    "test-asked-from-level-4": _(
        "Comes from an area of epidemic level 4. Ask for a negative test that still counts."
    ),
    "nothing-against": _("Nothing speaks against it."),
    "device-revoked": _("This device was revoked."),
    "signature-wrong": _(
        "The code is none of ours: forged, or signed with a key that was withdrawn. Ask for a paper and enter the"
        " person by hand."
    ),
    "live-code-expired": _(
        "The code on the telephone is not of this moment: it may be a picture of one. Ask for the code that is shown"
        " now, and compare with a paper."
    ),
    "certificate-invalid": _(
        "The health certificate is not valid: forged, taken back, ended, or signed by nobody known. Ask for other"
        " papers."
    ),
    "certificate-unsure": _(
        "The health certificate cannot be verified here: its signer is not on our lists, or the lists are more than"
        " 24 hours old. Ask for other papers."
    ),
    "certificate-positive": _(
        "The health certificate says that the virus was found. Keep distance and call the health station."
    ),
    "certificate-not-enough": _(
        "The health certificate is genuine, but lets nobody in here. Ask for other papers and enter the person by hand."
    ),
    "already-here": _(
        "The code on the telephone was shown here a moment ago: it may be a picture of it. Ask for the code that is"
        " shown now, and compare with a paper."
    ),
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
    "test-asked-from-level-3": _(
        "Who lives in an area of signed level 3 or 4, or was scanned in one in the last days, needs a recent negative"
        " test."
    ),
    "test-asked-from-level-4": _(
        "Who lives in an area of signed level 4, or was scanned in one in the last days, needs a recent negative test."
    ),
    "nothing-against": _("No rule above applied, so entry is free."),
    "signature-wrong": _("A code that proves nothing is checked; the scan is kept."),
    "live-code-expired": _(
        "A code of a telephone holds for half a minute, and half a minute of clock error."
    ),
    "certificate-invalid": _("Only a certificate that verifies counts; the scan is kept."),
    "certificate-unsure": _("Only a certificate that verifies counts; the scan is kept."),
    "certificate-positive": _("A recent positive test is checked, whoever certified it."),
    "certificate-not-enough": _("A certificate counts for what this kind of place asks for."),
    "already-here": _("A post takes each code of a telephone once."),
}

MARKS: Mapping[str, tuple["StrOrPromise", Tone]] = {
    "early": (_("from the future"), "warn"),
    "late": (_("received late"), ""),
    "duplicate": (_("already scanned"), "accent"),
    "unknown_code": (_("unknown code"), "warn"),
    "revoked_device": (_("revoked device"), "stop"),
    "clock_wrong": (_("clock was wrong"), "warn"),
    "no_entry": (_("exit without entry"), ""),
    "unsigned": (_("unsigned code"), ""),
    "signature_wrong": (_("signature wrong"), "stop"),
    "live_code_expired": (_("telephone code expired"), "warn"),
    "already_here": (_("code was shown here before"), "warn"),
    "certificate_invalid": (_("certificate not valid"), "stop"),
    "certificate_unsure": (_("certificate not verified"), "warn"),
    "certificate_positive": (_("certificate of a positive test"), "stop"),
    "impossible_travel": (_("elsewhere within the hour, too far away"), "warn"),
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


def read(text: str) -> list["StrOrPromise"]:
    """Why the text is no code that we know, or what on the card does not agree with itself."""
    if is_certificate(text):
        return []
    found = recognise(text)
    codes = (found.reason,) if isinstance(found, Unknown) else getattr(found, "warnings", ())
    return [scan_sentence(code) for code in codes]


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
