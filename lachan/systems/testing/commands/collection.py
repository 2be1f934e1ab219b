"""Collecting samples: whose swab is in which tube."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, clock, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Assay, SampleCollected
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person, Place
from lachan.platform import policies
from lachan.systems.testing import rules
from lachan.systems.testing.commands.orders import cancel_tests
from lachan.systems.testing.models import TestOrder, Tube, TubeMember

OFFLINE_AT_MOST = timedelta(days=31)


class CannotCollect(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One tube as it was filled. `orders` names the orders that it answers; None: those that were due.

    `collected_at` differs from the time of the command when the station was offline.
    """

    barcode: str
    persons: Sequence[Person]
    place: Place
    assay: Assay
    orders: Sequence[TestOrder] | None = None
    collected_at: datetime | None = None


@dataclass(slots=True)
class _Taken:
    """A tube with the roots of its people and the order that each swab answers."""

    tube: Tube
    roots: list[int]
    named: Sequence[TestOrder] | None
    answers: dict[int, int | None]


def collect(
    *,
    barcode: str,
    persons: Sequence[Person],
    place: Place,
    assay: Assay,
    actor: Actor,
    at: datetime,
    orders: Sequence[TestOrder] | None = None,
) -> Tube:
    """Register one tube with the swabs of `persons`. Raises CannotCollect (see `collect_many`)."""
    taken = Collection(barcode=barcode, persons=persons, place=place, assay=assay, orders=orders)
    return collect_many(collections=[taken], actor=actor, at=at)[0]


@transaction.atomic
def collect_many(*, collections: Sequence[Collection], actor: Actor, at: datetime) -> list[Tube]:
    """Register tubes; all of them or none.

    A sample answers the latest order of its person and assay that was due; earlier ones become needless and are
    cancelled. Raises CannotCollect: barcode-unreadable, nobody, person-twice, person-unknown, too-many,
    tube-registered, order-not-open, collected-later, collected-long-ago.
    """
    limit = policies.at(clock.local_date(at)).testing.max_pool_at_collection
    for collection in collections:
        _check(collection, limit, at)
    roots = persons.roots_locked(p.pk for c in collections for p in c.persons)
    taken = [_taken(c, roots, actor, at) for c in collections]
    _register([t.tube for t in taken])
    needless = _answer_orders(taken)
    told = _add_members(taken)
    causes = _told_of(m.order_id for members in told for m in members)
    emit(
        [_collected(t.tube, m, causes) for t, members in zip(taken, told, strict=True) for m in members],
        actor=actor,
    )
    swabs = {m.person_id: m.event_id for members in told for m in members}
    cancel_tests(
        orders=needless, reason="superseded", actor=actor, at=at,
        causes={order: swabs[root] for order, root in needless.items()},
    )  # fmt: skip
    return [t.tube for t in taken]


def _check(collection: Collection, limit: int, at: datetime) -> None:
    if rules.read_barcode(collection.barcode) is None:
        raise CannotCollect(
            "barcode-unreadable",
            _("A tube's barcode has 4 to 32 letters, digits and hyphens. Scan it again."),
        )
    if not collection.persons:
        raise CannotCollect("nobody", _("Scan at least one person for this tube."))
    if collection.collected_at and collection.collected_at > at:
        raise CannotCollect("collected-later", _("A sample cannot be taken later than now."))
    if collection.collected_at and collection.collected_at < at - OFFLINE_AT_MOST:
        raise CannotCollect("collected-long-ago", _("The sample is older than a month. Take another one."))
    if len(collection.persons) > limit:
        raise CannotCollect(
            "too-many",
            _("At most %(limit)d people may share a tube under the rule in force.") % {"limit": limit},
        )


def _taken(collection: Collection, roots: Mapping[int, int], actor: Actor, at: datetime) -> _Taken:
    ids = [p.pk for p in collection.persons]
    if not roots.keys() >= set(ids):
        raise CannotCollect("person-unknown", _("There is no such person."))
    mine = [roots[pk] for pk in ids]
    if len(set(mine)) < len(mine):
        raise CannotCollect("person-twice", _("This person is already in the tube."))
    tube = Tube(
        barcode=rules.read_barcode(collection.barcode) or "", assay=collection.assay, size=len(mine),
        collected_at=collection.collected_at or at, collected_by=actor, place=collection.place,
        area_id=collection.place.area_id, recorded_at=at,
    )  # fmt: skip
    return _Taken(tube, mine, collection.orders, {})


def _register(tubes: Sequence[Tube]) -> None:
    try:
        with transaction.atomic():
            bulk.insert(tubes)
    except IntegrityError as error:
        barcodes = Counter(t.barcode for t in tubes)
        known = set(Tube.objects.filter(barcode__in=barcodes).values_list("barcode", flat=True))
        twice = sorted(known | {b for b, n in barcodes.items() if n > 1})
        raise CannotCollect(
            "tube-registered",
            _("The tube %(barcode)s was registered before. Take another tube.")
            % {"barcode": ", ".join(twice)},
        ) from error


def _answer_orders(taken: Sequence[_Taken]) -> dict[int, int]:
    """Fill in which order each swab answers; the orders thereby needless, with their person."""
    due = _open_orders({root for t in taken for root in t.roots})
    needless: dict[int, int] = {}
    for each in taken:
        day = clock.local_date(each.tube.collected_at)
        named = _named(each, due)
        for root in each.roots:
            mine = due[root, each.tube.assay]
            order_id, earlier = named.get(root) or rules.answered(mine, day)
            each.answers[root] = order_id
            needless |= dict.fromkeys(earlier, root)
            due[root, each.tube.assay] = [o for o in mine if o.order_id not in {order_id, *earlier}]
    return needless


Open = dict[tuple[int, str], list[rules.Due]]


def _open_orders(roots: set[int]) -> Open:
    """Open orders by root and assay, held against cancelling (locked first and read afterwards)."""
    of_roots = Q(person__in=roots) | Q(person__merged_into__in=roots)
    waiting = TestOrder.objects.filter(of_roots, cancelled_at__isnull=True, sample__isnull=True)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    list(TestOrder.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    due: Open = defaultdict(list)
    still = waiting.filter(pk__in=ids).values_list(
        "person_id", "person__merged_into_id", "assay", "pk", "due_on"
    )
    for person, merged_into, assay, pk, due_on in still:
        due[merged_into or person, assay].append(rules.Due(pk, due_on))
    return due


def _named(taken: _Taken, due: Open) -> dict[int, tuple[int | None, tuple[int, ...]]]:
    """The orders that the caller named, by root; each must be open and of somebody in the tube."""
    if taken.named is None:
        return {}
    found: dict[int, tuple[int | None, tuple[int, ...]]] = dict.fromkeys(taken.roots, (None, ()))
    for order in taken.named:
        owner = next(
            (r for r in taken.roots if any(o.order_id == order.pk for o in due[r, taken.tube.assay])), None
        )
        if owner is None:
            raise CannotCollect(
                "order-not-open", _("One of the chosen orders is not open for the people in this tube.")
            )
        found[owner] = (order.pk, ())
    return found


def _add_members(taken: Sequence[_Taken]) -> list[list[TubeMember]]:
    rows = [
        [TubeMember(tube=t.tube, person_id=r, order_id=t.answers[r], event_id=uuid7()) for r in t.roots]
        for t in taken
    ]
    bulk.insert([m for members in rows for m in members])
    return rows


def _told_of(orders: Iterable[int | None]) -> dict[int, UUID]:
    """The TestOrdered event of each order."""
    found = TestOrder.objects.filter(pk__in=[pk for pk in orders if pk])
    return dict(found.values_list("pk", "event_id"))


def _collected(tube: Tube, member: TubeMember, causes: Mapping[int, UUID]) -> SampleCollected:
    return SampleCollected(
        id=member.event_id, person_id=member.person_id, place_id=tube.place_id, tube=tube.barcode,
        pooled=tube.pooled, happened_at=tube.collected_at, ref=f"testing.tube:{tube.pk}",
        caused_by=causes.get(member.order_id) if member.order_id else None,
    )  # fmt: skip
