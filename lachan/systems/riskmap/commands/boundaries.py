"""Taking outlines of units from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import BoundariesImported
from lachan.core.models import Actor
from lachan.platform.maps.plane import thinned
from lachan.systems.riskmap.models import Boundary
from lachan.systems.riskmap.rules.geojson import Feature, NotGeoJson, Ring, features

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOLERANCE = 0.001  # degrees, about a hundred metres
DIGITS = 4

FILE: Final[Mapping[str, "StrOrPromise"]] = {
    "too-large": _("The file is larger than 200 MB."),
    "encoding": _("The file is not UTF-8 text."),
    "json": _("The file is no JSON: it may be cut off."),
    "collection": _("The file is no GeoJSON with a list of features (FeatureCollection)."),
}
FEATURE: Final[Mapping[str, "StrOrPromise"]] = {
    "code": _("It has no property with the code of its unit."),
    "unknown": _("No unit of today has this code."),
    "geometry": _("It is no polygon."),
    "ring": _("A ring is not closed, or has a corner that is no pair of numbers."),
    "position": _("A corner lies nowhere on earth: longitude comes first, then latitude, in degrees."),
    "twice": _("The unit stands in the file twice; the first counts."),
}


class CannotImport(Refusal):
    """boundaries-…: the file as a whole, or its source."""

    status = 422


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature that was not taken, by its number in the file."""

    number: int
    code: str
    problem: str

    @property
    def sentence(self) -> "StrOrPromise":
        return FEATURE[self.problem]


@dataclass(frozen=True, slots=True)
class Imported:
    taken: int
    refused: Sequence[Refused]


@transaction.atomic
def import_boundaries(
    *, body: bytes, source: str, actor: Actor, at: datetime, code_field: str = ""
) -> Imported:
    """Take the outline of every unit of today that the file knows, in place of the one before; what cannot be taken is
    refused by its number. `source`: whose outlines they are, and their licence. Raises CannotImport."""
    if not source.strip():
        raise CannotImport("boundaries-source", _("Say whose outlines they are, and under which licence."))
    try:
        found = list(features(body, code_field=code_field))
    except NotGeoJson as error:
        raise CannotImport(f"boundaries-{error.reason}", FILE[error.reason]) from error
    units = dict(
        areas.on(clock.local_date(at)).filter(level__gt=0).order_by("level").values_list("code", "pk")
    )
    rows: dict[int, Boundary] = {}
    refused: list[Refused] = []
    for each in found:
        problem = each.problem or _problem(each, units, rows)
        if problem:
            refused.append(Refused(each.number, each.code, problem))
            continue
        rows[units[each.code]] = Boundary(
            area_id=units[each.code], rings=_light(each.rings), source=source.strip()[:200], imported_at=at,
            imported_by=actor,
        )  # fmt: skip
    _store(list(rows.values()))
    if rows:
        emit([BoundariesImported(areas=len(rows), happened_at=at, ref="riskmap.boundaries:1")], actor=actor)
    return Imported(len(rows), refused)


def _problem(feature: Feature, units: Mapping[str, int], rows: Mapping[int, Boundary]) -> str:
    if feature.code not in units:
        return "unknown"
    return "twice" if units[feature.code] in rows else ""


def _light(rings: Sequence[Ring]) -> list[list[tuple[float, float]]]:
    """As few corners as the map can show, without the last, which is the first again."""
    light = [thinned(ring, TOLERANCE)[:-1] for ring in rings]
    kept = [ring for ring in light if len(ring) > 2] or [list(ring[:-1]) for ring in rings[:1]]
    return [[(round(lon, DIGITS), round(lat, DIGITS)) for lon, lat in ring] for ring in kept]


def _store(rows: list[Boundary]) -> None:
    Boundary.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["area"],
        update_fields=["rings", "source", "imported_at", "imported_by"],
    )  # fmt: skip
