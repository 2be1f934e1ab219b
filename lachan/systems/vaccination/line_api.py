"""The line of a site for other programs: step by step, or whole records, up to 200 in a call."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.errors import Refusal
from lachan.platform.api import INT_MAX, Permit, Problem, Prose, once
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import Examined, LineRecord
from lachan.systems.vaccination.commands.line.recording import MOST_AT_ONCE
from lachan.systems.vaccination.models import Dose
from lachan.systems.vaccination.queries import line as queries
from lachan.systems.vaccination.rules.screening import Signs

router = Router(tags=["vaccination"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
LINE = Permit(Permission.WORK_LINE)
Code = Annotated[str, Field(min_length=1, max_length=8, pattern=r"^[0-9a-z]+$")]
Number = Annotated[int, Field(ge=1, le=INT_MAX)]


class ReceptionIn(Schema):
    """`code`: the text of a personal code, a certificate of ours or a card. `walk_in`: also who was not invited."""

    code: str = Field(min_length=1, max_length=8_000)
    walk_in: bool = False


class VisitOut(Schema):
    """`number` is called out; `person` is the personal code."""

    visit: int
    number: int
    person: str
    name: str
    walk_in: bool


class SignsIn(Schema):
    """°C, a minute, mmHg."""

    temperature: float | None = Field(None, ge=30, le=45)
    pulse: int | None = Field(None, ge=20, le=250)
    systolic: int | None = Field(None, ge=40, le=300)
    diastolic: int | None = Field(None, ge=20, le=200)
    breaths: int | None = Field(None, ge=4, le=80)
    usual_systolic: int | None = Field(None, ge=40, le=300)


class ScreeningIn(Schema):
    """`answers` by the code of the question, true for yes. `defer_until` where the conclusion is to wait."""

    answers: dict[Code, bool] = Field(max_length=40)
    signs: SignsIn
    consent: bool
    guardian: Prose = Field("", max_length=200)
    mix_consent: bool = False
    weak_immunity: bool = False
    careful_here: bool = False
    pressure_needed: bool = False
    defer_until: date | None = None
    note: Prose = Field("", max_length=500)


class ScreeningOut(Schema):
    """`outcome`: eligible, contraindicated, defer, hospital, careful; `because`: questions and signs."""

    outcome: str
    because: list[str]


class InjectionIn(Schema):
    vial: Number
    table: int = Field(ge=1, le=200)


class DoseOut(Schema):
    """`kind` primary, additional or booster, number `dose_number` of it."""

    dose: int
    visit: int
    kind: str
    dose_number: int
    given_on: date


class WatchIn(Schema):
    well: bool
    note: Prose = Field("", max_length=500)


class LeavingIn(Schema):
    ending: Literal["", "done", "sent_away", "left"]


class ReasonIn(Schema):
    reason: Prose = Field(min_length=1, max_length=500)


class DoneOut(Schema):
    done: bool


class VialIn(Schema):
    lot: Number


class VialOut(Schema):
    vial: int
    left: int
    use_by: str


class RecordIn(ScreeningIn):
    """A whole visit: who, examined how, out of which vial, at which table."""

    code: str = Field(min_length=1, max_length=8_000)
    vial: Number
    table: int = Field(ge=1, le=200)
    walk_in: bool = False


class RecordsIn(Schema):
    session: Number
    records: list[RecordIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class RecordOut(Schema):
    """In the order of the records: the dose, or the `code` and `message` of the refusal."""

    dose: int | None
    number: int | None
    code: str
    message: str


@router.post("/sessions/{number}/visits", auth=LINE, response={200: VisitOut, **REFUSED})
def receive_person(request: HttpRequest, number: int, body: ReceptionIn) -> HttpResponse:
    """Receive who shows this code. With an `Idempotency-Key` the same request may be sent again."""
    return once(request, lambda: (200, _receive(request, number, body)))


def _receive(request: Any, number: int, body: ReceptionIn) -> dict[str, Any]:
    session, at = queries.line_session(request.posting, _number(number)), clock.now()
    person, how = commands.who_came(text=body.code, actor=request.actor, at=at)
    visit = commands.receive(
        session=session, person=person, known_by=how, walk_in=body.walk_in, actor=request.actor, at=at
    )
    access.note_reads([person.pk], request.posting, purpose=Purpose.VACCINATION, part="line", at=at)
    return {
        "visit": visit.pk, "number": visit.number, "person": format_code(person.code), "name": person.name,
        "walk_in": visit.walk_in,
    }  # fmt: skip


@router.post("/visits/{number}/screening", auth=LINE, response={200: ScreeningOut, **REFUSED})
def screen_visit(request: HttpRequest, number: int, body: ScreeningIn) -> HttpResponse:
    """Answers and signs; the conclusion is computed."""
    return once(request, lambda: (200, _screen(request, number, body)))


def _screen(request: Any, number: int, body: ScreeningIn) -> dict[str, Any]:
    form = commands.screen(
        visit=queries.line_visit(request.posting, _number(number)), examined=_examined(body), actor=request.actor,
        at=clock.now(),
    )  # fmt: skip
    return {"outcome": form.outcome, "because": form.because}


def _examined(body: ScreeningIn) -> Examined:
    given = body.dict(include=set(Examined.__dataclass_fields__) - {"signs"})
    return Examined(**given, signs=Signs(**body.signs.dict()))


@router.post("/visits/{number}/dose", auth=LINE, response={200: DoseOut, **REFUSED})
def inject_visit(request: HttpRequest, number: int, body: InjectionIn) -> HttpResponse:
    """Give a dose of the vial: the record, the event and the certificate are one."""
    return once(request, lambda: (200, _inject(request, number, body)))


def _inject(request: Any, number: int, body: InjectionIn) -> dict[str, Any]:
    visit = queries.line_visit(request.posting, _number(number))
    vial = queries.line_vial(visit.session, body.vial)
    return _shown(
        commands.inject(visit=visit, vial=vial, table=body.table, actor=request.actor, at=clock.now())
    )


def _shown(dose: Dose) -> dict[str, Any]:
    return {
        "dose": dose.pk, "visit": dose.visit_id, "kind": dose.kind, "dose_number": dose.number,
        "given_on": dose.given_on,
    }  # fmt: skip


@router.post("/visits/{number}/observation", auth=LINE, response={200: DoneOut, **REFUSED})
def end_watch(request: HttpRequest, number: int, body: WatchIn) -> HttpResponse:
    """The watch is over, or something was noticed."""
    return once(request, lambda: (200, _watch(request, number, body)))


def _watch(request: Any, number: int, body: WatchIn) -> dict[str, Any]:
    visit = queries.line_visit(request.posting, _number(number))
    commands.end_observation(visit=visit, well=body.well, note=body.note, actor=request.actor, at=clock.now())
    return {"done": True}


@router.post("/visits/{number}/leaving", auth=LINE, response={200: DoneOut, **REFUSED})
def let_go(request: HttpRequest, number: int, body: LeavingIn) -> HttpResponse:
    """The person goes."""
    return once(request, lambda: (200, _leave(request, number, body)))


def _leave(request: Any, number: int, body: LeavingIn) -> dict[str, Any]:
    visit = queries.line_visit(request.posting, _number(number))
    commands.leave(visit=visit, ending=body.ending, actor=request.actor, at=clock.now())
    return {"done": True}


@router.post("/doses/{number}/withdrawal", auth=LINE, response={200: DoneOut, **REFUSED})
def take_dose_back(request: HttpRequest, number: int, body: ReasonIn) -> HttpResponse:
    """A dose was written down by mistake, in a visit that is open."""
    return once(request, lambda: (200, _withdraw(request, number, body)))


def _withdraw(request: Any, number: int, body: ReasonIn) -> dict[str, Any]:
    dose = queries.line_dose(request.posting, _number(number))
    commands.withdraw_dose(dose=dose, reason=body.reason, actor=request.actor, at=clock.now())
    return {"done": True}


@router.post("/sessions/{number}/vials", auth=LINE, response={200: VialOut, **REFUSED})
def open_vial(request: HttpRequest, number: int, body: VialIn) -> HttpResponse:
    """Open a vial of a lot that stands at the site."""
    return once(request, lambda: (200, _open(request, number, body)))


def _open(request: Any, number: int, body: VialIn) -> dict[str, Any]:
    session = queries.line_session(request.posting, _number(number))
    lot = queries.line_lot(session, body.lot)
    vial = commands.open_vial(
        store=session.site, lot=lot, session=session, actor=request.actor, at=clock.now()
    )
    return {"vial": vial.pk, "left": vial.left, "use_by": vial.use_by.isoformat()}


@router.post("/records", auth=LINE, response={200: list[RecordOut], **REFUSED})
def record_visits(request: HttpRequest, body: RecordsIn) -> HttpResponse:
    """Whole visits of a session. Each is judged by itself; what is refused says why, the others are given.

    With an `Idempotency-Key` the same records sent again change nothing and get the same answer.
    """
    return once(request, lambda: (200, _record(request, body)))


def _record(request: Any, body: RecordsIn) -> list[dict[str, Any]]:
    session, at = queries.line_session(request.posting, body.session), clock.now()
    known = commands.people_who_came(texts=[r.code for r in body.records], actor=request.actor, at=at)
    records = [
        LineRecord(
            person_id=who[0].pk if who else 0, known_by=who[1] if who else "code", examined=_examined(record),
            vial=record.vial, table=record.table, walk_in=record.walk_in,
        )
        for record, who in zip(body.records, known, strict=True)
    ]  # fmt: skip
    done = commands.record_doses(session=session, records=records, actor=request.actor, at=at)
    return [_answer(each) for each in done]


def _answer(done: Dose | Refusal) -> dict[str, Any]:
    if isinstance(done, Refusal):
        return {"dose": None, "number": None, "code": done.code, "message": str(done.message)}
    return {
        "dose": done.pk, "number": done.visit.number if done.visit else None, "code": "given", "message": "",
    }  # fmt: skip


def _number(number: int) -> int:
    return number if 0 < number <= INT_MAX else 0
