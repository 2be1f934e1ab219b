"""Maps as SVG: provinces by their outlines, smaller units by boundaries or by cells around their coordinates."""

from lachan.platform.maps.drawing import (
    NOTHING,
    Drawing,
    Inset,
    Shade,
    Shape,
    country_map,
    parts_of_provinces,
)
from lachan.platform.maps.parts import parts_map
from lachan.platform.maps.picture import picture

__all__ = [
    "NOTHING",
    "Drawing",
    "Inset",
    "Shade",
    "Shape",
    "country_map",
    "parts_map",
    "parts_of_provinces",
    "picture",
]
