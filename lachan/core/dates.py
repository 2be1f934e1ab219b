"""Birth dates as people know them: many elders know the year only."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal

EARLIEST_YEAR = 1890
LONGEST_TYPED = 40

_SHAPES: Final = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})",
        r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})",
        r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})",
    )
)

_SENTENCES: Final = {
    "date-empty": _("Type the date of birth, or the year if only that is known."),
    "date-shape": _("Type the date of birth like 5/3/1950, 3/1950 or 1950."),
    "date-impossible": _("There is no such day in the calendar."),
    "date-future": _("The date of birth is in the future."),
    "date-too-early": _("The year of birth is before 1890."),
}


class BadDate(Refusal):
    """A text is no date of birth: date-empty, date-shape, date-impossible, date-future, date-too-early."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


@dataclass(frozen=True, slots=True, order=True)
class BirthDate:
    """A date of birth of which the day, or month and day, may be unknown. Raises BadDate if impossible."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise BadDate("date-shape")
        if self.year < EARLIEST_YEAR:
            raise BadDate("date-too-early")
        try:
            date(self.year, self.month or 1, 1 if self.day is None else self.day)
        except ValueError as error:
            raise BadDate("date-impossible") from error
        if self.month == 0:
            raise BadDate("date-impossible")

    @property
    def earliest(self) -> date:
        """The first day on which the person can have been born."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day on which the person can have been born."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def text(self) -> str:
        """`05/03/1950`, `03/1950` or `1950`."""
        known = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return "/".join([*known, str(self.year)])

    def age_on(self, day: date) -> int:
        """Return the completed years on `day`: the lower bound where day or month are unknown."""
        born = self.latest
        return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def parse_birth_date(text: str, today: date) -> BirthDate:
    """Read `5/3/1950`, `05-03-1950`, `05031950`, `1950-03-05`, `1989/3/3`, `3/1950`, `1950`.

    The day is first unless the year is. A year has four digits: 50 may be 1950 or 2050. Raises BadDate.
    """
    typed = unicodedata.normalize("NFKC", text[: LONGEST_TYPED + 1]).strip()
    if not typed:
        raise BadDate("date-empty")
    parts = re.sub(r"\s*[/.\-\u2010-\u2015]\s*|\s+", "/", typed)
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(parts))), None)
    if match is None or len(text) > LONGEST_TYPED:
        raise BadDate("date-shape")
    born = BirthDate(**{name: int(value) for name, value in match.groupdict().items()})
    if born.earliest > today:
        raise BadDate("date-future")
    return born
