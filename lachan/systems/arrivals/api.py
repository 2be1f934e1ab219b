"""Arrivals for other programs: an airline's check-in declares, a reader at the gate finds, the gate's own software
decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.core.dates import parse_birth_date
from lachan.core.models import Area
from lachan.core.persons import Identity
from lachan.core.phones import parse_phone
from lachan.platform.api import INT_MAX, Line, Permit, Problem, once
from lachan.systems.arrivals import commands, queries
from lachan.systems.arrivals.commands import CannotDeclareEntry, Finding, Journey, Traveller
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Gate
from lachan.systems.arrivals.queries import evidence, finding
from lachan.systems.arrivals.rules.counter import read

router = Router(tags=["arrivals"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]
MOST = 20


class DeclarationIn(Schema):
    """Form 01. `key` is the sender's own, so that the same sent again is one. `gate` by its code, `area` the commune's;
    `birth` 5/3/1970, 3/1970 or 1970; countries ISO 3166-1 alpha-3."""

    key: UUID
    name: Line
    birth: Annotated[str, StringConstraints(max_length=20)]
    sex: Literal["m", "f", "x", ""] = ""
    nationality: Country
    document_kind: Literal["passport", "national_id"] = "passport"
    document_number: Line
    gate: Code
    transport: Literal["plane", "ship", "train", "coach", "other"] = "plane"
    vehicle: Annotated[Line, Field(max_length=20)] = ""
    seat: Annotated[Line, Field(max_length=6)] = ""
    departed_on: date
    arrives_on: date
    from_country: Country
    from_place: Annotated[Line, Field(max_length=120)] = ""
    countries: list[Country] = Field([], max_length=19)
    area: Code
    address: Annotated[Line, Field(min_length=1)]
    phone: Annotated[str, StringConstraints(max_length=40)]
    symptoms: list[Code] = Field([], max_length=20)
    exposures: list[Code] = Field([], max_length=20)
    doses: int | None = Field(None, ge=0, le=20)
    vaccine: Annotated[Line, Field(max_length=60)] = ""
    last_dose_on: date | None = None
    recovered_on: date | None = None
    test_kind: Literal["", "pcr", "antigen"] = ""
    tested_at: AwareDatetime | None = None


class TravellerOut(Schema):
    """`duty`: what the rules propose of what was shown so far, or what was decided (`clearance`)."""

    number: int
    code: str
    short_code: str
    gate: str
    arrives_on: date
    vehicle: str
    seat: str
    duty: str
    days: int
    reasons: list[str]
    rule: str
    clearance: int | None


class TypedIn(Schema):
    """A code, five digits, a document's number or its machine-readable lines."""

    typed: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]


class FindingIn(Schema):
    temperature: Decimal = Field(ge=0, le=100, max_digits=4, decimal_places=1)
    seen: list[Literal["vaccination", "test", "recovery"]] = Field([], max_length=3)
    document_seen: bool = True
    duty: Literal["", "none", "test", "home", "facility"] = ""
    reason: Annotated[Line, Field(max_length=300)] = ""


class ClearanceOut(Schema):
    """`until`: the day on which the person is free again; null without a duty to stay apart."""

    clearance: int
    duty: str
    proposed: str
    days: int
    until: date | None
    test_dates: list[date]
    after_days: int
    reasons: list[str]
    rule: str
    decided_at: datetime


@router.post("/declarations", auth=Permit(Permission.CLEAR_ARRIVALS), response={201: TravellerOut, **REFUSED})
def declare_entry(request: HttpRequest, sent: DeclarationIn) -> HttpResponse:
    """Declare for a traveller; the number in the answer is for this posting's gate."""

    def run() -> tuple[int, Any]:
        at = clock.now()
        birth = parse_birth_date(sent.birth, clock.local_date(at))
        made = commands.declare_arrival(
            journey=_journey(sent, at), about=Identity(name=sent.name, birth=birth, sex=sent.sex), key=sent.key,
            sender=Traveller(declared_by="API", actor=request.actor), at=at,  # type: ignore[attr-defined]
        )  # fmt: skip
        return 201, _shown(made, at)

    return once(request, run)


def _journey(sent: DeclarationIn, at: datetime) -> Journey:
    given = sent.dict(exclude={"key", "name", "birth", "sex", "gate", "area", "address", "phone"})
    for name in ("countries", "symptoms", "exposures"):
        given[name] = tuple(given[name])
    return Journey(
        gate=_gate(sent.gate), destination_area=_area(sent.area, at), destination_address=sent.address,
        phone=parse_phone(sent.phone), **given,
    )  # fmt: skip


def _gate(code: str) -> Gate:
    found = Gate.objects.filter(code=code).first()
    if found is None:
        raise CannotDeclareEntry("gate-unknown", _("There is no border gate with this code."), "gate")
    return found


def _area(code: str, at: datetime) -> Area:
    found = areas.on(clock.local_date(at)).filter(code=code, level=3).first()
    if found is None:
        raise CannotDeclareEntry("area-unknown", _("There is no commune with this code."), "area")
    return found


@router.post("/find", auth=Permit(Permission.CLEAR_ARRIVALS), response={200: list[TravellerOut], **REFUSED})
def find_traveller(request: Any, sent: TypedIn) -> list[dict[str, Any]]:
    """Travellers of the posting's gates whom this code or number names; the looks are logged."""
    at = clock.now()
    day = clock.local_date(at)
    found = finding.found(request.posting, read(sent.typed, at=day), day=day)[:MOST]
    ids = [made.person.root_id for made in found]
    access.note_reads(ids, request.posting, purpose=Purpose.ENTRY, part="arrival counter, program", at=at)
    return [_shown(made, at) for made in found]


@router.post(
    "/travellers/{number}/clearance",
    auth=Permit(Permission.CLEAR_ARRIVALS),
    response={201: ClearanceOut, **REFUSED},
)
def clear_traveller(
    request: HttpRequest,
    sent: FindingIn,
    number: int = Path(ge=1, le=INT_MAX),  # type: ignore[type-arg]
) -> HttpResponse:
    """Decide about a traveller; once. Corrections are made on the page."""

    def run() -> tuple[int, Any]:
        made = queries.declaration(request.posting, number)  # type: ignore[attr-defined]
        done = commands.clear_arrival(
            declaration=made, gate=made.gate, finding=Finding(**sent.dict()), actor=request.actor, at=clock.now()  # type: ignore[attr-defined]
        )  # fmt: skip
        return 201, _decided(done)

    return once(request, run)


def _shown(made: ArrivalDeclaration, at: datetime) -> dict[str, Any]:
    done = queries.decision_on(made)
    proposed = evidence.shown_duty(made, at=at)
    return {
        "number": made.pk, "code": made.code, "short_code": made.short_code, "gate": made.gate.code,
        "arrives_on": made.arrives_on, "vehicle": made.vehicle, "seat": made.seat,
        "duty": done.duty if done else proposed.kind, "days": done.days if done else proposed.days,
        "reasons": list(done.reasons if done else proposed.reasons), "rule": done.rule_id if done else proposed.rule_id,
        "clearance": done.pk if done else None,
    }  # fmt: skip


def _decided(done: Clearance) -> dict[str, Any]:
    return {
        "clearance": done.pk, "duty": done.duty, "proposed": done.proposed, "days": done.days, "until": done.free_on,
        "test_dates": done.test_dates, "after_days": done.after_days, "reasons": done.reasons, "rule": done.rule_id,
        "decided_at": done.decided_at,
    }  # fmt: skip
