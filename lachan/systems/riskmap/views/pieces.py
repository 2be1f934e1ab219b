"""What several pages of riskmap share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.urls import reverse

from lachan.core import areas, clock
from lachan.core.models import Area
from lachan.platform.forms.days import parse_day
from lachan.platform.maps import Drawing, Shade, country_map, parts_map, parts_of_provinces
from lachan.platform.pages import Answers
from lachan.systems.riskmap import queries, words
from lachan.systems.riskmap.models import Boundary, Signature
from lachan.systems.riskmap.rules.weekly import last_day, week_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_answers = Answers("riskmap")
go, done, refused = _answers.go, _answers.done, _answers.refused
EARLIEST = date(2020, 1, 6)
LINKED = 70  # of more parts only the table leads on: a page for everybody is light


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the table beside a map."""

    area: Area
    level: int | None
    url: str


def asked_week(text: str | None, default: date, at: datetime) -> date:
    """The Monday of the week that an address names by one of its days; the default for what is no such day."""
    try:
        day = parse_day((text or "").strip()[:20])
    except ValidationError:
        return default
    return week_of(day) if EARLIEST <= day <= clock.local_date(at) else default


def level_name(area: Area) -> StrOrPromise:
    return words.UNITS.get(area.level, "")


def parts_of(area: Area | None, week_on: date) -> list[Area]:
    """The units right below (of a country: its provinces) in that week."""
    found = areas.on(last_day(week_on))
    below = found.filter(level=1) if area is None else found.filter(parent=area)
    return list(below.order_by("search_key", "pk"))


def public_url(area: Area, week_on: date) -> str:
    return f"{reverse('map:area', args=[area.code])}?week={week_on}"


def table_of(parts: Sequence[Area], signed: Mapping[int, Signature], week_on: date) -> list[Part]:
    return [Part(p, signed[p.pk].level if p.pk in signed else None, public_url(p, week_on)) for p in parts]


def drawing_of(area: Area | None, lines: Sequence[Part], week_on: date) -> Drawing:
    """The map beside the table: of the country by outlines, of a unit by boundaries or cells."""
    linked = len(lines) <= LINKED
    shades = {line.area.code: _shade(line, linked=linked) for line in lines}
    if area is None:
        return country_map(last_day(week_on), shades)
    return parts_map(
        [line.area for line in lines], shades, within=_provinces(area, week_on), boundaries=_boundaries(lines)
    )


def _shade(line: Part, *, linked: bool) -> Shade:
    return Shade(words.zone(line.level), f"{line.area.name}: {line.level or '–'}", line.url if linked else "")


def _provinces(area: Area, week_on: date) -> tuple[str, ...]:
    return parts_of_provinces(last_day(week_on)).get(areas.province_of(area).code, ())


def _boundaries(lines: Sequence[Part]) -> Mapping[int, Sequence[Sequence[tuple[float, float]]]]:
    rows = Boundary.objects.filter(area__in=[line.area.pk for line in lines])
    return dict(rows.values_list("area_id", "rings"))


def weeks_of(at: datetime) -> list[date]:
    """Weeks that can be looked at, the last first."""
    return queries.weeks_signed() or [queries.last_week(at)]
