"""Rows taken batch by batch, each with its verdict."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from lachan.platform.lists.rows import Record, Verdict

Take = Callable[[Sequence[Record]], Sequence[Verdict]]


def batches(records: Iterable[Record | Verdict], size: int) -> Iterator[list[Record | Verdict]]:
    records = iter(records)
    while batch := list(islice(records, size)):
        yield batch


def verdicts(batch: Sequence[Record | Verdict], take: Take) -> list[Verdict]:
    """One verdict for each row of the batch, in order."""
    told = [row for row in batch if isinstance(row, Verdict)]
    told += take([row for row in batch if isinstance(row, Record)])
    return sorted(told, key=lambda verdict: verdict.number)
