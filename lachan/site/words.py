"""Every kind of event as a sentence for people: timelines, traces and the explanations of "why"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lachan.core import events as ev
from lachan.core.eventlog import facts_of
from lachan.core.events import Event
from lachan.platform.screen import Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with %(fact)s in it, and how it should look."""

    sentence: "StrOrPromise"
    tone: Tone = ""


WORDS: Mapping[type[Event], Wording] = {
    ev.PersonRegistered: Wording(_("Record opened")),
    ev.IdentityVerified: Wording(_("Identity verified by a document"), "ok"),
    ev.PersonCorrected: Wording(_("Record corrected")),
    ev.PersonsMerged: Wording(_("Two records of this person joined")),
    ev.PersonsSplit: Wording(_("Records separated again")),
    ev.VenueRegistered: Wording(_("Place registered")),
    ev.DeviceRegistered: Wording(_("Device registered")),
    ev.ScanMatched: Wording(_("A scan was found to be this person's")),
    ev.DeviceRevoked: Wording(_("Device revoked"), "warn"),
    ev.OrderBreached: Wording(_("Seen elsewhere while under an order"), "stop"),
    ev.TestOrdered: Wording(_("Test ordered (%(assay)s) for %(due_on)s")),
    ev.TestCancelled: Wording(_("Test no longer needed")),
    ev.SampleCollected: Wording(_("Sample taken, tube %(tube)s")),
    ev.SampleRejected: Wording(_("Sample could not be used"), "warn"),
    ev.SamplesSent: Wording(_("%(tubes)s tubes sent to the laboratory")),
    ev.SamplesReceived: Wording(_("%(tubes)s tubes received, %(rejected)s of them rejected")),
    ev.TubesPooled: Wording(_("%(tubes)s tubes pooled as %(pool)s")),
    ev.ResultEntered: Wording(_("Result entered, to be verified by a second person")),
    ev.ResultReturned: Wording(_("Result sent back to be entered again"), "warn"),
    ev.PoolPositive: Wording(_("Pooled tube positive: awaiting a test of one's own"), "warn"),
    ev.ResultReported: Wording(_("Test result: %(outcome)s (%(assay)s)")),
    ev.ResultAmended: Wording(_("Test result corrected: %(previous_outcome)s became %(outcome)s"), "warn"),
    ev.SymptomsDeclared: Wording(_("Symptoms declared"), "warn"),
    ev.CaseReported: Wording(_("Reported as a %(classification)s case"), "warn"),
    ev.CaseConfirmed: Wording(_("Case confirmed, infectious from %(infectious_from)s"), "stop"),
    ev.CaseWithdrawn: Wording(_("Case withdrawn: %(reason)s"), "ok"),
    ev.ContactFound: Wording(_("Found as a contact F%(level)s, last exposed %(exposed_at)s"), "warn"),
    ev.ContactChanged: Wording(_("Contact changed from F%(previous_level)s to F%(level)s"), "warn"),
    ev.ContactCleared: Wording(_("No longer a contact: %(reason)s"), "ok"),
    ev.ContactCalled: Wording(_("Called by a tracer: %(outcome)s")),
    ev.FindingRecorded: Wording(_("Evidence about the case written down")),
    ev.ExposuresRecorded: Wording(_("%(people)s people named as met")),
    ev.ExposureWithdrawn: Wording(_("A statement of having met was taken back")),
    ev.ContactTaken: Wording(_("A tracer took on the contact, or gave it back")),
    ev.CrowdExposed: Wording(_("Public notice for a crowd of about %(people)s"), "warn"),
    ev.HandOverSent: Wording(_("Handed over to another area")),
    ev.HandOverAcknowledged: Wording(_("Hand-over received")),
    ev.HandOverDecided: Wording(_("Hand-over decided")),
    ev.OrderIssued: Wording(_("Order issued (%(order_kind)s, %(subject)s) until %(ends_on)s"), "accent"),
    ev.OrderChanged: Wording(_("Order changed: now until %(ends_on)s"), "accent"),
    ev.OrderLifted: Wording(_("Order lifted: %(reason)s"), "ok"),
    ev.PersonReleased: Wording(_("Released from quarantine"), "ok"),
    ev.BedAssigned: Wording(_("Bed assigned")),
    ev.BedVacated: Wording(_("Bed left")),
    ev.RoomOpened: Wording(_("Room opened with %(beds)s beds")),
    ev.SentToSite: Wording(_("To go to a quarantine site")),
    ev.ReadingTaken: Wording(_("Health measured")),
    ev.EarlyReleaseProposed: Wording(_("Early release proposed, to be signed by a second person")),
    ev.EarlyReleaseRefused: Wording(_("Early release refused"), "warn"),
    ev.DoseGiven: Wording(_("Vaccine dose %(dose_number)s given (%(vaccine)s)"), "ok"),
}

# Words of facts; whatever is not here is shown as it is.
TERMS: Mapping[str, "StrOrPromise"] = {
    "positive": _("positive"),
    "negative": _("negative"),
    "indeterminate": _("indeterminate"),
    "invalid": _("invalid"),
    "pcr": _("PCR"),
    "antigen": _("antigen"),
    "facility": _("in a facility"),
    "home": _("at home"),
    "monitoring": _("monitoring"),
    "suspect": _("suspect"),
    "probable": _("probable"),
    "arrival": _("arrival"),
    "reached": _("reached"),
    "no_answer": _("no answer"),
    "wrong_number": _("wrong number"),
    "refused": _("refused to speak"),
    "case-withdrawn": _("the case was withdrawn"),
    "no-evidence-left": _("no evidence is left"),
    "no-longer-confirmed": _("the evidence confirms it no longer"),
    "not-needed": _("the decision in force asks for no order"),
    "already-past": _("the period counted from the corrected day is over"),
    "source-cleared": _("the source was cleared"),
    "became-case": _("became a case"),
    "merged": _("records were joined"),
    "follow-up-ended": _("the follow-up ended"),
    "no-exposure": _("no exposure counts any longer"),
    "superseded": _("another order took its place"),
}

IDENTIFIERS: Mapping[str, "StrOrPromise"] = {
    "national_id": _("Citizen ID number"),
    "old_id": _("Old ID number"),
    "passport": _("Passport number"),
    "health_insurance": _("Health insurance number"),
    "phone": _("Telephone"),
    "reference": _("Reference number"),
}


EXPOSED_AGAIN = _("Exposed again, last %(exposed_at)s (F%(level)s)")


def sentence(event: Event) -> str:
    """What happened, in the reader's language."""
    words = WORDS[type(event)].sentence
    if isinstance(event, ev.ContactChanged) and event.level == event.previous_level:
        words = EXPOSED_AGAIN
    return str(words) % _Facts(event)


def tone(event: Event) -> Tone:
    if isinstance(event, ev.ResultReported):
        return {"positive": "stop", "negative": "ok"}.get(event.outcome, "warn")  # type: ignore[return-value]
    return WORDS[type(event)].tone


class _Facts(dict[str, Any]):
    """The facts of an event as words and local times."""

    def __init__(self, event: Event) -> None:
        super().__init__({name: _shown(getattr(event, name)) for name in facts_of(event)})


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return TERMS.get(value, value) if isinstance(value, str) else value
