"""The tables of vaccination. Of doses: every movement is a row, every balance follows from it by a trigger."""

from lachan.systems.vaccination.models.corrections import CorrectionRequest
from lachan.systems.vaccination.models.coverage import Coverage, CoveredDose, Residents
from lachan.systems.vaccination.models.ledger import KINDS, Movement, Stock, Transfer, Vial
from lachan.systems.vaccination.models.line import (
    DOSE_KINDS,
    OUTCOMES,
    Dose,
    Observation,
    ScreeningForm,
    Visit,
)
from lachan.systems.vaccination.models.lots import Lot, LotHold
from lachan.systems.vaccination.models.reactions import Reaction, ReactionStep
from lachan.systems.vaccination.models.recalls import WAYS, RecallNotice, RecallRound
from lachan.systems.vaccination.models.registrations import (
    Invitation,
    ListError,
    Registration,
    RegistrationDecision,
    RegistrationList,
)
from lachan.systems.vaccination.models.sessions import Session

__all__ = [
    "DOSE_KINDS", "KINDS", "OUTCOMES", "WAYS", "CorrectionRequest", "Coverage", "CoveredDose", "Dose", "Invitation",
    "ListError", "Lot",
    "LotHold", "Movement", "Observation", "Reaction", "ReactionStep", "RecallNotice", "RecallRound",
    "Registration", "RegistrationDecision", "RegistrationList", "Residents", "ScreeningForm", "Session", "Stock",
    "Transfer", "Vial", "Visit",
]  # fmt: skip
