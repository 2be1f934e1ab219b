"""What the tools and the systems keep, and how long: added to the core's rules as the site starts."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from lachan.centre.models import Counted
from lachan.core.retention import ACCESS_LOG_DAYS, EVENT_DAYS, Rule, rows_by_age
from lachan.issuer.commands import forgetting
from lachan.platform import exports, idempotency
from lachan.platform.models import Counter, Export, Message, PhoneCode, PhoneSession, StoredAnswer
from lachan.portals.health_book.models import ReadQuestion
from lachan.portals.response_centre.models import Call, Wish
from lachan.systems.arrivals.commands import overdue_arrivals, purge_arrivals
from lachan.systems.arrivals.commands.vessel_purging import overdue_vessels, purge_vessels
from lachan.systems.checkpoints.commands import purge_scans
from lachan.systems.checkpoints.models import LiveCodeUse, Scan
from lachan.systems.declarations.models import Declaration, Diary
from lachan.systems.feedback.models import Photo, Report
from lachan.systems.vaccination.commands import forgetting as forgetting_doses
from lachan.systems.vaccination.models import (
    CorrectionRequest,
    ListError,
    Reaction,
    RecallNotice,
    Registration,
    ScreeningForm,
)

SCAN_DAYS = 42
MESSAGE_DAYS = 730
CODE_DAYS = 1
CITIZEN_DAYS = 30
REPORT_DAYS = 730
PHOTO_DAYS = 180
DECLARATION_DAYS = 90
ARRIVAL_DAYS = 90
LIVE_CODE_DAYS = 7
REGISTRATION_DAYS = 730
LIST_ERROR_DAYS = 180
COUNTED_DAYS = 400
CALL_DAYS = 180


def _forget_scans(before: datetime) -> int:
    return purge_scans(before=before)


def _old_scans(before: datetime) -> int:
    return Scan.objects.filter(happened_at__lt=before).count()


RULES = [
    Rule(
        name="scans",
        what=_("Scans at venues and gates, with their verdicts"),
        purpose=_("entry control and contact tracing"),
        days=SCAN_DAYS,
        purge=_forget_scans,
        overdue=_old_scans,
    ),
    Rule(
        name="certificates",
        what=_("Certificates that have ended, with their holder's name, signatures and revocations"),
        purpose=_("showing what was issued and why it was taken back"),
        days=forgetting.KEPT_DAYS,
        purge=lambda before: forgetting.forget_ended(before=before),
        overdue=lambda before: forgetting.ended(before=before),
    ),
    rows_by_age(
        LiveCodeUse,
        "used_at",
        name="live_codes",
        what=_("Codes of telephones that a gate has taken, as keyed hashes"),
        purpose=_("so that a picture of one is noticed where it was shown before"),
        days=LIVE_CODE_DAYS,
    ),
    rows_by_age(
        Declaration,
        "made_at",
        name="declarations",
        what=_("Health declarations with their answers"),
        purpose=_("advice, tests and calls after symptoms or contacts"),
        days=DECLARATION_DAYS,
    ),
    Rule(
        name="arrivals",
        what=_("Entry declarations, certificates shown, and decisions at border gates"),
        purpose=_("entry control, and the duties after entry"),
        days=ARRIVAL_DAYS,
        purge=lambda before: purge_arrivals(before=before),
        overdue=lambda before: overdue_arrivals(before=before),
    ),
    Rule(
        name="vessels",
        what=_("Passenger lists with seats, and lists of travellers brought to quarantine sites"),
        purpose=_("contact tracing aboard, and the hand-over of travellers"),
        days=ARRIVAL_DAYS,
        purge=lambda before: purge_vessels(before=before),
        overdue=lambda before: overdue_vessels(before=before),
    ),
    rows_by_age(
        Diary,
        "opened_at",
        name="diaries",
        what=_("Who was asked to report each day, and when they were reminded"),
        purpose=_("monitoring of people under an order"),
        days=DECLARATION_DAYS,
    ),
    rows_by_age(
        Message,
        "queued_at",
        name="messages",
        what=_("Texts sent to people about their orders and results"),
        purpose=_("so that it can be shown who was told what"),
        days=MESSAGE_DAYS,
    ),
    rows_by_age(
        StoredAnswer,
        "created_at",
        name="answers",
        what=_("Answers to requests that a device may send again"),
        purpose=_("nothing is done twice"),
        days=idempotency.KEPT.days,
    ),
    rows_by_age(
        Export,
        "asked_at",
        name="exports",
        what=_("Lists that were saved as files"),
        purpose=_("so that whoever asked for one can fetch it"),
        days=exports.KEPT.days,
    ),
    rows_by_age(
        PhoneCode,
        "asked_at",
        name="codes",
        what=_("Codes sent to telephones, as keyed hashes"),
        purpose=_("so that only who holds the phone opens the record"),
        days=CODE_DAYS,
    ),
    rows_by_age(
        PhoneSession,
        "started_at",
        name="citizens",
        what=_("Devices on which a health book was opened"),
        purpose=_("so that the person sees where it is open, and can close it"),
        days=CITIZEN_DAYS,
    ),
    rows_by_age(
        Counter,
        "ends_at",
        name="counters",
        what=_("How often something was tried, under a keyed hash"),
        purpose=_("so that nobody guesses codes or passwords"),
        days=CODE_DAYS,
    ),
    rows_by_age(
        Session,
        "expire_date",
        name="sessions",
        what=_("Sign-ins that have ended"),
        purpose=_("so that a browser is known from one page to the next"),
        days=CODE_DAYS,
    ),
    rows_by_age(
        Photo,
        "taken_at",
        name="report-photos",
        what=_("Photos sent with reports of citizens"),
        purpose=_("so that the office sees what is reported"),
        days=PHOTO_DAYS,
    ),
    rows_by_age(
        Report,
        "filed_at",
        name="reports",
        what=_("Reports of citizens, with what was done"),
        purpose=_("answering them, and showing how"),
        days=REPORT_DAYS,
    ),
    rows_by_age(
        ReadQuestion,
        "asked_at",
        name="questions",
        what=_("What people asked about looks at their record, and the answers"),
        purpose=_("so that a look is accounted for"),
        days=ACCESS_LOG_DAYS,
    ),
    rows_by_age(
        Counted,
        "counted_at",
        name="counted",
        what=_("Which events were counted, and for which area"),
        purpose=_("so that each counts once, and corrections reach the right figures"),
        days=COUNTED_DAYS,
    ),
    rows_by_age(
        Call,
        "started_at",
        name="calls",
        what=_("Calls of the response centre: number, what they were about, how they ended"),
        purpose=_("so that whoever calls again need not begin anew"),
        days=CALL_DAYS,
    ),
    rows_by_age(
        Wish,
        "asked_at",
        name="wishes",
        what=_("Who wanted to be called by the response centre"),
        purpose=_("so that everybody is called, in their turn"),
        days=CALL_DAYS + 1,
    ),
    rows_by_age(
        Registration,
        "closed_at",
        name="registrations",
        what=_("Registrations for vaccination, with decisions and invitations"),
        purpose=_("inviting people in their turn, and showing why"),
        days=REGISTRATION_DAYS,
    ),
    rows_by_age(
        ListError,
        "of_list__uploaded_at",
        name="list-errors",
        what=_("Rows of lists of people that were refused, and why"),
        purpose=_("so that the organisation can send them again"),
        days=LIST_ERROR_DAYS,
    ),
    rows_by_age(
        ScreeningForm,
        "screened_at",
        name="screenings",
        what=_("Examinations before an injection: answers, signs, conclusion, consent"),
        purpose=_("deciding on the injection, and explaining a reaction"),
        days=REGISTRATION_DAYS,
    ),
    Rule(
        name="visits",
        what=_("Visits to a vaccination site that led to no dose"),
        purpose=_("showing why nothing was given; a visit with a dose stays with it"),
        days=REGISTRATION_DAYS,
        purge=lambda before: forgetting_doses.forget_visits(before=before),
        overdue=lambda before: forgetting_doses.ended_visits(before=before).count(),
    ),
    rows_by_age(
        CorrectionRequest,
        "asked_at",
        name="corrections",
        what=_("What people said is wrong in their record, and what stood there before"),
        purpose=_("showing what was changed, by whom and on which paper"),
        days=REGISTRATION_DAYS,
    ),
    rows_by_age(
        RecallNotice,
        "told_at",
        name="recall-notices",
        what=_("Who was told that the lot of their dose was recalled"),
        purpose=_("so that everybody is told, once"),
        days=EVENT_DAYS,
    ),
    Rule(
        name="reactions",
        what=_("Reactions after vaccination, with what was found and done"),
        purpose=_("care, investigation, and judging a lot"),
        days=EVENT_DAYS,
        purge=lambda before: forgetting_doses.forget_reactions(before=before),
        overdue=lambda before: Reaction.objects.filter(told_at__lt=before).count(),
    ),
]
