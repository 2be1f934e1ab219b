"""Hoàng Sa and Trường Sa, which Natural Earth's provinces leave out: boxes beside the map with their islands as dots.

Positions are those of sea charts, to a hundredth of a degree. Of 2021: Hoàng Sa was a district of Đà Nẵng, Trường Sa of
Khánh Hòa; the same provinces have them today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.platform.maps.plane import Point

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Archipelago:
    """`code`: the province (of 2021) whose colour it has; `islands` by longitude and latitude."""

    code: str
    name: StrOrPromise
    west: float
    north: float
    islands: tuple[tuple[float, float], ...]
    corner: Point
    width: float
    height: float

    def dots(self) -> list[Point]:
        """Within the box, at 30 units a degree."""
        left, top = self.corner
        return [
            (round(left + (lon - self.west) * 30), round(top + (self.north - lat) * 30))
            for lon, lat in self.islands
        ]


ARCHIPELAGOES: Final = (
    Archipelago(
        "48", _("Hoàng Sa (Paracel Islands)"), 110.7, 17.4,
        ((112.33, 16.83), (111.61, 16.53), (112.73, 16.67), (111.20, 15.78), (111.70, 16.45), (112.35, 16.95)),
        (800.0, 560.0), 90.0, 80.0,
    ),
    Archipelago(
        "56", _("Trường Sa (Spratly Islands)"), 111.2, 11.9,
        (
            (111.92, 8.64), (114.33, 11.43), (114.33, 9.88), (114.37, 10.18), (112.92, 7.87), (114.48, 10.38),
            (113.84, 7.99), (112.22, 8.86), (115.80, 11.08),
        ),
        (750.0, 1270.0), 150.0, 145.0,
    ),
)  # fmt: skip
