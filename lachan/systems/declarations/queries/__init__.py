"""What lies on the desk of a posting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, areas, clock, persons
from lachan.core.access import Permission, Purpose
from lachan.core.desk import DeskItem
from lachan.core.errors import Refusal
from lachan.core.events import ReadingTaken
from lachan.core.models import Area, EventRow, Person, Posting
from lachan.systems.declarations.models import CallMade, Declaration, Diary, Reached
from lachan.systems.declarations.rules.questionnaire import OUTCOMES, asked

CALL = OUTCOMES.index("call")


class NotHere(Refusal, Http404):
    """The same answer for "no such thing" and "not on your desk"; a page that is not found."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "not-on-this-desk", _("There is nothing with this number that your posting may see.")
        )


def home_of(posting: Posting) -> Area:
    """The area whose people lie on this desk: its own, or that of its place."""
    area = posting.area or (posting.place.area if posting.place else None)
    assert area is not None  # noqa: S101 (held by posting_over_an_area_or_at_a_place)
    return area


def declarations_of(posting: Posting) -> QuerySet[Declaration]:
    """Declared on the ground of this posting; the newest come first on its page."""
    found = Declaration.objects.filter(areas.inside("area__", home_of(posting)))
    return found.select_related("person__merged_into", "area__parent__parent")


def answering(found: QuerySet[Declaration], *, yes: str = "", said: str = "") -> QuerySet[Declaration]:
    """Those in which the question `yes` is answered with yes, and whose own words hold `said`, whatever its marks."""
    if yes:
        found = found.filter(answers__contains={yes: True})
    if said:
        told = {f"told_{code}": KeyTextTransform(code, "answers") for code in asked("text")}
        words = (Q(**{f"{name}__unaccent__icontains": said}) for name in told)
        found = found.alias(**told).filter(reduce(or_, words))
    return found


def declaration(posting: Posting, number: int) -> Declaration:
    """Raises NotHere."""
    found = declarations_of(posting).select_related("corrects", "corrected_by").filter(pk=number).first()
    if found is None:
        raise NotHere
    return found


def waiting_for_call(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """To be called back, not replaced by a correction, and no call has settled it yet."""
    settled = CallMade.objects.filter(
        declaration=OuterRef("pk"), outcome__in=(Reached.REACHED, Reached.WRONG_NUMBER)
    )
    return found.filter(~Exists(settled), outcome__gte=CALL, corrected_by__isnull=True)


def diaries_on(day: date) -> QuerySet[Diary]:
    """Diaries to be kept on `day`."""
    return Diary.objects.filter(closed_at__isnull=True, starts_on__lte=day, ends_on__gt=day)


def silent_diaries(posting: Posting, day: date) -> QuerySet[Diary]:
    """Of people who live on the ground of this posting, who has not reported on `day`; `last_at`: their last report,
    if there was one."""
    here = diaries_on(day).filter(areas.inside("person__home_area__", home_of(posting)))
    found = here.filter(~Exists(_reported(day))).select_related("person__merged_into")
    return found.annotate(last_at=Max("reports__made_at"), reminded_on=Max("reminders__day"))


def to_remind(day: date) -> QuerySet[Diary]:
    """Diaries, wherever, of people who neither reported on `day` nor were measured, nor reminded yet."""
    begins, ends = clock.day_bounds(day)
    measured = EventRow.objects.filter(
        person=OuterRef("person"), kind=ReadingTaken.__name__, happened_at__gte=begins, happened_at__lt=ends
    )
    waiting = diaries_on(day).filter(~Exists(_reported(day)), ~Exists(measured))
    return waiting.exclude(reminders__day=day)


def _reported(day: date) -> QuerySet[Declaration]:
    return Declaration.objects.filter(diary=OuterRef("pk"), made_at__gte=clock.day_start(day))


def diary_codes(orders: Iterable[int]) -> dict[int, str]:
    """The code of the diary of each of these orders, by its number."""
    return dict(Diary.objects.filter(order_number__in=list(orders)).values_list("order_number", "code"))


def candidates(posting: Posting, made: Declaration, *, at: datetime) -> Sequence[Person]:
    """Records that may be the same person: the same name and year of birth, among those this posting may see. The
    looks are logged; nothing is joined by itself."""
    person = made.person.merged_into or made.person
    if persons.is_verified(person):
        return []
    same = Q(search_key=person.search_key, birth_year=person.birth_year, merged_into__isnull=True)
    found = list(access.visible(posting).filter(same).exclude(pk=person.pk).order_by("pk")[:10])
    access.note_reads(
        [p.pk for p in found],
        posting,
        purpose=Purpose.CORRECTION,
        part="declarations: the same person?",
        at=at,
    )
    return found


def calls_of(made: Declaration) -> QuerySet[CallMade]:
    return made.calls.select_related("called_by").order_by(F("called_at").desc(), "-pk")


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """What waits for this posting in declarations."""
    if not access.may(posting, Permission.VIEW_DECLARATIONS):
        return []
    home = reverse("declarations:home")
    waiting = waiting_for_call(declarations_of(posting))
    oldest = waiting.order_by("made_at").values_list("made_at", flat=True).first()
    items = [DeskItem(_("Declarations to call back"), waiting.count(), f"{home}?called=waiting", 78, oldest)]
    if access.may(posting, Permission.TAKE_DECLARATION):
        silent = silent_diaries(posting, clock.local_date(at)).count()
        items.append(
            DeskItem(_("Diaries without a report today"), silent, reverse("declarations:silent"), 40)
        )
    return items


def reach(posting: Posting) -> QuerySet[Person, int]:
    """People who declared on the ground of a posting that reads declarations, wherever their record has its home."""
    if not access.may(posting, Permission.VIEW_DECLARATIONS):
        return Person.objects.none().values_list("pk", flat=True)
    found = Declaration.objects.filter(areas.inside("area__", home_of(posting)))
    return Person.objects.filter(pk__in=found.values("person")).values_list("pk", flat=True)
