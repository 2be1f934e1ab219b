"""Tracing's tables: cases and their findings, exposures, contacts, calls, notices, hand-overs."""

from lachan.systems.tracing.models.cases import Case, CaseFinding, Classification, FindingKind, NegativeTest
from lachan.systems.tracing.models.contacts import CallOutcome, Contact, EndReason, FollowUpCall
from lachan.systems.tracing.models.exposures import CrowdNotice, Exposure, ExposureKind, Setting
from lachan.systems.tracing.models.handovers import HandOver, HandOverContact

__all__ = [
    "CallOutcome",
    "Case",
    "CaseFinding",
    "Classification",
    "Contact",
    "CrowdNotice",
    "EndReason",
    "Exposure",
    "ExposureKind",
    "FindingKind",
    "FollowUpCall",
    "HandOver",
    "HandOverContact",
    "NegativeTest",
    "Setting",
]
