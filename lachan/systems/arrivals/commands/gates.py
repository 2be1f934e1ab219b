"""The gates of the policy as rows, so that declarations and postings can point at them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lachan.core import places
from lachan.core.models import Area, Place, PlaceKind
from lachan.policy.arrivals import Gate as Listed
from lachan.systems.arrivals.models import Gate


@transaction.atomic
def load_gates(*, listed: Sequence[Listed], at: datetime) -> int:
    """Add gates that are not there yet, and a place for each whose province is known by now; the number added.

    Told by no event, as the loading of areas is. A gate of the list that is there already keeps its name and place.
    """
    known = {gate.code: gate for gate in Gate.objects.select_for_update()}
    provinces = _provinces()
    for gate in listed:
        row = known.get(gate.code) or Gate(code=gate.code, loaded_at=at)
        row.name, row.kind, row.borders = gate.name, gate.kind, gate.borders
        row.province_code, row.verified = gate.province, gate.verified
        row.area = provinces.get(gate.province)
        if row.area and row.place is None:
            row.place = _place(row, row.area, at)
        row.save()
    return len({gate.code for gate in listed} - set(known))


def _provinces() -> dict[str, Area]:
    """The province of each code of 2021 as it is today: the one into which it went, else itself."""
    found: dict[str, Area] = {}
    for area in Area.objects.filter(level=1).order_by("-valid_from").prefetch_related("successors__new"):
        now = next((s.new for s in area.successors.all()), area)
        found[area.code] = now  # the oldest unit of a code comes last: the list has codes of 2021
    return found


def _place(gate: Gate, area: Area, at: datetime) -> Place:
    return places.open_place(kind=PlaceKind.BORDER_GATE, name=gate.name, area=area, at=at)
