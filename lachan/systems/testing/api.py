"""Testing for instruments, laboratory systems and stations that were offline."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform.api import INT_MAX, Permit, Problem, once
from lachan.systems.testing import commands, queries, rules
from lachan.systems.testing.commands import Collection, ResultEntry, TestRequest
from lachan.systems.testing.models import Result, Tube

router = Router(tags=["testing"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_TUBES, MOST_RESULTS = 200, 1000

Short = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class OrderIn(Schema):
    person: Code
    assay: Literal["pcr", "antigen"] = "pcr"
    reason: Literal["symptoms", "indicated", "screening", "repeat"] = "indicated"
    due_on: date = Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))


class TubeIn(Schema):
    """One tube with the codes of the people in it. `collected_at` is the time at the station, with its zone; `place`
    the code of the station where the posting has several."""

    barcode: Code
    persons: list[Code] = Field(min_length=1, max_length=100)
    assay: Literal["pcr", "antigen"] = "pcr"
    place: Code | None = None
    collected_at: AwareDatetime | None = None


class TubesIn(Schema):
    tubes: list[TubeIn] = Field(min_length=1, max_length=MOST_TUBES)


class ResultIn(Schema):
    """One line of a run. `ct` maps ORF1ab, N, E, RdRp or S to a value from 1 to 50."""

    barcode: Code
    outcome: Short
    assay: Literal["pcr", "antigen"] | None = None
    ct: dict[Short, float] = Field(default_factory=dict, max_length=8)
    instrument: Short = ""
    kit_lot: Annotated[Short, StringConstraints(max_length=40)] = ""


class ResultsIn(Schema):
    results: list[ResultIn] = Field(min_length=1, max_length=MOST_RESULTS)


class NumbersIn(Schema):
    results: list[Annotated[int, Field(ge=1, le=INT_MAX)]] = Field(min_length=1, max_length=MOST_RESULTS)


class RefusedRow(Schema):
    """Line `row` (from 0) of the request and why it was not taken."""

    row: int
    barcode: str
    code: str
    message: str


class TakenRow(Schema):
    row: int
    barcode: str
    number: int


class IntakeOut(Schema):
    """`taken` and `refused` together are `received`."""

    received: int
    taken: list[TakenRow]
    refused: list[RefusedRow]


class ResultOut(Schema):
    number: int
    outcome: str
    ct: dict[str, float]
    verified: bool
    in_force: bool
    amends: int | None


class TubeOut(Schema):
    """A tube without the people in it."""

    barcode: str
    assay: str
    people: int
    collected_at: AwareDatetime
    rejected: str | None
    results: list[ResultOut]


@router.post("/orders", response={201: dict[str, int]} | REFUSED, auth=Permit(Permission.ORDER_TEST))
def order(request: HttpRequest, wanted: OrderIn) -> HttpResponse:
    """Order one test."""
    caller: Any = request

    def run() -> tuple[int, Any]:
        at = clock.now()
        person = access.person(
            caller.posting, code=wanted.person, purpose=Purpose.TESTING, part="test order", at=at
        )
        ask = TestRequest(person_id=person.pk, assay=wanted.assay, reason=wanted.reason, due_on=wanted.due_on)
        [number] = commands.order_tests(requests=[ask], actor=caller.actor, at=at)
        return 201, {"number": number}

    return once(request, run)


@router.post("/tubes", response={200: IntakeOut} | REFUSED, auth=Permit(Permission.COLLECT_SAMPLE))
def collect(request: HttpRequest, sent: TubesIn) -> HttpResponse:
    """Register tubes, line by line: what cannot be taken is named with its reason, the rest is kept."""
    caller: Any = request

    def run() -> tuple[int, Any]:
        places = _stations(caller, {line.place for line in sent.tubes if line.place})
        taken, refused = [], []
        for row, line in enumerate(sent.tubes):
            try:
                tube = _collect(caller, line, places)
                taken.append({"row": row, "barcode": tube.barcode, "number": tube.pk})
            except Refusal as refusal:
                refused.append(_refused(row, line.barcode, refusal.code, refusal.message))
        return 200, {"received": len(sent.tubes), "taken": taken, "refused": refused}

    return once(request, run)


def _stations(caller: Any, named: set[str]) -> list[Place]:
    """The posting's first station, for tubes that name none, and those that are named."""
    mine = queries.stations(caller.posting)
    return [*mine[:1], *mine.filter(code__in=[code for code in named if code.isalnum()])]


@transaction.atomic
def _collect(caller: Any, line: TubeIn, places: Sequence[Place]) -> Tube:
    at = clock.now()
    place = next((p for p in places if line.place is None or p.code == line.place), None)
    if place is None:
        raise queries.NotHere
    people = [
        access.presented(caller.posting, code=code, purpose=Purpose.TESTING, part="collection", at=at)
        for code in line.persons
    ]
    taken = Collection(
        barcode=line.barcode, persons=people, place=place, assay=line.assay, collected_at=line.collected_at
    )
    return commands.collect_many(collections=[taken], actor=caller.actor, at=at)[0]


def _refused(row: int, barcode: str, code: str, message: object) -> dict[str, Any]:
    return {"row": row, "barcode": barcode, "code": code, "message": str(message)}


@router.post("/results", response={200: IntakeOut} | REFUSED, auth=Permit(Permission.ENTER_RESULT))
def enter(request: HttpRequest, sent: ResultsIn) -> HttpResponse:
    """Enter the results of a run, line by line. Nobody is told before a second person verified them."""
    caller: Any = request
    entries = [
        ResultEntry(
            barcode=line.barcode, outcome=line.outcome, ct=line.ct, instrument=line.instrument,
            kit_lot=line.kit_lot, assay=line.assay,
        )
        for line in sent.results
    ]  # fmt: skip

    def run() -> tuple[int, Any]:
        places = queries.places_of(caller.posting)
        intake = commands.take_results(entries=entries, actor=caller.actor, at=clock.now(), places=places)
        refused = {r.row: _refused(r.row, r.barcode, r.code, r.message) for r in intake.refused}
        rows = [row for row in range(len(entries)) if row not in refused]
        taken = [
            {"row": row, "barcode": result.subject.barcode, "number": result.pk}
            for row, result in zip(rows, intake.taken, strict=True)
        ]
        return 200, {"received": len(entries), "taken": taken, "refused": list(refused.values())}

    return once(request, run)


@router.post(
    "/results/verify", response={200: dict[str, int]} | REFUSED, auth=Permit(Permission.VERIFY_RESULT)
)
def verify(request: HttpRequest, sent: NumbersIn) -> HttpResponse:
    """Verify results that somebody else entered: all of them or none."""
    caller: Any = request

    def run() -> tuple[int, Any]:
        wanted = set(sent.results)
        found = list(queries.results_to_verify(caller.posting).filter(pk__in=wanted))
        if len(found) < len(wanted):
            raise queries.NotHere
        return 200, {
            "verified": len(commands.verify_results(results=found, actor=caller.actor, at=clock.now()))
        }

    return once(request, run)


@router.get("/tubes/{barcode}", response={200: TubeOut} | REFUSED, auth=Permit(Permission.VIEW_TESTS))
def tube(request: HttpRequest, barcode: str) -> dict[str, Any]:
    """Where a tube of this desk stands."""
    caller: Any = request
    found = queries.tube(caller.posting, rules.read_barcode(barcode[:64]) or "")
    rejection = getattr(found, "rejection", None)
    return {
        "barcode": found.barcode, "assay": found.assay, "people": found.size, "collected_at": found.collected_at,
        "rejected": rejection.reason if rejection else None,
        "results": [_result(r) for r in found.results.order_by("entered_at", "pk")],
    }  # fmt: skip


def _result(result: Result) -> dict[str, Any]:
    return {
        "number": result.pk, "outcome": result.outcome, "ct": result.ct, "amends": result.amends_id,
        "verified": result.verified_at is not None,
        "in_force": result.verified_at is not None and result.closed_at is None,
    }  # fmt: skip
