"""Which units count for an area: what lies in it now, and what it took over or gave on. Kept in memory: asked often,
and changed only when areas are loaded."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Max

from lachan.core import areas
from lachan.core.models import Area, AreaSuccessor

Heir = tuple[str, str, float | None]
"""Path of before, path of after, share."""
Row = TypeVar("Row")
LAST = "\x7f"  # sorts after every digit and slash


@dataclass(frozen=True, slots=True)
class Part:
    """A unit one step below, and the ids of the units that count for it."""

    area: Area
    units: frozenset[int]


class Atlas:
    """All units and their successors, as they were when `mark` was taken."""

    def __init__(self, mark: tuple[int, int]) -> None:
        self.mark = mark
        self._units = sorted(Area.objects.values_list("path", "pk"))
        self._paths = [path for path, _ in self._units]
        heirs = AreaSuccessor.objects.values_list("old__path", "new__path", "share")
        self._by_old: list[Heir] = sorted(heirs, key=lambda heir: heir[0])
        self._by_new: list[Heir] = sorted(self._by_old, key=lambda heir: heir[1])
        self._olds = [old for old, *_ in self._by_old]
        self._news = [new for _, new, _ in self._by_new]
        self._divided = frozenset(path[: path.rindex("/", 0, -1) + 1] for path in self._paths)
        self._known: dict[str, frozenset[int]] = {}

    def units(self, area: Area) -> frozenset[int]:
        """Ids of all units on the ground of `area` (`areas.ground`), itself among them."""
        if area.path not in self._known:
            self._known[area.path] = frozenset(
                pk for path in self.ground(area) for _, pk in _below(path, self._paths, self._units)
            )
        return self._known[area.path]

    def ground(self, area: Area) -> list[str]:
        """The same as `areas.ground`, without asking the database."""
        if area.level == 0:
            return [area.path]
        outermost: list[str] = []
        for path in sorted({area.path, *self._before(area.path), *self._after(area.path)}):
            if not outermost or not path.startswith(outermost[-1]):
                outermost.append(path)
        return outermost

    def _before(self, path: str) -> Iterable[str]:
        below = _below(path, self._news, self._by_new)
        own = [heir for heir in below if heir[1] == path]
        if own and all(share == 1 for *_, share in own):
            return [old for old, *_ in own]
        return [old for old, *_ in below]

    def _after(self, path: str) -> Iterable[str]:
        below = _below(path, self._olds, self._by_old)
        return [new for old, new, _ in below if old not in self._divided]


def _below(prefix: str, keys: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
    return rows[bisect_left(keys, prefix) : bisect_left(keys, prefix + LAST)]


_atlas: list[Atlas] = []


def atlas() -> Atlas:
    """The one of this process, made anew when units have been loaded."""
    mark = (_newest(Area), _newest(AreaSuccessor))
    if not _atlas or _atlas[0].mark != mark:
        _atlas[:] = [Atlas(mark)]
    return _atlas[0]


def _newest(model: type[Area] | type[AreaSuccessor]) -> int:
    return model._default_manager.aggregate(n=Max("pk"))["n"] or 0


def units(area: Area) -> frozenset[int]:
    return atlas().units(area)


def parts(area: Area, day: date) -> list[Part]:
    """The units one step below as of `day` (of a unit that has ended: of its last day), by name."""
    if area.valid_to is not None:
        day = min(day, area.valid_to - timedelta(days=1))
    book = atlas()
    below = areas.on(day).filter(parent=area).order_by("search_key", "pk")
    return [Part(unit, book.units(unit)) for unit in below]


def owners_of(below: Sequence[Part]) -> dict[int, list[int]]:
    """For each unit the areas for which it counts: one, or each that got a part of it."""
    found: dict[int, list[int]] = {}
    for part in below:
        for unit in part.units:
            found.setdefault(unit, []).append(part.area.pk)
    return found
