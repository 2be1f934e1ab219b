"""The counts that stand: of the rows of one area and day the last that is not held, or was released."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.centre.models import RELEASED, CountUpload, DailyCount
from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Area, Posting

BELIEVED = Q(hold="") | Q(decision__verdict=RELEASED)
AROUND = timedelta(days=28)
WAITING = ~Q(hold="") & Q(decision__isnull=True)


class CountNotVisible(Refusal):
    """The same answer for "no such row" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("count-not-visible", _("There is no such list here that your posting may see."))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one area."""

    day: date
    cases: int
    deaths: int | None = None


def standing(found: Iterable[Area] | None = None) -> QuerySet[DailyCount]:
    """One row an area and day."""
    rows = DailyCount.objects.filter(BELIEVED)
    if found is not None:
        rows = rows.filter(area__in=[area.pk for area in found])
    return rows.order_by("area", "day", "-pk").distinct("area", "day")


def series(area: Area) -> list[Day]:
    """The days of an area that were told, in order; days without a row are not in it."""
    rows = standing([area]).values_list("day", "cases", "deaths")
    return [Day(*row) for row in rows]


def without_population(posting: Posting, day: date) -> int:
    """Of how many provinces of `day`, on the ground of a posting, it is not known how many people live there."""
    provinces = areas.on(day).filter(level=1, population__isnull=True)
    return provinces.filter(areas.inside("", posting.area)).count() if posting.area else 0


def by_area(found: Iterable[Area]) -> Mapping[int, dict[date, int]]:
    """New cases by day, for each of these areas; one query."""
    told: dict[int, dict[date, int]] = {area.pk: {} for area in found}
    rows = DailyCount.objects.filter(BELIEVED, area__in=list(told))
    latest = rows.order_by("area", "day", "-pk").distinct("area", "day")
    for area, day, cases in latest.values_list("area_id", "day", "cases"):
        told[area][day] = cases
    return told


def provinces_with_counts(posting: Posting | None = None) -> list[Area]:
    """Units of which any day is known, by name; of a posting, those on its ground."""
    rows = Area.objects.filter(level=1, pk__in=DailyCount.objects.values("area"))
    if posting is not None:
        rows = rows.filter(_ground(posting, ""))
    return list(rows.order_by("search_key", "pk"))


def held(posting: Posting) -> QuerySet[DailyCount]:
    """Rows on the posting's ground that wait for a person."""
    rows = DailyCount.objects.filter(WAITING, _ground(posting, "area__"))
    return rows.select_related("area", "upload__by", "decision")


def held_row(posting: Posting, number: int) -> DailyCount:
    """A row that is or was held. Raises CountNotVisible."""
    rows = DailyCount.objects.exclude(hold="").filter(_ground(posting, "area__"))
    found = rows.select_related("area", "upload__by", "decision__by").filter(pk=number).first()
    if found is None:
        raise CountNotVisible
    return found


def held_days(area: Area) -> dict[date, int]:
    """Days of the area of which a number waits for a person."""
    rows = DailyCount.objects.filter(WAITING, area=area).order_by("pk")
    return dict(rows.values_list("day", "cases"))


def waiting_count() -> int:
    return DailyCount.objects.filter(WAITING).count()


def around(row: DailyCount) -> dict[date, int]:
    """What stands in the four weeks before and after a row, without what it says itself."""
    span = (row.day - AROUND, row.day + AROUND)
    stands = standing([row.area]).exclude(pk=row.pk).filter(day__range=span)
    return dict(stands.values_list("day", "cases"))


def rows_of_day(row: DailyCount) -> QuerySet[DailyCount]:
    """Everything that was ever sent for the day of a row, in order."""
    rows = DailyCount.objects.filter(area=row.area, day=row.day)
    return rows.select_related("upload__by", "decision").order_by("pk")


def uploads(posting: Posting) -> QuerySet[CountUpload]:
    """Lists with a row about the posting's ground, and those it sent itself."""
    here = DailyCount.objects.filter(_ground(posting, "area__"), upload=OuterRef("pk"))
    return CountUpload.objects.select_related("by").filter(Q(by=posting.actor_id) | Exists(here))


def upload_for(posting: Posting, number: int) -> CountUpload:
    """Raises CountNotVisible."""
    found = uploads(posting).filter(pk=number).first()
    if found is None:
        raise CountNotVisible
    return found


def held_of(upload: CountUpload, posting: Posting) -> QuerySet[DailyCount]:
    """The rows of a list that were held, as far as they are on the posting's ground."""
    rows = upload.counts.filter(_ground(posting, "area__")).exclude(hold="")
    return rows.select_related("area", "decision").order_by("number")


def _ground(posting: Posting, lookup: str) -> Q:
    return areas.inside(lookup, posting.area) if posting.area is not None else Q(pk__in=[])
