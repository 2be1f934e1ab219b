"""Who has had a lot that was recalled, and who of them was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from lachan.core import access, areas, persons
from lachan.core.access import Purpose
from lachan.core.models import IdentifierKind, Person, Posting
from lachan.systems.vaccination.models import Dose, Lot, LotHold, RecallNotice, RecallRound
from lachan.systems.vaccination.queries.scope import own

ROOT = Coalesce("person__merged_into_id", "person_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to: told by text, to be called for want of a number, told by an earlier round."""

    asked_at: datetime
    finished_at: datetime | None
    told: int
    without_phone: int
    already: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Everybody who has had the lot, wherever: `people` = `told` + `without_phone` + `waiting`."""

    people: int
    told: int
    without_phone: int
    waiting: int
    rounds: tuple[Round, ...]

    @property
    def running(self) -> bool:
        return any(each.finished_at is None for each in self.rounds)


def given_of(lot: Lot) -> Q:
    """Doses of the lot that stand, also those written down from papers with nothing but its number."""
    on_paper = Q(lot__isnull=True, product=lot.product, lot_number=lot.number)
    return (Q(lot=lot) | on_paper) & Q(withdrawn_at__isnull=True)


def recall_of(lot: Lot) -> LotHold | None:
    return LotHold.objects.filter(lot=lot, recalled_at__isnull=False).select_related("lot").first()


def had_lot(lot: Lot) -> list[int]:
    """Everybody who has had it, as roots, each once."""
    return list(Dose.objects.filter(given_of(lot)).order_by().values_list(ROOT, flat=True).distinct())


def recipients_of_lot(posting: Posting, lot: Lot) -> QuerySet[Dose]:
    """Doses given at the posting's sites, and elsewhere to people who live in its area; the newest first."""
    mine = own(posting, "site__")
    if posting.area is not None:
        mine |= areas.inside("person__home_area__", posting.area)
    found = Dose.objects.filter(mine, given_of(lot))
    return found.select_related("person__merged_into", "site").order_by("-given_at", "-pk")


def notices_of(hold: LotHold, roots: Iterable[int]) -> dict[int, RecallNotice]:
    """By root, also where a record that was joined to it since was told."""
    ids = list(roots)
    group = Q(person__in=ids) | Q(person__merged_into__in=ids)
    found = RecallNotice.objects.filter(group, hold=hold).annotate(root=ROOT)
    return {notice.root: notice for notice in found}


def looked_at(
    posting: Posting, doses: Sequence[Dose], hold: LotHold | None, *, purpose: Purpose, at: datetime
) -> list[tuple[Dose, Person, str]]:
    """Each dose with whose it is and how they were told ("" who was not yet); the looks are logged."""
    people = [dose.person.merged_into or dose.person for dose in doses]
    ids = [person.pk for person in people]
    access.note_reads(ids, posting, purpose=purpose, part="recipients of a recalled lot", at=at)
    told = notices_of(hold, ids) if hold else {}
    return [
        (dose, who, told[who.pk].way if who.pk in told else "")
        for dose, who in zip(doses, people, strict=True)
    ]


def with_phone(roots: Iterable[int]) -> set[int]:
    """Of these, those who have a number, or whose joined record has one."""
    known = persons.with_joined(roots).filter(identifiers__kind=IdentifierKind.PHONE)
    return set(known.values_list(Coalesce("merged_into_id", "pk"), flat=True))


def reached(lot: Lot) -> Reached:
    """Counted from what was written down; three statements, whatever the number of people."""
    hold = recall_of(lot)
    had = Dose.objects.filter(given_of(lot)).order_by()
    people = had.aggregate(n=Count(ROOT, distinct=True))["n"]
    notices = (
        RecallNotice.objects.filter(hold=hold).annotate(root=ROOT).filter(root__in=had.values_list(ROOT))
    )
    known = notices.aggregate(
        all=Count("root", distinct=True), text=Count("root", distinct=True, filter=Q(way="text"))
    )
    return Reached(
        people=people, told=known["text"], without_phone=known["all"] - known["text"], waiting=people - known["all"],
        rounds=_rounds(hold) if hold else (),
    )  # fmt: skip


def _rounds(hold: LotHold) -> tuple[Round, ...]:
    told = Count("notices", filter=Q(notices__way="text"))
    without = Count("notices", filter=Q(notices__way="call"))
    found, before = [], 0
    for each in (
        RecallRound.objects.filter(hold=hold).annotate(told=told, without=without).order_by("asked_at", "pk")
    ):
        found.append(
            Round(asked_at=each.asked_at, finished_at=each.finished_at, told=each.told, without_phone=each.without,
                  already=before)
        )  # fmt: skip
        before += each.told + each.without
    return tuple(found)
