"""Which tubes, orders and results lie on the desk of a posting."""

from typing import NoReturn

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Area, Person, Place, PlaceKind, Posting, Role
from lachan.systems.testing.models import Batch, Pool, PoolTube, Result, TestOrder, Tube, TubeMember

NAMELESS = (Role.LAB_TECHNICIAN, Role.LAB_VERIFIER)
STATIONS = (
    PlaceKind.HEALTH_STATION,
    PlaceKind.QUARANTINE_SITE,
    PlaceKind.CONTROL_POST,
    PlaceKind.BORDER_GATE,
)


class NotHere(Refusal, Http404):
    """The same answer for "no such thing" and "not on your desk"; a page that is not found."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "not-on-this-desk", _("There is nothing with this number that your posting may see.")
        )


def may_read_names(posting: Posting) -> bool:
    """Laboratories know codes and birth years: names do not help a machine, and may hurt a person."""
    return posting.role not in NAMELESS


def home_of(posting: Posting) -> Area:
    """The area whose people lie on this desk: its own, or that of its place."""
    area = posting.area or (posting.place.area if posting.place else None)
    assert area is not None  # noqa: S101 (held by posting_over_an_area_or_at_a_place)
    return area


def at(posting: Posting, place: str) -> Q:
    """Rows whose `place` (a lookup) is the posting's own, or lies in its area."""
    if posting.place_id:
        return Q(**{f"{place}_id": posting.place_id})
    return areas.inside(f"{place}__area__", home_of(posting))


def orders_of(posting: Posting) -> QuerySet[TestOrder]:
    area = home_of(posting)
    mine = areas.inside("area__", area)
    return TestOrder.objects.filter(mine | Q(area__isnull=True) if area.level == 0 else mine)


def open_orders(posting: Posting) -> QuerySet[TestOrder]:
    return orders_of(posting).filter(cancelled_at__isnull=True, sample__isnull=True)


def places_of(posting: Posting) -> set[int]:
    """Where this posting reads results."""
    if posting.place_id:
        return {posting.place_id}
    kinds = (PlaceKind.LABORATORY, *STATIONS)
    found = Place.objects.filter(areas.inside("area__", home_of(posting)), kind__in=kinds)
    return set(found.values_list("pk", flat=True))


def tubes_of(posting: Posting) -> QuerySet[Tube]:
    """Tubes that were taken here, or that came here."""
    return Tube.objects.filter(at(posting, "place") | at(posting, "journey__batch__laboratory"))


def tube(posting: Posting, barcode: str) -> Tube:
    """The tube with this barcode, if it was here. Raises NotHere."""
    found = (
        tubes_of(posting)
        .filter(barcode=barcode)
        .select_related("place", "collected_by", "journey__batch__laboratory", "rejection", "pooling__pool")
    )
    return found.first() or _nothing()


def pools_of(posting: Posting) -> QuerySet[Pool]:
    return Pool.objects.filter(at(posting, "laboratory"))


def pool(posting: Posting, barcode: str) -> Pool | None:
    return pools_of(posting).filter(barcode=barcode).select_related("laboratory").first()


def batch(posting: Posting, number: int) -> Batch:
    """A box that was sent from here or to here. Raises NotHere."""
    found = Batch.objects.filter(at(posting, "laboratory") | at(posting, "from_place"), pk=number)
    return found.select_related("laboratory", "from_place", "sent_by", "received_by").first() or _nothing()


def result(posting: Posting, number: int) -> Result:
    """A result that was read here. Raises NotHere."""
    found = Result.objects.filter(at(posting, "place"), pk=number)
    return found.select_related("tube", "pool", "entered_by", "verified_by").first() or _nothing()


def order(posting: Posting, number: int) -> TestOrder:
    """An order on this desk. Raises NotHere."""
    return orders_of(posting).filter(pk=number).select_related("person").first() or _nothing()


def _nothing() -> NoReturn:
    raise NotHere


def stations(posting: Posting) -> QuerySet[Place]:
    """Where this posting takes samples: its place, or the stations of its area."""
    if posting.place_id:
        return Place.objects.filter(pk=posting.place_id)
    here = areas.inside("area__", home_of(posting))
    found = Place.objects.filter(here, kind__in=STATIONS, closed_at__isnull=True)
    return found.order_by("kind", "name", "pk")


def laboratories() -> QuerySet[Place]:
    """Every laboratory that works."""
    return Place.objects.filter(kind=PlaceKind.LABORATORY, closed_at__isnull=True).order_by("name", "pk")


def _live(of: str) -> Exists:
    live = Result.objects.filter(closed_at__isnull=True).exclude(
        verified_at__isnull=False, outcome="indeterminate"
    )
    return Exists(live.filter(**{of: OuterRef("pk")}))


def _waits_for_its_pool() -> Exists:
    unresolved = PoolTube.objects.filter(tube=OuterRef("pk"))
    resolved = Result.objects.filter(
        pool=OuterRef("pool"), closed_at__isnull=True, verified_at__isnull=False
    ).exclude(outcome="negative")
    return Exists(unresolved.exclude(Exists(resolved)))


def tubes_to_send(posting: Posting) -> QuerySet[Tube]:
    """PCR tubes that were taken here and never sent, oldest first."""
    return Tube.objects.filter(
        at(posting, "place"), assay="pcr", journey__isnull=True, rejection__isnull=True
    ).order_by("collected_at", "pk")


def batches_to_receive(posting: Posting) -> QuerySet[Batch]:
    return Batch.objects.filter(at(posting, "laboratory"), received_at__isnull=True).order_by("sent_at", "pk")


def tubes_to_test(posting: Posting) -> QuerySet[Tube]:
    """Tubes without a result: received here, or antigen tests that were taken here; not those whose pool decides."""
    here = Q(at(posting, "journey__batch__laboratory"), journey__batch__received_at__isnull=False)
    found = Tube.objects.filter(here | Q(at(posting, "place"), assay="antigen"), rejection__isnull=True)
    return found.exclude(_live("tube")).exclude(_waits_for_its_pool()).order_by("collected_at", "pk")


def pools_to_test(posting: Posting) -> QuerySet[Pool]:
    any_result = Result.objects.filter(pool=OuterRef("pk"), closed_at__isnull=True)
    found = pools_of(posting).exclude(Exists(any_result))
    return found.order_by("made_at", "pk")


def results_to_verify(posting: Posting) -> QuerySet[Result]:
    """Entered by anybody and verified by nobody; whoever entered one may not verify it."""
    found = Result.objects.filter(at(posting, "place"), verified_at__isnull=True, closed_at__isnull=True)
    return found.select_related("tube", "pool", "entered_by", "amends").order_by("entered_at", "pk")


def reach(posting: Posting) -> QuerySet[Person, int]:
    """Persons with whom a posting has a task though its area may not hold them: open orders on its desk, samples that
    it took, and for a collector at a station those who live around it. Laboratories reach nobody."""
    if posting.role not in (Role.SAMPLER, Role.COMMUNE_OFFICER, Role.HEALTH_OFFICER):
        return Person.objects.none().values_list("pk", flat=True)
    # A union of small sets: an OR would look at every person of the country.
    sets = [
        Person.objects.filter(pk__in=open_orders(posting).values("person")),
        Person.objects.filter(samples__in=TubeMember.objects.filter(at(posting, "tube__place"))),
    ]
    if posting.place_id and posting.role == Role.SAMPLER:
        sets.append(Person.objects.filter(areas.inside("home_area__", home_of(posting))))
    first, *rest = (found.values_list("pk", flat=True) for found in sets)
    return first.union(*rest)
