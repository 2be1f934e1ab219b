"""Everything that writes in arrivals, gathered from its parts."""

from lachan.systems.arrivals.commands.certificates import note_certificate
from lachan.systems.arrivals.commands.clearing import CannotClear, Finding, clear_arrival, correct_clearance
from lachan.systems.arrivals.commands.declaring import Traveller, amend_arrival, declare_arrival
from lachan.systems.arrivals.commands.gates import load_gates
from lachan.systems.arrivals.commands.journeys import (
    CannotAmendEntry,
    CannotDeclareEntry,
    Journey,
    journey_of,
)
from lachan.systems.arrivals.commands.purging import overdue_arrivals, purge_arrivals

__all__ = [
    "CannotAmendEntry",
    "CannotClear",
    "CannotDeclareEntry",
    "Finding",
    "Journey",
    "Traveller",
    "amend_arrival",
    "clear_arrival",
    "correct_clearance",
    "declare_arrival",
    "journey_of",
    "load_gates",
    "note_certificate",
    "overdue_arrivals",
    "purge_arrivals",
]
