"""Writing down the figures of a week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import RiskInputsRecorded
from lachan.core.models import Actor
from lachan.systems.riskmap.models import Input, Source
from lachan.systems.riskmap.rules.weekly import COVERED, FIGURES, HIGHEST_AMOUNT

MOST = 2**31 - 1


class CannotRecord(Refusal):
    """figure-unknown, figure-range, figure-whole, figure-future, week-monday."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A figure as somebody gives it: `amount` (`of` so many people, where it is a coverage), as of a day."""

    area_id: int
    figure: str
    amount: int
    of: int | None = None
    as_of: date
    note: str = ""


@transaction.atomic
def record_inputs(
    *, given: Sequence[Given], week_on: date, source: Source, actor: Actor, at: datetime
) -> int:
    """Write down the figures that differ from what counts for the week; how many did. Nothing is overwritten: the last
    row counts. What people entered or a list brought is not replaced by what was counted from the records.
    Raises CannotRecord."""
    if week_on.weekday():
        raise CannotRecord("week-monday", _("A week is named by its Monday."))
    for each in given:
        _check(each, clock.local_date(at))
    known = _known({each.area_id for each in given}, week_on)
    rows = [
        Input(
            area_id=each.area_id, week_on=week_on, figure=each.figure, amount=each.amount, of=each.of, as_of=each.as_of,
            source=source, note=each.note[:200], recorded_at=at, recorded_by=actor,
        )
        for each in given
        if _is_news(each, source, known.get((each.area_id, each.figure)))
    ]  # fmt: skip
    bulk.insert(rows)
    if rows:
        told = RiskInputsRecorded(
            week_on=week_on, inputs=len(rows), happened_at=at, ref=f"riskmap.week:{week_on}"
        )
        emit([told], actor=actor)
    return len(rows)


def _check(each: Given, today: date) -> None:
    if each.figure not in FIGURES:
        raise CannotRecord("figure-unknown", _("There is no figure of this name."))
    if not 0 <= each.amount <= HIGHEST_AMOUNT.get(each.figure, MOST) or not 0 < (each.of or 1) <= MOST:
        raise CannotRecord("figure-range", _("The number is out of range."))
    if (each.figure in COVERED) != (each.of is not None) or each.amount > (each.of or MOST):
        raise CannotRecord(
            "figure-whole", _("Vaccinated people are so many of so many: at most as many as there are.")
        )
    if each.as_of > today:
        raise CannotRecord("figure-future", _("The day of a figure lies in the future."))


def _known(area_ids: Iterable[int], week_on: date) -> Mapping[tuple[int, str], Input]:
    rows = Input.objects.filter(area__in=list(area_ids), week_on=week_on)
    newest = rows.order_by("area_id", "figure", "-id").distinct("area_id", "figure")
    return {(row.area_id, row.figure): row for row in newest}


def _is_news(each: Given, source: Source, known: Input | None) -> bool:
    if known is None:
        return True
    if source == Source.RECORDS and known.source != Source.RECORDS:
        return False
    return (known.amount, known.of, known.source) != (each.amount, each.of, source)
