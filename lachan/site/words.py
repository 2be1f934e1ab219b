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
    ev.ReadQuestioned: Wording(_("Asked about a look at the record")),
    ev.ReadExplained: Wording(_("A look at the record was explained")),
    ev.StaffEnrolled: Wording(_("Account of a member of staff opened")),
    ev.AccountClosed: Wording(_("Account of a member of staff closed"), "warn"),
    ev.PostingAsked: Wording(_("Posting asked for, to be agreed by a second administrator")),
    ev.PostingGiven: Wording(_("Posting given")),
    ev.PostingRefused: Wording(_("Posting not agreed by the second administrator"), "warn"),
    ev.PostingEnded: Wording(_("Posting ended")),
    ev.PasswordLinkMade: Wording(_("Link to a password handed out")),
    ev.PasswordSet: Wording(_("Password set by its owner")),
    ev.SignedIn: Wording(_("Signed in")),
    ev.SignInRefused: Wording(_("Sign-in refused"), "warn"),
    ev.VenueRegistered: Wording(_("Place registered")),
    ev.DeviceRegistered: Wording(_("Device registered")),
    ev.ScanMatched: Wording(_("A scan was found to be this person's")),
    ev.DeviceRevoked: Wording(_("Device revoked"), "warn"),
    ev.OrderBreached: Wording(_("Seen elsewhere while under an order"), "stop"),
    ev.DeclarationMade: Wording(_("Health declared: %(declared_outcome)s")),
    ev.DeclarationClaimed: Wording(_("A declaration on paper was claimed with a telephone")),
    ev.DeclarerCalled: Wording(_("Called back after a declaration: %(call_outcome)s")),
    ev.DiaryReported: Wording(_("Reported in the health diary")),
    ev.DiaryReminded: Wording(_("Reminded of the health diary")),
    ev.ArrivalDeclared: Wording(_("Entry declared for %(arrives_on)s (%(gate)s)")),
    ev.ArrivalCleared: Wording(_("Decided at the border gate %(gate)s: %(duty)s")),
    ev.DutyImposed: Wording(_("To stay apart after entry: %(days)s days (%(duty)s)"), "accent"),
    ev.DutyWithdrawn: Wording(_("The duty after entry was taken back"), "ok"),
    ev.ConveyanceRegistered: Wording(_("Vessel expected on %(arrives_on)s (%(gate)s)")),
    ev.ManifestTaken: Wording(_("Passenger list taken: %(taken)s rows, %(refused)s refused")),
    ev.ConveyanceLanded: Wording(_("Vessel arrived with %(aboard)s known to be aboard (%(gate)s)")),
    ev.TransferListed: Wording(_("%(listed)s travellers listed at %(gate)s for a quarantine site")),
    ev.TransferHandedOver: Wording(_("%(listed)s travellers left the gate %(gate)s for a quarantine site")),
    ev.TransferReceived: Wording(_("%(came)s of %(listed)s travellers received at a quarantine site")),
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
    ev.BackingRecorded: Wording(_("Entered as what a certificate may state, of %(happened_on)s")),
    ev.BackingWithdrawn: Wording(_("Withdrawn as what a certificate may state: %(reason)s"), "warn"),
    ev.CertificateRequested: Wording(_("Certificate requested, valid until %(expires_at)s")),
    ev.CertificateIssued: Wording(_("Certificate signed and stored"), "ok"),
    ev.CertificateNotIssued: Wording(_("Certificate not signed: %(reason)s"), "warn"),
    ev.CertificatesRecalled: Wording(_("%(certificates)s certificates recalled: %(reason)s"), "stop"),
    ev.CertificateRevoked: Wording(_("Certificate revoked: %(reason)s"), "stop"),
    ev.IssuingStopped: Wording(_("Issuing of certificates stopped"), "stop"),
    ev.IssuingResumed: Wording(_("Issuing of certificates resumed by a second person"), "ok"),
    ev.SigningKeyMade: Wording(_("Signing key %(kid)s made")),
    ev.SigningKeyPublished: Wording(_("Signing key %(kid)s published, in use from %(use_from)s")),
    ev.SigningKeyRetired: Wording(_("Signing key %(kid)s signs no more")),
    ev.SigningKeyCompromised: Wording(
        _("Signing key %(kid)s compromised: %(certificates)s certificates are void"), "stop"
    ),
    ev.TrustListLoaded: Wording(_("Trust list of %(country)s loaded: %(keys)s signers")),
    ev.TrustListRemoved: Wording(_("Trust list of %(country)s removed"), "warn"),
    ev.ReportFiled: Wording(_("Report of a citizen filed")),
    ev.UrgentReportFiled: Wording(_("Urgent report of a citizen"), "stop"),
    ev.ReportTaken: Wording(_("Report taken on, and read")),
    ev.ReportAcknowledged: Wording(_("Report acknowledged")),
    ev.ReportHandedOn: Wording(_("Report handed on")),
    ev.ReportEscalated: Wording(_("Report overdue: handed up (%(step)s)"), "warn"),
    ev.ReportAnswered: Wording(_("Report answered"), "ok"),
    ev.ReportRefused: Wording(_("Report refused: not for this office"), "warn"),
    ev.ReportReopened: Wording(_("Report reopened by the reporter"), "warn"),
    ev.ReportRated: Wording(_("Answer rated: %(stars)s of 5")),
    ev.ReportClosed: Wording(_("Report closed"), "ok"),
    ev.ReportsJoined: Wording(_("Two reports of the same joined")),
    ev.ReportsSeparated: Wording(_("Reports separated again")),
    ev.ReportsClustered: Wording(_("%(reports)s reports of one kind from one area"), "warn"),
    ev.CallBackPlanned: Wording(_("Reporter to be called back")),
    ev.CallBackMade: Wording(_("Reporter called back: %(outcome)s")),
    ev.ReactionReported: Wording(_("Reaction after vaccination reported (%(severity)s)"), "warn"),
    ev.SeriousReactionReported: Wording(_("Serious reaction after vaccination"), "stop"),
    ev.ReactionStepTaken: Wording(_("Reaction after vaccination: %(step)s")),
    ev.CorrectionAsked: Wording(_("Correction of the record asked for")),
    ev.CorrectionConfirmed: Wording(_("Record corrected, %(reissued)s certificates issued anew"), "ok"),
    ev.CorrectionRefused: Wording(_("Correction of the record refused"), "warn"),
    ev.CallBackWished: Wording(_("To be called by the response centre")),
    ev.CallEnded: Wording(_("Spoke with the response centre: %(outcome)s")),
    ev.CallBackGivenUp: Wording(_("Not reached by the response centre"), "warn"),
    ev.ShiftHandedOver: Wording(_("Shift of the response centre handed over")),
    ev.RiskInputsRecorded: Wording(
        _("%(inputs)s figures for the epidemic levels of the week of %(week_on)s")
    ),
    ev.RiskLevelsProposed: Wording(
        _("Epidemic levels proposed for the week of %(week_on)s: %(changed)s areas")
    ),
    ev.RiskLevelSigned: Wording(
        _("Epidemic level %(risk_level)s signed for area %(area_code)s, from %(from_on)s"), "accent"
    ),
    ev.RiskLevelWithdrawn: Wording(
        _("Epidemic level %(risk_level)s of area %(area_code)s withdrawn"), "warn"
    ),
    ev.BoundariesImported: Wording(_("Boundaries of %(areas)s areas imported")),
    ev.DoseGiven: Wording(_("Vaccine dose %(dose_number)s given (%(vaccine)s)"), "ok"),
    ev.DoseWithdrawn: Wording(_("Record of a vaccine dose withdrawn"), "warn"),
    ev.VisitOpened: Wording(_("Received at a vaccination session, number %(number)s")),
    ev.VisitScreened: Wording(_("Examined before vaccination")),
    ev.ObservationEnded: Wording(_("Observation after vaccination ended")),
    ev.VisitEnded: Wording(_("Left the vaccination session")),
    ev.SessionEnded: Wording(_("Vaccination session closed: %(given)s people vaccinated"), "ok"),
    ev.DoseTakenBack: Wording(_("A dose was taken back into its vial's account"), "warn"),
    ev.LotReceived: Wording(_("%(doses)s doses of vaccine received (%(product)s)")),
    ev.StockSent: Wording(_("%(doses)s doses of vaccine sent to another store")),
    ev.StockReceived: Wording(_("%(counted)s of %(sent)s doses of vaccine arrived")),
    ev.VialOpened: Wording(_("Vial of %(doses)s doses opened")),
    ev.DosesWasted: Wording(_("%(doses)s doses of vaccine written off (%(reason)s)"), "warn"),
    ev.StockCounted: Wording(_("Stock-taking changed the stock by %(difference)s doses"), "warn"),
    ev.LotHeld: Wording(_("Lot of vaccine held"), "stop"),
    ev.LotReleased: Wording(_("Lot of vaccine released"), "ok"),
    ev.CountersDiffered: Wording(_("Recount: %(differences)s figures were wrong and set right"), "warn"),
    ev.SituationReported: Wording(_("Situation report made (%(language)s)")),
    ev.LotRecalled: Wording(_("Lot %(number)s of vaccine recalled (%(product)s)"), "stop"),
    ev.RecallRoundOpened: Wording(
        _("Everybody who had lot %(number)s of vaccine (%(product)s) is told of its recall")
    ),
    ev.RecallNoticeGiven: Wording(_("Told of the recall of lot %(number)s of vaccine (%(product)s)"), "warn"),
    ev.RegisteredForVaccination: Wording(_("Registered for vaccination (group %(group)s)")),
    ev.RegistrationApproved: Wording(_("Registration for vaccination approved and allocated"), "ok"),
    ev.RegistrationRejected: Wording(_("Registration for vaccination rejected"), "warn"),
    ev.RegistrationWithdrawn: Wording(_("Registration for vaccination withdrawn")),
    ev.RegistrationJoined: Wording(_("Two registrations for vaccination of this person joined")),
    ev.RegistrationReopened: Wording(_("Registration for vaccination counts by itself again")),
    ev.RegistrationListTaken: Wording(
        _("List of an organisation read: %(taken)s taken, %(refused)s refused")
    ),
    ev.SessionPlanned: Wording(_("Vaccination session planned for %(places)s people (%(product)s)")),
    ev.SessionCancelled: Wording(_("Vaccination session cancelled: %(invited)s people were invited"), "warn"),
    ev.InvitedToSession: Wording(_("Invited to be vaccinated at %(slot_at)s (%(product)s)"), "accent"),
    ev.InvitationAccepted: Wording(_("Said to come to the vaccination"), "ok"),
    ev.InvitationDeclined: Wording(_("Cannot come to the vaccination"), "warn"),
    ev.InvitationCancelled: Wording(_("Invitation to be vaccinated cancelled: %(reason)s"), "warn"),
    ev.DailyCountsReceived: Wording(
        _("Daily counts received: %(taken)s rows taken, %(held)s held back, %(refused)s refused")
    ),
    ev.HeldCountReleased: Wording(_("A count that was held back was released"), "ok"),
    ev.HeldCountRejected: Wording(_("A count that was held back was rejected"), "warn"),
    ev.AlarmRaised: Wording(_("Alarm raised (%(count)s)"), "warn"),
    ev.AlarmVerified: Wording(_("Alarm verified")),
    ev.AlarmAssigned: Wording(_("Alarm given to a locality as a task")),
    ev.AlarmAcknowledged: Wording(_("Task of an alarm acknowledged"), "ok"),
    ev.AlarmEscalated: Wording(_("Task of an alarm not taken up in time: handed up"), "warn"),
    ev.AlarmClosed: Wording(_("Alarm closed"), "ok"),
}

# Words of facts; whatever is not here is shown as it is.
TERMS: Mapping[str, "StrOrPromise"] = {
    "none": _("nothing follows"),
    "watch": _("to watch the health"),
    "test": _("a test is needed"),
    "call": _("to be called back"),
    "emergency": _("danger sign"),
    "mild": _("mild"),
    "moderate": _("moderate"),
    "serious": _("serious"),
    "assessed": _("assessed"),
    "investigated": _("investigation reported"),
    "council": _("the council met"),
    "concluded": _("concluded"),
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
    "no-answer": _("no answer"),
    "confirmed": _("confirmed"),
    "not-confirmed": _("not confirmed"),
    "advised": _("advised"),
    "case-withdrawn": _("the case was withdrawn"),
    "no-evidence-left": _("no evidence is left"),
    "no-longer-confirmed": _("the evidence confirms it no longer"),
    "not-needed": _("the decision in force asks for no order"),
    "already-past": _("the period counted from the corrected day is over"),
    "source-cleared": _("the source was cleared"),
    "became-case": _("became a case"),
    "entry-corrected": _("the decision at the border gate was corrected"),
    "entry-decided": _("decided at the border gate"),
    "merged": _("records were joined"),
    "follow-up-ended": _("the follow-up ended"),
    "no-exposure": _("no exposure counts any longer"),
    "superseded": _("another order took its place"),
    "corrected": _("it was corrected"),
    "record-withdrawn": _("what it stood on does not hold"),
    "lot-recalled": _("the lot was recalled"),
    "fraud": _("it was obtained on false grounds"),
    "key-compromised": _("the signing key may be in other hands"),
    "by-mistake": _("it was a mistake"),
    "revoked-before": _("it was revoked before it was signed"),
    "payload-not-of-record": _("its content is not that of the record"),
    "expired-before": _("its validity had ended"),
    "session-cancelled": _("the session was cancelled"),
    "withdrawn": _("the registration was withdrawn"),
    "joined": _("two records of the person were joined"),
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
