"""The collection desk: scan a tube, scan a person, next. One scan box takes everything.

With one person a tube, two scans are a saved sample: no key is pressed. With a shared tube the scan of the next tube
(or Enter in the empty box) saves the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lachan.codecs.bhyt import InsuranceCard
from lachan.codecs.cccd import CitizenCard
from lachan.codecs.person_qr import NationalQr, PersonCode, recognise
from lachan.core import access, clock, persons
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.events import Assay
from lachan.core.models import IdentifierKind, Person, Place
from lachan.platform import pages, policies
from lachan.systems.testing import commands, queries, rules
from lachan.systems.testing.models import AssayKind, TestOrder

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_SCAN = 4_000
FOUND_AT_MOST = 8
MOST_PLACES = 100  # in one list to choose from
STATE_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a scan: a band with a colour, a shape, a sound and a sentence."""

    kind: Literal["pass", "check", "stop"]
    word: "StrOrPromise"
    reason: "StrOrPromise"


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the table: a tube not yet saved and the people whose swabs are in it."""

    assay: Assay = "pcr"
    shared: bool = False
    place: int | None = None
    tube: str = ""
    people: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()
    saved: int = 0
    said: Said | None = None
    found: Sequence[Person] = field(default=())

    def says(self, kind: Literal["pass", "check", "stop"], word: Any, reason: Any, **more: Any) -> "Desk":
        return replace(self, said=Said(kind, word, reason), **more)


@door(Permission.COLLECT_SAMPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: DeskRequest) -> HttpResponse:
    """GET ?order= begins with the person of an order; POST takes one scan or one button."""
    places = list(queries.stations(request.posting)[:MOST_PLACES])
    desk = _kept(request, places) if request.method == "POST" else _begun(request, places)
    if request.method == "POST":
        desk = _step(request, desk, places)
    context = _shown(request, desk, places)
    template = "testing/_collect.html" if request.headers.get("HX-Request") else "testing/collect.html"
    refused = desk.said is not None and desk.said.kind == "stop"
    return render(request, template, context, status=422 if refused else 200)


def _salt(request: DeskRequest) -> str:
    return f"testing.collect.{request.posting.pk}"


def _kept(request: DeskRequest, places: Sequence[Place]) -> Desk:
    """The desk as the page brought it back. People stand in a signed text, so that a page cannot name others."""
    try:
        kept = signing.loads(request.POST.get("kept", ""), salt=_salt(request), max_age=STATE_SECONDS)
        desk = Desk(tube=kept["t"], people=tuple(kept["p"]), orders=tuple(kept["o"]), saved=kept["n"])
    except (signing.BadSignature, KeyError, TypeError):
        desk = Desk()
    assay = cast(Assay, request.POST.get("assay") if request.POST.get("assay") in AssayKind.values else "pcr")
    chosen = request.POST.get("place", "")
    place = next((p.pk for p in places if str(p.pk) == chosen), _first(places))
    return replace(desk, assay=assay, shared="shared" in request.POST, place=place)


def _first(places: Sequence[Place]) -> int | None:
    return places[0].pk if places else None


def _begun(request: DeskRequest, places: Sequence[Place]) -> Desk:
    desk = Desk(place=_first(places))
    if not (wanted := pages.number(request.GET.get("order"))):
        return desk
    order = queries.open_orders(request.posting).filter(pk=wanted).select_related("person").first()
    if order is None:
        return desk.says("check", _("NOTHING TO DO"), _("This test was taken or cancelled in the meantime."))
    root = order.person.root_id
    access.note_reads([root], request.posting, purpose=Purpose.TESTING, part="collection", at=clock.now())
    return replace(desk, people=(root,), orders=(order.pk,), assay=cast(Assay, order.assay))


def _step(request: DeskRequest, desk: Desk, places: Sequence[Place]) -> Desk:
    if not places:
        return desk.says("stop", _("NO PLACE"), _("Your posting has no place where samples are taken."))
    if "clear" in request.POST:
        return replace(desk, tube="", people=(), orders=())
    if "drop" in request.POST:
        kept = tuple(p for p in desk.people if str(p) != request.POST["drop"])
        return replace(desk, people=kept, orders=())
    chosen = request.POST.get("choose", "")
    text = (chosen or request.POST.get("scan", ""))[:LONGEST_SCAN].strip()
    if "save" in request.POST or not text:
        return _save(request, desk, places)
    return _scan(request, desk, places, text)


def _scan(request: DeskRequest, desk: Desk, places: Sequence[Place], text: str) -> Desk:
    """A person's code or card, a tube's barcode, or a name to look for."""
    person = _person(request, text)
    if person is not None:
        return _with_person(request, desk, places, person)
    barcode = rules.read_barcode(text)
    if barcode is not None:
        return _with_tube(request, desk, places, barcode)
    found = access.search(
        request.posting, pages.line(text), purpose=Purpose.TESTING, at=clock.now(), limit=FOUND_AT_MOST
    )
    if found:
        return desk.says("check", _("CHOOSE"), _("Choose the person in front of you."), found=tuple(found))
    return desk.says(
        "stop", _("UNKNOWN"), _("This is no code, no barcode of a tube, and no name that is known here.")
    )


def _person(request: DeskRequest, text: str) -> Person | None:
    scanned, at = recognise(text), clock.now()
    if isinstance(scanned, PersonCode):
        try:
            return access.presented(
                request.posting, code=scanned.code, purpose=Purpose.TESTING, part="collection", at=at
            )
        except access.NotVisible:
            return None
    numbers: Sequence[tuple[str, str]] = ()
    if isinstance(scanned, CitizenCard):
        numbers = [(IdentifierKind.NATIONAL_ID, scanned.number)]
    elif isinstance(scanned, InsuranceCard):
        numbers = [(IdentifierKind.HEALTH_INSURANCE, scanned.number)]
    elif isinstance(scanned, NationalQr):
        numbers = scanned.numbers
    holders = next((found for kind, n in numbers if (found := persons.with_identifier(kind, n))), [])
    if not holders:
        return None
    access.note_reads([holders[0].pk], request.posting, purpose=Purpose.TESTING, part="collection", at=at)
    return holders[0]


def _with_person(request: DeskRequest, desk: Desk, places: Sequence[Place], person: Person) -> Desk:
    if person.pk in desk.people:
        return desk.says("check", _("ALREADY IN"), _("This person is already in the tube."))
    people = (*desk.people, person.pk) if desk.shared else (person.pk,)
    desk = replace(desk, people=people, orders=())
    if desk.tube and not desk.shared:
        return _save(request, desk, places)
    return desk


def _with_tube(request: DeskRequest, desk: Desk, places: Sequence[Place], barcode: str) -> Desk:
    if desk.shared and desk.tube and desk.people:
        saved = _save(request, desk, places)
        return saved if saved.said and saved.said.kind == "stop" else replace(saved, tube=barcode)
    desk = replace(desk, tube=barcode)
    return _save(request, desk, places) if desk.people and not desk.shared else desk


def _save(request: DeskRequest, desk: Desk, places: Sequence[Place]) -> Desk:
    if not desk.tube:
        return desk.says("check", _("TUBE?"), _("Scan the barcode of the tube."))
    if not desk.people:
        return desk.says("check", _("PERSON?"), _("Scan the code of the person."))
    place = next(p for p in places if p.pk == desk.place)
    try:
        tube = commands.collect(
            barcode=desk.tube, persons=list(Person.objects.filter(pk__in=desk.people)), place=place,
            assay=desk.assay, actor=request.actor, at=clock.now(),
            orders=list(TestOrder.objects.filter(pk__in=desk.orders)) if desk.orders else None,
        )  # fmt: skip
    except Refusal as refusal:
        cleared = "" if refusal.code == "tube-registered" else desk.tube
        return desk.says("stop", _("NOT SAVED"), refusal.message, tube=cleared)
    sentence = ngettext(
        "Tube %(tube)s with %(people)d person.", "Tube %(tube)s with %(people)d people.", tube.size
    )
    reason = sentence % {"tube": tube.barcode, "people": tube.size}
    return desk.says("pass", _("SAVED"), reason, tube="", people=(), orders=(), saved=desk.saved + 1)


def _shown(request: DeskRequest, desk: Desk, places: Sequence[Place]) -> dict[str, Any]:
    day = clock.local_date(clock.now())
    rule = policies.at(day).testing
    found = {p.pk: p for p in Person.objects.filter(pk__in=desk.people)}
    kept = {"t": desk.tube, "p": desk.people, "o": desk.orders, "n": desk.saved}
    return {
        "desk": desk,
        "places": places,
        "all_places": queries.stations(request.posting).count(),
        "assays": AssayKind.choices,
        "kept": signing.dumps(kept, salt=_salt(request)),
        "people": [(pk, pages.person_line(found[pk]), _due(pk)) for pk in desk.people if pk in found],
        "found": [(p.code, pages.person_line(p)) for p in desk.found],
        "limit": rule.max_pool_at_collection,
        "basis": rule.basis,
    }


def _due(person: int) -> TestOrder | None:
    """The order that a sample of today answers."""
    open_orders = TestOrder.objects.filter(person=person, cancelled_at__isnull=True, sample__isnull=True)
    return open_orders.order_by("due_on", "pk").first()
