from lachan.systems.arrivals.models.conveyances import Conveyance, ConveyanceKind, Manifest, Passenger
from lachan.systems.arrivals.models.gates import Gate, GateKind
from lachan.systems.arrivals.models.transfers import ABSENCES, TransferLine, TransferList
from lachan.systems.arrivals.models.travel import (
    ArrivalDeclaration,
    CertificateSeen,
    Clearance,
    Document,
    DutyKind,
    Proof,
    TestKind,
    Transport,
)

__all__ = [
    "ABSENCES",
    "ArrivalDeclaration",
    "CertificateSeen",
    "Clearance",
    "Conveyance",
    "ConveyanceKind",
    "Document",
    "DutyKind",
    "Gate",
    "GateKind",
    "Manifest",
    "Passenger",
    "Proof",
    "TestKind",
    "TransferLine",
    "TransferList",
    "Transport",
]
