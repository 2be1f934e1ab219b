"""Lists from elsewhere (CSV, XLSX) read row by row. Every row is taken or refused with its reason: taken + refused =
read."""

from lachan.platform.lists.reading import open_table
from lachan.platform.lists.report import Report, report_to
from lachan.platform.lists.rows import BadFile, BadRow, Record, Totals, Verdict
from lachan.platform.lists.taking import Take, batches, verdicts

__all__ = [
    "BadFile",
    "BadRow",
    "Record",
    "Report",
    "Take",
    "Totals",
    "Verdict",
    "batches",
    "open_table",
    "report_to",
    "verdicts",
]
