"""Vessels for other programs: a carrier's system announces a journey, sends who is aboard, and says when it arrived."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path as File
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from lachan.core import clock
from lachan.core.access import Permission
from lachan.platform.api import INT_MAX, Line, Permit, Problem, once
from lachan.systems.arrivals import queries
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.commands.vessels import record_landing, register_conveyance
from lachan.systems.arrivals.models import Conveyance, Manifest
from lachan.systems.arrivals.rules.seats import LONGEST_LAYOUT

router = Router(tags=["arrivals"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]
Number = Annotated[int, Path(ge=1, le=INT_MAX)]
MOST_VESSELS, MOST_ROWS = 200, 5_000
FIELDS = ("name", "document", "nationality", "birth", "sex", "seat", "crew", "cabin")


class VesselIn(Schema):
    """`gate` by its code; `layout` as the page explains it, or the name of a type, or empty."""

    gate: Code
    kind: Literal["plane", "ship", "train", "coach", "car"]
    number: Annotated[Line, Field(max_length=20)]
    from_country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
    from_place: Annotated[Line, Field(max_length=120)] = ""
    departs_at: AwareDatetime
    arrives_at: AwareDatetime
    layout: Annotated[Line, Field(max_length=LONGEST_LAYOUT)] = ""


class VesselOut(Schema):
    """`aboard`: how many its lists name; `landed_at` null until it arrived."""

    number: int
    gate: str
    kind: str
    vehicle: str
    from_country: str
    departs_at: datetime
    arrives_at: datetime
    landed_at: datetime | None
    aboard: int


class PassengerIn(Schema):
    """`birth` 5/3/1970, 3/1970 or 1970; `cabin` counted from the front, of crew."""

    name: Line
    document: Annotated[Line, Field(max_length=40)]
    nationality: Annotated[Line, Field(max_length=60)] = ""
    birth: Annotated[Line, Field(max_length=20)] = ""
    sex: Literal["m", "f", "x", ""] = ""
    seat: Annotated[Line, Field(max_length=10)] = ""
    crew: bool = False
    cabin: int | None = Field(None, ge=1, le=40)


class PassengersIn(Schema):
    """The same rows sent again are the same list."""

    rows: list[PassengerIn] = Field(min_length=1, max_length=MOST_ROWS)


class RowOut(Schema):
    """`row` counts from 1."""

    row: int
    field: str
    code: str
    message: str


class ListOut(Schema):
    """Each row was taken (`already`: of them known before) or refused."""

    number: int
    read: int
    taken: int
    already: int
    refused: list[RowOut]


class LandingIn(Schema):
    departed_at: AwareDatetime
    landed_at: AwareDatetime


@router.get("/vessels", auth=Permit(Permission.VIEW_ARRIVALS), response={200: list[VesselOut], **REFUSED})
def find_vessels(request: Any, day: Annotated[date, Query()]) -> list[dict[str, Any]]:
    """Vessels to the posting's gates whose arrival is due on a day."""
    due = queries.vessels(request.posting).filter(arrives_on=day).order_by("arrives_at", "pk")
    found: list[Any] = list(queries.with_aboard(due)[:MOST_VESSELS])
    return [_vessel(one, one.aboard) for one in found]


@router.post("/vessels/new", auth=Permit(Permission.TAKE_MANIFEST), response={201: VesselOut, **REFUSED})
def announce_vessel(request: HttpRequest, sent: VesselIn) -> HttpResponse:
    """Announce a journey to a gate of the posting."""

    def run() -> tuple[int, Any]:
        gate = queries.gates_of(request.posting).filter(code=sent.gate).first()  # type: ignore[attr-defined]
        if gate is None:
            raise queries.NotHere
        given = sent.dict(exclude={"gate"})
        made = register_conveyance(gate=gate, actor=request.actor, at=clock.now(), **given)  # type: ignore[attr-defined]
        return 201, _vessel(made, 0)

    return once(request, run)


@router.post(
    "/vessels/{number}/passengers", auth=Permit(Permission.TAKE_MANIFEST), response={201: ListOut, **REFUSED}
)
def send_passengers(request: HttpRequest, sent: PassengersIn, number: Number) -> HttpResponse:
    """Who is aboard; every row is taken or refused with its reason."""

    def run() -> tuple[int, Any]:
        found = queries.vessel(request.posting, number)  # type: ignore[attr-defined]
        made = _import(found, sent.rows, request.actor)  # type: ignore[attr-defined]
        refused = [
            {"row": row - 1, "field": column, "code": code, "message": words}
            for row, column, code, words in made.refusals
        ]
        told = {"number": made.pk, "read": made.read, "taken": made.taken, "already": made.already}
        return 201, told | {"refused": refused}

    return once(request, run)


@router.post(
    "/vessels/{number}/landing", auth=Permit(Permission.TAKE_MANIFEST), response={200: VesselOut, **REFUSED}
)
def record_arrival(request: HttpRequest, sent: LandingIn, number: Number) -> HttpResponse:
    """The vessel has arrived; once."""

    def run() -> tuple[int, Any]:
        found = queries.vessel(request.posting, number)  # type: ignore[attr-defined]
        record_landing(conveyance=found, actor=request.actor, at=clock.now(), **sent.dict())  # type: ignore[attr-defined]
        return 200, _vessel(found, found.passengers.count())

    return once(request, run)


def _import(found: Conveyance, rows: Iterable[PassengerIn], actor: Any) -> Manifest:
    """As a file, so that there is one way to read a list."""
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(FIELDS)
        for row in rows:
            cabin = "" if row.cabin is None else row.cabin
            out.writerow(
                (row.name, row.document, row.nationality, row.birth, row.sex, row.seat, "x" if row.crew else "", cabin)
            )  # fmt: skip
        file.flush()
        return import_manifest(conveyance=found, file=File(file.name), actor=actor, at=clock.now())


def _vessel(one: Conveyance, aboard: int) -> dict[str, Any]:
    return {
        "number": one.pk, "gate": one.gate.code, "kind": one.kind, "vehicle": one.number,
        "from_country": one.from_country, "departs_at": one.departs_at, "arrives_at": one.arrives_at,
        "landed_at": one.landed_at, "aboard": aboard,
    }  # fmt: skip
