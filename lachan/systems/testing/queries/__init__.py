"""The reads of testing."""

from lachan.systems.testing.queries.desk import desk
from lachan.systems.testing.queries.evidence import (
    SAMPLE_KEY,
    Evidence,
    evidence,
    pooled_at_collection,
    results_of,
    tested_or_due,
)
from lachan.systems.testing.queries.scope import (
    NotHere,
    batch,
    batches_to_receive,
    laboratories,
    may_read_names,
    open_orders,
    order,
    orders_of,
    places_of,
    pool,
    pools_of,
    pools_to_test,
    reach,
    result,
    results_to_verify,
    stations,
    tube,
    tubes_of,
    tubes_to_send,
    tubes_to_test,
)
from lachan.systems.testing.queries.turnaround import MOST_LINES, Turnaround, turnaround

__all__ = [
    "MOST_LINES", "SAMPLE_KEY", "Evidence", "NotHere", "Turnaround", "batch", "batches_to_receive", "desk", "evidence",
    "laboratories", "may_read_names", "open_orders", "order", "orders_of", "places_of", "pool", "pooled_at_collection",
    "pools_of", "pools_to_test", "reach", "result", "results_of", "results_to_verify", "stations",
    "tested_or_due", "tube", "tubes_of", "tubes_to_send", "tubes_to_test", "turnaround",
]  # fmt: skip
