"""Areas as of a day: loading, finding, containing."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from math import cos, radians
from operator import add, or_

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from lachan.core.area_sources import AreaRow, SuccessorRow, vietnam_areas, vietnam_successors
from lachan.core.bulk import refresh_statistics
from lachan.core.models import Area, AreaSuccessor
from lachan.core.names import search_key

BEGINNING = date(1945, 9, 2)
MOST_WORDS = 8


def on(day: date) -> QuerySet[Area]:
    """Areas that exist on `day`."""
    return Area.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def search(text: str, *, day: date, limit: int = 10) -> list[Area]:
    """Areas of `day` that fit all the words typed, whatever the marks and the order, best first.

    A word may begin one of the unit's name or of the two above it, at least one of its own: "quan 1 ben nghe"
    finds the commune. What is named most nearly as typed comes first, then the larger unit.
    """
    words = list(dict.fromkeys(search_key(text).split()))[:MOST_WORDS]
    if not words:
        return []
    found, own = _with_names(on(day).filter(level__gt=0), words), Q()
    for word in words:
        begun = _any("own__contains", word, " {}")
        own |= begun
        found = found.filter(begun | _any("above__contains", word, " {}"))
    nearness = reduce(add, map(_nearness, words), Case(When(typed__contains=F("own"), then=4), default=0))
    ranked = found.filter(own).order_by(nearness.desc(), "level", "search_key", "id")
    return list(ranked.select_related("parent__parent")[:limit])


NEAR = 0.5
"""Degrees around a point in which the nearest unit is sought: some 50 km, more than any commune is wide."""


def nearest(lat: float, lon: float, *, day: date, level: int = 3, limit: int = 3) -> list[Area]:
    """Units of `day` and level by how near their coordinates are (degrees, WGS 84), the nearest first; none far off."""
    square = {"lat__range": (lat - NEAR, lat + NEAR), "lon__range": (lon - NEAR, lon + NEAR)}
    east = (F("lon") - lon) * cos(radians(lat))
    found = (
        on(day).filter(level=level, **square).alias(away=east * east + (F("lat") - lat) * (F("lat") - lat))
    )
    return list(found.select_related("parent__parent").order_by("away", "id")[:limit])


def _forms(word: str) -> tuple[str, ...]:
    """A number as it is called and as some lists write it: 1 and 01; the shortest form first."""
    return (word.lstrip("0") or "0", word.zfill(2)) if word.isdecimal() else (word,)


def _with_names(found: QuerySet[Area], words: list[str]) -> QuerySet[Area]:
    """What `_nearness` compares; spaces at both ends, so that a whole word is a word between spaces."""
    space = Value(" ")
    typed = [_forms(word)[which] for which in (0, -1) for word in words]
    return found.alias(
        own=Concat(space, "search_key", space),
        above=Concat(space, "parent__search_key", space, "parent__parent__search_key", space),
        typed=Value(f" {' '.join(typed)} "),
    )


def _nearness(word: str) -> Case:
    """3 for a word of the unit's own name, 2 for one of the names above it, 1 for the beginning of one of its own."""
    return Case(
        When(_any("own__contains", word, " {} "), then=3), When(_any("above__contains", word, " {} "), then=2),
        When(_any("own__contains", word, " {}"), then=1), default=0,
    )  # fmt: skip


def _any(lookup: str, word: str, shape: str) -> Q:
    return reduce(or_, (Q(**{lookup: shape.format(form)}) for form in _forms(word)))


def within(area: Area) -> QuerySet[Area]:
    """`area` and everything below it."""
    return Area.objects.filter(path__startswith=area.path)


def contains(outer: Area, inner: Area) -> bool:
    return inner.path.startswith(outer.path)


def ground(area: Area) -> tuple[str, ...]:
    """Paths of `area` and of the units of another time that lie, or may lie, on its ground; asked for once an instance.

    A unit that was divided counts for each office that got a part of it: until somebody confirms where a home is,
    both see who lives there. A unit of before is followed by its smallest parts, so that its office does not see
    what others brought into the province of today.
    """
    known: tuple[str, ...] | None = area.__dict__.get("_ground")
    if known is None:
        known = area.__dict__["_ground"] = _ground(area)
    return known


def _ground(area: Area) -> tuple[str, ...]:
    if area.level == 0:
        return (area.path,)
    outermost: list[str] = []
    for path in sorted({area.path, *_before(area), *_after(area)}):
        if not outermost or not path.startswith(outermost[-1]):
            outermost.append(path)
    return tuple(outermost)


def _before(area: Area) -> Iterable[str]:
    own = list(area.predecessors.values_list("old__path", "share"))
    if own and all(share == 1 for _, share in own):
        return [path for path, _ in own]
    return AreaSuccessor.objects.filter(new__path__startswith=area.path).values_list("old__path", flat=True)


def _after(area: Area) -> Iterable[str]:
    divided = Area.objects.filter(parent=OuterRef("old"))
    of_parts = AreaSuccessor.objects.filter(~Exists(divided), old__path__startswith=area.path)
    return of_parts.values_list("new__path", flat=True)


def inside(lookup: str, area: Area) -> Q:
    """Rows whose area lies on the `ground` of this one; `lookup` leads to it, `home_area__`."""
    return reduce(or_, (Q(**{f"{lookup}path__startswith": path}) for path in ground(area)))


def holds(outer: Area, inner: Area) -> bool:
    """Whether `inner` lies on the ground of `outer`."""
    return inner.path.startswith(ground(outer))


def province_of(area: Area) -> Area:
    """The unit of the first level above it, or it itself; the country is its own."""
    while area.level > 1 and area.parent is not None:
        area = area.parent
    return area


def full_name(area: Area) -> str:
    """`Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh`."""
    names: list[str] = []
    at: Area | None = area
    while at and at.level > 0:
        names.append(at.name)
        at = at.parent
    return ", ".join(names) or area.name


def country(code: str = "VN", name: str = "Việt Nam", name_en: str = "Viet Nam") -> Area:
    """The root of a tree of areas."""
    area, made = Area.objects.get_or_create(
        code=code,
        level=0,
        valid_from=BEGINNING,
        defaults={"name": name, "name_en": name_en, "search_key": search_key(name), "path": ""},
    )
    if made:
        area.path = f"/{area.pk}/"
        area.save(update_fields=["path"])
    return area


@transaction.atomic
def load(rows: Iterable[AreaRow], *, root: Area) -> int:
    """Add the areas that are not there yet (by code, level, first day); parents before children; the number added.

    A parent is the unit of that code on the child's first day. Raises LookupError where there is none.
    """
    added = 0
    by_level: dict[int, list[AreaRow]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(row)
    for level in sorted(by_level):
        added += _load_level(by_level[level], root)
    return added


def _load_level(rows: list[AreaRow], root: Area) -> int:
    ours = within(root)
    known = set(ours.filter(level=rows[0].level).values_list("code", "valid_from"))
    fresh = [r for r in rows if (r.code, r.valid_from) not in known]
    above: dict[str, list[Area]] = {}
    for area in ours.filter(level__lt=rows[0].level).order_by("-level"):
        above.setdefault(area.code, []).append(area)
    made = Area.objects.bulk_create([_area(r, _parent(r, above, root)) for r in fresh], batch_size=2_000)
    own_id = Cast(F("id"), CharField())
    Area.objects.filter(pk__in=[a.pk for a in made]).update(path=Concat(F("path"), own_id, Value("/")))
    return len(made)


def _parent(row: AreaRow, above: dict[str, list[Area]], root: Area) -> Area:
    """The unit that bore the parent's code on the first day of the child; of several the smallest."""
    if not row.parent_code:
        return root
    for area in above.get(row.parent_code, ()):
        if area.valid_from <= row.valid_from and (area.valid_to is None or row.valid_from < area.valid_to):
            return area
    raise LookupError(f"unit {row.code} has no parent {row.parent_code} on {row.valid_from}")


def _area(row: AreaRow, parent: Area) -> Area:
    return Area(
        code=row.code, level=row.level, name=row.name, name_en=row.name_en, kind=row.kind, parent=parent,
        search_key=search_key(row.name), path=parent.path, valid_from=row.valid_from, valid_to=row.valid_to,
        lat=row.lat, lon=row.lon, population=row.population,
    )  # fmt: skip


@transaction.atomic
def load_vietnam() -> int:
    """The units of 2021 and of 2025 with the map between them; the number added (0 when all are there)."""
    root = country()
    if Area.objects.filter(level=3, valid_to__isnull=True, path__startswith=root.path).exists():
        return 0
    added = load(vietnam_areas(), root=root)
    _load_successors(vietnam_successors(), root)
    refresh_statistics(Area, changed=added)
    refresh_statistics(AreaSuccessor, changed=added)
    return added


def _load_successors(rows: Iterable[SuccessorRow], root: Area) -> None:
    """Codes of provinces, districts and communes differ in length, so that a code alone names a unit of its time."""
    units = within(root).filter(level__gt=0)
    old = dict(units.filter(valid_to__isnull=False).values_list("code", "pk"))
    new = dict(units.filter(valid_to__isnull=True).values_list("code", "pk"))
    AreaSuccessor.objects.bulk_create(
        [
            AreaSuccessor(old_id=old[r.old_code], new_id=new[r.new_code], share=r.share)
            for r in rows
            if r.old_code in old and r.new_code in new
        ],
        ignore_conflicts=True,
    )
