"""A map as the component `components/map.html` draws it: shapes with a tone, a title and a link.

    shades = {"79": Shade("zone-3", "TP Hồ Chí Minh: cấp 3", "/map/79")}
    drawn = country_map(date(2021, 10, 12), shades)
    {% include "components/map.html" with map=drawn label=title %}

Tones are classes of `style.css`: `zone-1` to `zone-4`, `zone-none`, and `shade-0` to `shade-5` for values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lachan.core import areas
from lachan.core.models import AreaSuccessor
from lachan.platform.maps import outlines
from lachan.platform.maps.insets import ARCHIPELAGOES
from lachan.platform.maps.plane import Point

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTHING = "zone-none"
COUNTRY = "0 0 905 1530"


@dataclass(frozen=True, slots=True)
class Shade:
    """How one area looks: the class of its shape, what it says when pointed at, where it leads."""

    tone: str
    title: StrOrPromise = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    code: str
    path: str
    shade: Shade


@dataclass(frozen=True, slots=True)
class Inset:
    """What lies too far out for the map, in a box beside it: the dots are islands of `size`, also of its letters."""

    name: StrOrPromise
    shade: Shade
    left: float
    top: float
    width: float
    height: float
    dots: Sequence[Point]
    size: float = 6

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def label_top(self) -> float:
        return self.top - self.size

    @property
    def letters(self) -> float:
        return self.size * 3.6


@dataclass(frozen=True, slots=True)
class Drawing:
    """`view` is the SVG's viewBox; `clip` the outline beyond which cells are not drawn, in units of which one is
    `scale` of the view's; `approximate`: cells stand in for boundaries. `key` tells several maps of one page apart."""

    shapes: Sequence[Shape]
    view: str
    insets: Sequence[Inset] = ()
    clip: str = ""
    scale: int = 1
    approximate: bool = False
    key: str = ""

    @property
    def hatch(self) -> float:
        """How large the hatching of what has no figures is, so that it looks alike on every map."""
        return max(float(side) for side in self.view.split()[2:]) / 900


def country_map(day: date, shades: Mapping[str, Shade]) -> Drawing:
    """The provinces of that day (63 until June 2025, 34 since), each by its code; those not in `shades` are blank."""
    parts = parts_of_provinces(day)
    shapes = [
        Shape(code, outlines.outline(of), shades.get(code, Shade(NOTHING)))
        for code, of in parts.items()
        if outlines.outline(of)
    ]
    return Drawing(shapes, COUNTRY, _insets(parts, shades))


def parts_of_provinces(day: date) -> dict[str, tuple[str, ...]]:
    """Code of each province of that day -> codes of the provinces of 2021 that it was made of; two queries."""
    current = dict(areas.on(day).filter(level=1).order_by("code").values_list("pk", "code"))
    made_of: dict[str, tuple[str, ...]] = {}
    merged = AreaSuccessor.objects.filter(new__in=current, old__level=1).order_by("old__code")
    for new, old in merged.values_list("new", "old__code"):
        made_of[current[new]] = (*made_of.get(current[new], ()), old)
    return {code: made_of.get(code, (code,)) for code in current.values()}


def _insets(parts: Mapping[str, Sequence[str]], shades: Mapping[str, Shade]) -> list[Inset]:
    owner = {old: code for code, of in parts.items() for old in of}
    return [
        Inset(
            each.name, shades.get(owner.get(each.code, ""), Shade(NOTHING)), *each.corner, each.width, each.height,
            each.dots(),
        )
        for each in ARCHIPELAGOES
        if each.code in owner
    ]  # fmt: skip
