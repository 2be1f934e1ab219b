"""Row by row, beside the list: what was taken, what was refused and why."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lachan.platform.lists.rows import Totals, Verdict

HEADING = ("row", "line", "result", "column", "code", "words")


class Report:
    def __init__(self, path: Path, rows: Any) -> None:
        self.path, self._rows, self.totals = path, rows, Totals()
        self.reasons: dict[tuple[str, str], int] = {}

    def add(self, verdict: Verdict) -> None:
        self.totals.add(verdict)
        if verdict.result == "refused":
            reason = (verdict.code, str(verdict.words))
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self._rows.writerow(
            (
                verdict.number,
                verdict.line,
                verdict.result,
                _plain(verdict.column),
                verdict.code,
                verdict.words,
            )
        )


@contextmanager
def report_to(path: Path) -> Iterator[Report]:
    """A CSV file for spreadsheets (UTF-8 with a mark). Its last line holds the totals: without it, the import was
    interrupted."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADING)
        report = Report(path, rows)
        yield report
        t = report.totals
        counts = f"read={t.read} taken={t.taken} refused={t.refused} already={t.already}"
        rows.writerow(("", "", "total", "", "", counts))


def _plain(text: str) -> str:
    """A heading from elsewhere must not become a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
