"""A map as a picture of its own, for paper: colours written into it instead of a stylesheet's classes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lachan.platform.maps.drawing import Drawing, Inset, Shape

WHITE = "#ffffff"


def picture(drawn: Drawing, colours: Mapping[str, str]) -> str:
    """The SVG; `colours` by tone."""
    width = max(float(side) for side in drawn.view.split()[2:]) / 700
    clip = (
        f'<clipPath id="c"><path d="{drawn.clip}" transform="scale({drawn.scale})"/></clipPath>'
        if drawn.clip
        else ""
    )
    shapes = "".join(_shape(shape, colours) for shape in drawn.shapes)
    insets = "".join(_inset(inset, colours) for inset in drawn.insets)
    within = ' clip-path="url(#c)"' if drawn.clip else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawn.view}" stroke="#555555" stroke-width="{width:.2f}">'
        f"<defs>{clip}</defs><g{within}>{shapes}</g>{insets}</svg>"
    )


def _shape(shape: Shape, colours: Mapping[str, str]) -> str:
    return f'<path d="{shape.path}" fill="{colours.get(shape.shade.tone, WHITE)}"/>'


def _inset(inset: Inset, colours: Mapping[str, str]) -> str:
    fill = colours.get(inset.shade.tone, WHITE)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="{inset.size}" fill="{fill}"/>' for x, y in inset.dots)
    return (
        f'<rect x="{inset.left}" y="{inset.top}" width="{inset.width}" height="{inset.height}" fill="none"/>{dots}'
        f'<text x="{inset.right}" y="{inset.label_top}" font-size="{inset.letters}" text-anchor="end" stroke="none"'
        f' font-family="Libertinus Serif">{escape(str(inset.name))}</text>'
    )
