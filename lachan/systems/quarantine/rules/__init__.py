"""Pure rules of quarantine: who needs an order, what shares a room, who may go home."""

from lachan.systems.quarantine.rules.orders import (
    Decision,
    Dose,
    Evidence,
    Imposed,
    evidence_of,
    order_imposed,
    order_needed,
    still_holds,
)
from lachan.systems.quarantine.rules.readings import DANGER, SYMPTOMS, Reading, alarms, is_clean
from lachan.systems.quarantine.rules.release import Check, Release, Result, Terms, release_due
from lachan.systems.quarantine.rules.rooms import Guest, company_of, refusal_to_share
from lachan.systems.quarantine.rules.status import Status, status

__all__ = [
    "DANGER",
    "SYMPTOMS",
    "Check",
    "Decision",
    "Dose",
    "Evidence",
    "Guest",
    "Imposed",
    "Reading",
    "Release",
    "Result",
    "Status",
    "Terms",
    "alarms",
    "company_of",
    "evidence_of",
    "is_clean",
    "order_imposed",
    "order_needed",
    "refusal_to_share",
    "release_due",
    "status",
    "still_holds",
]
