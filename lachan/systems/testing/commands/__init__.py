"""The writes of testing."""

from lachan.systems.testing.commands.amendment import CannotAmend, amend_result
from lachan.systems.testing.commands.collection import CannotCollect, Collection, collect, collect_many
from lachan.systems.testing.commands.laboratory import (
    CannotPool,
    CannotReceive,
    CannotReject,
    CannotSend,
    pool_tubes,
    receive_batch,
    reject_tubes,
    send_batch,
)
from lachan.systems.testing.commands.orders import (
    CannotCancel,
    CannotOrder,
    Plan,
    TestRequest,
    cancel_of_arrivals,
    cancel_of_quarantine,
    cancel_tests,
    order_tests,
    replan_tests,
)
from lachan.systems.testing.commands.results import (
    SENTENCES,
    CannotEnter,
    Intake,
    RefusedEntry,
    ResultEntry,
    enter_results,
    take_results,
)
from lachan.systems.testing.commands.verification import (
    CannotReturn,
    CannotVerify,
    return_results,
    verify_results,
)

__all__ = [
    "SENTENCES",
    "CannotAmend",
    "CannotCancel",
    "CannotCollect",
    "CannotEnter",
    "CannotOrder",
    "CannotPool",
    "CannotReceive",
    "CannotReject",
    "CannotReturn",
    "CannotSend",
    "CannotVerify",
    "Collection",
    "Intake",
    "Plan",
    "RefusedEntry",
    "ResultEntry",
    "TestRequest",
    "amend_result",
    "cancel_of_arrivals",
    "cancel_of_quarantine",
    "cancel_tests",
    "collect",
    "collect_many",
    "enter_results",
    "order_tests",
    "pool_tubes",
    "receive_batch",
    "reject_tubes",
    "replan_tests",
    "return_results",
    "send_batch",
    "take_results",
    "verify_results",
]  # fmt: skip
