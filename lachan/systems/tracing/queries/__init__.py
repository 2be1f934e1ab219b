"""The reads of tracing."""

from lachan.systems.tracing.queries.desk import desk
from lachan.systems.tracing.queries.evidence import (
    SHOWN,
    ExposureLine,
    contacts_of,
    findings_of,
    milestones_of,
    path_of,
    reasons_of,
)
from lachan.systems.tracing.queries.line_list import HEADING, line_list
from lachan.systems.tracing.queries.scope import (
    CaseNotVisible,
    ContactNotVisible,
    HandOverNotVisible,
    NoticeNotVisible,
    case_for,
    case_of_person,
    cases,
    contact_for,
    contacts,
    handover_for,
    handovers,
    is_resident,
    notice_for,
    notices,
    reach,
)
from lachan.systems.tracing.queries.worklist import WORK_KEY, worklist

__all__ = [
    "HEADING",
    "SHOWN",
    "WORK_KEY",
    "CaseNotVisible",
    "ContactNotVisible",
    "ExposureLine",
    "HandOverNotVisible",
    "NoticeNotVisible",
    "case_for",
    "case_of_person",
    "cases",
    "contact_for",
    "contacts",
    "contacts_of",
    "desk",
    "findings_of",
    "handover_for",
    "handovers",
    "is_resident",
    "line_list",
    "milestones_of",
    "notice_for",
    "notices",
    "path_of",
    "reach",
    "reasons_of",
    "worklist",
]
