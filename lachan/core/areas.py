"""Areas as of a day: loading, finding, containing."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from lachan.core.area_sources import AreaRow, SuccessorRow, vietnam_areas, vietnam_successors
from lachan.core.models import Area, AreaSuccessor
from lachan.core.names import search_key

BEGINNING = date(1945, 9, 2)


def on(day: date) -> QuerySet[Area]:
    """Areas that exist on `day`."""
    return Area.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def search(text: str, *, day: date, limit: int = 10) -> list[Area]:
    """Areas of `day` whose name has the words typed, whatever the marks; communes of the same name are told apart
    by their parents ("ben nghe quan 1" finds the commune by words of both)."""
    words = search_key(text).split()
    if not words:
        return []
    found = on(day).filter(level__gt=0).select_related("parent__parent")
    for word in words:
        found = found.filter(
            Q(search_key__contains=word)
            | Q(parent__search_key__contains=word)
            | Q(parent__parent__search_key__contains=word)
        )
    own = found.filter(search_key__contains=words[0])
    return list(own.order_by("level", "search_key", "id")[:limit])


def within(area: Area) -> QuerySet[Area]:
    """`area` and everything below it."""
    return Area.objects.filter(path__startswith=area.path)


def contains(outer: Area, inner: Area) -> bool:
    return inner.path.startswith(outer.path)


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
