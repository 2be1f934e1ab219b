"""Which province a list means by a name or a code, on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from lachan.centre.daily_counts.values import Unreadable, unit_key
from lachan.core.models import Area

# What some write, and the key of the name that is meant.
SHORT: Final = {
    "hcm": "hochiminh", "hcmc": "hochiminh", "saigon": "hochiminh", "brvt": "bariavungtau", "vungtau": "bariavungtau",
    "daclac": "daklak", "daclak": "daklak", "dacnong": "daknong", "hue": "thuathienhue",
    "tthue": "thuathienhue",
}  # fmt: skip


class Units:
    """The units of the first level, of every time; each is found by its code, its name or its English name."""

    def __init__(self) -> None:
        self._by_code: dict[str, list[Area]] = defaultdict(list)
        self._by_name: dict[str, list[Area]] = defaultdict(list)
        for area in Area.objects.filter(level=1).order_by("valid_from", "pk"):
            self._by_code[area.code.lstrip("0")].append(area)
            for key in {unit_key(area.name), unit_key(area.name_en)} - {""}:
                self._by_name[key].append(area)

    def find(self, code: str, name: str, day: date) -> Area:
        """The unit that exists on `day`; else, of another time, the nearest. Raises Unreadable."""
        if name.isascii() and name.isdigit() and not code:
            code, name = name, ""
        by_code = self._by_code.get(code.lstrip("0"), []) if code else None
        by_name = self._named(name) if name else None
        if by_code is None and by_name is None:
            raise Unreadable("unit-missing")
        if by_code == [] or by_name == []:
            raise Unreadable("unit-unknown")
        both = [area for area in by_code or by_name or [] if by_name is None or area in by_name]
        if not both:
            raise Unreadable("unit-mismatch")
        return _nearest(both, day)

    def _named(self, name: str) -> list[Area]:
        key = unit_key(name)
        return self._by_name.get(key) or self._by_name.get(SHORT.get(key, ""), [])


def _nearest(found: Iterable[Area], day: date) -> Area:
    return min(found, key=lambda area: (not _exists(area, day), abs((area.valid_from - day).days)))


def _exists(area: Area, day: date) -> bool:
    return area.valid_from <= day and (area.valid_to is None or day < area.valid_to)
