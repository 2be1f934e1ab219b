"""Declarations from kiosks, also those that were offline."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.dates import parse_birth_date
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.core.persons import Identity
from lachan.core.phones import parse_phone
from lachan.platform.api import Line, Permit, Problem, once
from lachan.systems.declarations import queries
from lachan.systems.declarations.commands import CannotDeclare, Sender, submit_declaration
from lachan.systems.declarations.rules.questionnaire import OUTCOMES

router = Router(tags=["declarations"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem}
MOST = 200
Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Text = Annotated[str, StringConstraints(max_length=300)]


class DeclarationIn(Schema):
    """One declaration; `key` is the kiosk's own, so that the same sent again is one. `area`: code of the commune;
    `birth` 5/3/1970, 3/1970 or 1970; `answers` by the codes of the questionnaire in force on the day."""

    key: UUID
    name: Line
    birth: Annotated[str, StringConstraints(max_length=20)]
    sex: Literal["m", "f", "x"]
    area: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    address: Line
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    made_at: AwareDatetime
    answers: dict[Code, bool | float | Text | Annotated[list[Code], Field(max_length=40)]] = Field(
        max_length=40
    )


class DeclarationsIn(Schema):
    declarations: list[DeclarationIn] = Field(min_length=1, max_length=MOST)


class TakenRow(Schema):
    row: int
    receipt: str
    outcome: str


class RefusedRow(Schema):
    """Row `row` (from 0) of the request and why it was not taken."""

    row: int
    code: str
    message: str


class BatchOut(Schema):
    """`taken` and `refused` together are `received`."""

    received: int
    taken: list[TakenRow]
    refused: list[RefusedRow]


@router.post("/batch", response={200: BatchOut} | REFUSED, auth=Permit(Permission.TAKE_DECLARATION))
def take_declarations(request: HttpRequest, wanted: DeclarationsIn) -> HttpResponse:
    """Take what a kiosk kept; each row is taken or refused by itself."""

    def run() -> tuple[int, Any]:
        taken: list[dict[str, Any]] = []
        refused: list[dict[str, Any]] = []
        for number, row in enumerate(wanted.declarations):
            try:
                with transaction.atomic():
                    taken.append({"row": number} | _take(request, row))
            except Refusal as refusal:
                refused.append({"row": number, "code": refusal.code, "message": str(refusal.message)})
        return 200, {"received": len(wanted.declarations), "taken": taken, "refused": refused}

    return once(request, run)


def _take(caller: Any, row: DeclarationIn) -> dict[str, Any]:
    at = clock.now()
    identity = Identity(
        name=row.name, birth=parse_birth_date(row.birth, clock.local_date(at)), sex=row.sex,
        home_area=_area(caller, row.area), address=row.address,
    )  # fmt: skip
    phone = parse_phone(row.phone) if row.phone else ""
    made = submit_declaration(
        form="general", about=identity, given=dict(row.answers), key=row.key, made_at=row.made_at, at=at,
        sender=Sender(channel="kiosk", provenance="assisted", phone=phone, actor=caller.actor),
    )  # fmt: skip
    return {"receipt": made.code, "outcome": OUTCOMES[made.outcome]}


def _area(caller: Any, code: str) -> Area:
    """The commune of this code on the ground of the kiosk's posting. Raises CannotDeclare."""
    here = areas.on(clock.local_date(clock.now())).filter(areas.inside("", queries.home_of(caller.posting)))
    found = here.filter(code=code, level=3).first() if code.isprintable() else None
    if found is None:
        raise CannotDeclare(
            "area-unknown", _("There is no commune with this code in the area of this posting.")
        )
    return found
