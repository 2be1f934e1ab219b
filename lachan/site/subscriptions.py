"""The loop: who reacts to what. Read this table to see how the systems act as one.

A verified positive makes a case, the case its contacts, each contact an order, the order its tests and a message;
negatives and elapsed days lead to release; an amended result takes all of it back. Systems import nothing of
each other: what one tells, this table brings to the others.
"""

from lachan.centre.situation import handlers as situation
from lachan.centre.situation.rules.counting import COUNTED
from lachan.core.events import (
    ArrivalCleared,
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    DiaryReported,
    DoseGiven,
    DoseWithdrawn,
    DutyImposed,
    DutyWithdrawn,
    InvitationCancelled,
    InvitedToSession,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    PersonsMerged,
    PersonsSplit,
    PoolPositive,
    ReactionReported,
    RecallNoticeGiven,
    RegistrationRejected,
    ReportFiled,
    ResultAmended,
    ResultReported,
    RiskLevelSigned,
    RiskLevelWithdrawn,
    SymptomsDeclared,
    UrgentReportFiled,
)
from lachan.core.subscriptions import On
from lachan.portals.response_centre import handlers as response_centre
from lachan.site import notify
from lachan.systems.checkpoints import handlers as checkpoints
from lachan.systems.declarations import handlers as declarations
from lachan.systems.feedback import handlers as feedback
from lachan.systems.quarantine import handlers as quarantine
from lachan.systems.testing import handlers as testing
from lachan.systems.tracing import handlers as tracing
from lachan.systems.vaccination import handlers as vaccination


def of_a_line(event: DoseGiven) -> bool:
    return event.source == "line"


def positive(event: ResultReported | ResultAmended) -> bool:
    return event.outcome == "positive"


def negative(event: ResultReported) -> bool:
    return event.outcome == "negative"


def urgent(event: ReactionReported) -> bool:
    return event.urgent


def by_text(event: RecallNoticeGiven) -> bool:
    return event.way == "text"


def by_call(event: RecallNoticeGiven) -> bool:
    return event.way == "call"


def about_negative(event: ResultAmended) -> bool:
    """It became negative, or was so before."""
    return "negative" in (event.outcome, event.previous_outcome)


def no_longer_positive(event: ResultAmended) -> bool:
    return event.previous_outcome == "positive" and event.outcome != "positive"


def to_be_tested(event: ArrivalCleared) -> bool:
    return event.duty == "test"


LOOP: tuple[On, ...] = (
    On(ResultReported, tracing.confirm_cases, when=positive),
    On(ResultReported, tracing.note_negatives, when=negative),
    On(ResultReported, notify.result),
    On(ResultAmended, tracing.confirm_cases, when=positive),
    On(ResultAmended, tracing.withdraw_cases, when=no_longer_positive),
    On(ResultAmended, tracing.note_negatives, when=about_negative),
    On(ResultAmended, notify.result_amended),
    On(PoolPositive, testing.confirm_members),
    On(SymptomsDeclared, tracing.review_symptoms),
    On(SymptomsDeclared, testing.test_symptomatic),
    On(CaseConfirmed, tracing.find_contacts),
    On(CaseConfirmed, quarantine.isolate_cases),
    On(CaseWithdrawn, quarantine.end_isolation),
    On(ContactFound, quarantine.issue_orders),
    On(ContactChanged, quarantine.change_orders),
    On(ContactCleared, quarantine.lift_orders),
    On(ArrivalCleared, testing.test_arrivals, when=to_be_tested),
    On(DutyImposed, quarantine.impose_orders),
    On(DutyWithdrawn, quarantine.lift_imposed),
    On(OrderIssued, testing.order_tests),
    On(OrderIssued, notify.order_issued),
    On(OrderIssued, declarations.open_diaries),
    On(OrderChanged, testing.replan_tests),
    On(OrderChanged, notify.order_changed),
    On(OrderChanged, declarations.move_diaries),
    On(OrderLifted, testing.cancel_tests),
    On(OrderLifted, notify.order_lifted),
    On(OrderLifted, declarations.close_diaries),
    On(PersonReleased, tracing.end_cases),
    On(PersonReleased, testing.cancel_after_release),
    On(PersonReleased, notify.released),
    On(PersonReleased, declarations.close_diaries),
    On(DiaryReported, quarantine.take_diaries),
    On(PersonsMerged, tracing.reunite),
    On(PersonsMerged, quarantine.unite_orders),
    On(PersonsMerged, vaccination.follow_persons),
    On(PersonsSplit, tracing.separate),
    On(PersonsSplit, quarantine.separate_orders),
    On(PersonsSplit, vaccination.follow_persons),
    On(ReportFiled, feedback.notice_clusters),
    On(UrgentReportFiled, feedback.plan_call_backs),
    On(RiskLevelSigned, checkpoints.note_levels),
    On(RiskLevelWithdrawn, checkpoints.drop_levels),
    On(ReactionReported, response_centre.call_urgently, when=urgent),
    On(RecallNoticeGiven, notify.recalled, when=by_text),
    On(RecallNoticeGiven, response_centre.call_recipients, when=by_call),
    On(DoseGiven, vaccination.count_doses),
    On(DoseGiven, notify.dose_given, when=of_a_line),
    On(DoseWithdrawn, vaccination.count_doses),
    *(On(kind, situation.count) for kind in COUNTED),
    On(RegistrationRejected, notify.registration_rejected),
    On(InvitedToSession, notify.invited),
    On(InvitationCancelled, notify.invitation_cancelled),
)
