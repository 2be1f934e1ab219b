"""The reads of testing."""

from lachan.systems.testing.queries.evidence import (
    Evidence,
    evidence,
    pooled_at_collection,
    results_of,
    tested_or_due,
)

__all__ = ["Evidence", "evidence", "pooled_at_collection", "results_of", "tested_or_due"]
