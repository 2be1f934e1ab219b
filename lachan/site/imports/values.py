"""Cells as values. Every function raises BadRow naming the list's column."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core.dates import BirthDate, parse_birth_date
from lachan.core.errors import Refusal
from lachan.core.names import search_key
from lachan.core.references import LONGEST_BYTES
from lachan.platform.lists.rows import BadRow
from lachan.site.imports.mapping import CODED, Mapped

EARLIEST = date(1900, 1, 1)
OLDEST = 125
T = TypeVar("T")


class Cells:
    """A row seen through its mapping; `today` bounds its dates."""

    def __init__(self, mapped: Mapped, cells: Mapping[str, str], today: date) -> None:
        self.mapped, self.cells, self.today = mapped, cells, today

    def reference(self, field: str) -> str:
        text = self.mapped.text(self.cells, field)
        if not text:
            raise self._bad(field, "id-empty", _("The row names nobody: the cell is empty."))
        long = len(text.encode()) + len(self.mapped.dataset) + 1 > LONGEST_BYTES
        if long or not text.isprintable() or not search_key(text):
            raise self._bad(field, "id-unusable", _("This is too long, or has signs that cannot be shown."))
        return text

    def day(self, field: str) -> date | None:
        """A date of the list, not in the future and not before 1900."""
        text = self.mapped.text(self.cells, field)
        if not text:
            return None
        try:
            day = read_day(text, self.mapped.dates)
        except (ValueError, OverflowError) as error:
            sentence = _("This is no date as the mapping says they are written ({dates}).")
            raise self._bad(field, "date-shape", format_lazy(sentence, dates=self.mapped.dates)) from error
        if day > self.today:
            raise self._bad(field, "date-future", _("The date is in the future."))
        if day < EARLIEST:
            raise self._bad(field, "date-early", _("The date is before 1900."))
        return day

    def code(self, field: str) -> str:
        """A coded value, as the mapping translates it."""
        text = self.mapped.text(self.cells, field)
        code = self.mapped.values.get(field, {}).get(text.lower(), text.lower())
        if code not in CODED[field]:
            sentence = _("The mapping does not say what this value of {field} means.")
            raise self._bad(field, "value-unknown", format_lazy(sentence, field=field))
        return code

    def age(self) -> int | None:
        text = self.mapped.text(self.cells, "age")
        if not text:
            return None
        number = float(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) else math.inf
        if number > OLDEST:
            raise self._bad("age", "age", _("An age is a number of years from 0 to 125."))
        return int(number)

    def birth(self) -> BirthDate | None:
        """The date of birth; from an age only the year, which may be one off."""
        text = self.mapped.text(self.cells, "birth")
        return self.given("birth", lambda: parse_birth_date(text, self.today)) if text else None

    def detail(self) -> str:
        """The columns to be kept in words."""
        told = ((c, " ".join(self.cells[c].split())) for c in self.mapped.detail)
        return "; ".join(f"{column}: {text}" for column, text in told if text)

    def given(self, field: str, read: Callable[[], T]) -> T:
        """What `read` returns; its refusal names the field."""
        try:
            return read()
        except Refusal as refusal:
            raise self._bad(field, refusal.code, refusal.message) from refusal

    def _bad(self, field: str, code: str, words: object) -> BadRow:
        return BadRow(self.mapped.column(field), code, str(words))


def read_day(text: str, dates: str) -> date:
    """A date as a list writes it. Raises ValueError or OverflowError."""
    if dates == "iso":
        return date.fromisoformat(text.split("T")[0].split(" ")[0])
    if dates.startswith("days since "):
        days = float(text)
        return date.fromisoformat(dates.removeprefix("days since ")) + timedelta(days=math.floor(days))
    return datetime.strptime(text, dates).date()  # noqa: DTZ007 - a calendar day has no zone
