"""The tables of testing."""

from lachan.systems.testing.models.orders import AssayKind, OrderReason, TestOrder
from lachan.systems.testing.models.results import Closing, OutcomeKind, Result
from lachan.systems.testing.models.tubes import (
    Batch,
    BatchTube,
    Pool,
    PoolTube,
    Rejection,
    RejectionReason,
    Tube,
    TubeMember,
)

__all__ = [
    "AssayKind", "Batch", "BatchTube", "Closing", "OrderReason", "OutcomeKind", "Pool", "PoolTube", "Rejection",
    "RejectionReason", "Result", "TestOrder", "Tube", "TubeMember",
]  # fmt: skip
