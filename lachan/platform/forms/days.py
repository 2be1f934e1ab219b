"""Days, moments and birth dates as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.dates import BadDate, BirthDate, parse_birth_date
from lachan.platform.forms.text import LineField

EARLIEST = date(1890, 1, 1)
LATEST = date(2199, 12, 31)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2})[:hg]([0-9]{2})(?::[0-9]{2})?")


def parse_day(text: str) -> date:
    """`5/3/2021`, `05-03-2021`, `05032021`, `2021-03-05` are the fifth of March. Raises ValidationError."""
    found = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if found is None:
        raise ValidationError(_("Type the date like 5/3/2021."), code="day-shape")
    parts = [int(part) for part in found.groups() if part is not None]
    year, month, day = parts if found.re is _YEAR_FIRST else reversed(parts)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValidationError(_("There is no such day in the calendar."), code="day-impossible") from error


class DayField(LineField):
    """A day. `earliest` and `latest` (both included) are days or callables that give one."""

    def __init__(self, *, earliest: Any = EARLIEST, latest: Any = LATEST, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "short"}))
        kwargs.setdefault("help_text", _("For example 5/3/2021"))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: object) -> object:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: object) -> date | None:
        typed = super().clean(value)
        if not typed:
            return None
        day = parse_day(typed)
        self._check_bounds(day)
        return day

    def _check_bounds(self, day: date) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if day < earliest:
            raise ValidationError(
                _("The date must be %(day)s or later."),
                code="day-early",
                params={"day": f"{earliest:%d/%m/%Y}"},
            )
        if day > latest:
            raise ValidationError(
                _("The date must be %(day)s or earlier."),
                code="day-late",
                params={"day": f"{latest:%d/%m/%Y}"},
            )


class MomentField(LineField):
    """A day and a time, `5/3/2021 08:42` or `08:42 5/3/2021`; the value is aware, in the site's zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "short"}))
        kwargs.setdefault("help_text", _("For example 08:42 5/3/2021"))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: object) -> object:
        return f"{value.astimezone(clock.zone()):%H:%M %d/%m/%Y}" if isinstance(value, datetime) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: object) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        words = typed.replace("T", " ").replace(",", " ").split()
        times = [found for word in words if (found := _TIME.fullmatch(word))]
        days = [word for word in words if not _TIME.fullmatch(word)]
        if len(times) != 1 or len(days) != 1:
            raise ValidationError(_("Type the time and the date like 08:42 5/3/2021."), code="moment-shape")
        day = parse_day(days[0])
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(_("There is no such day in the calendar."), code="day-impossible")
        return datetime.combine(day, _time(times[0]), tzinfo=clock.zone())


def _time(found: re.Match[str]) -> time:
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise ValidationError(_("There is no such time of day."), code="time-impossible")
    return time(hour, minute)


class BirthDateField(LineField):
    """A date of birth, or the month, or only the year; the value is a BirthDate or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "short"}))
        kwargs.setdefault("help_text", _("For example 5/3/1950, or 1950 if only the year is known"))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: object) -> object:
        return value.text if isinstance(value, BirthDate) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: object) -> BirthDate | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_birth_date(typed, clock.local_date(clock.now()))
        except BadDate as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
