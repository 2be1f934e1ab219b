"""Every rule about vessels and transfer lists that the database refuses too, violated on purpose."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core.codes import new_code
from lachan.core.models import Person
from lachan.core.sealed import blind_index
from lachan.systems.arrivals.models import (
    Clearance,
    Conveyance,
    Manifest,
    Passenger,
    TransferLine,
    TransferList,
)
from lachan.systems.arrivals.tests import rows, vessels
from lachan.systems.arrivals.tests.rows import NOON
from lachan.systems.arrivals.tests.vessels import HOUR
from tests.rows import residents

pytestmark = pytest.mark.django_db
OURS = (Conveyance, Manifest, Passenger, TransferList, TransferLine)


class Rows:
    """One sound row of each table; `more` spoils it."""

    def __init__(self) -> None:
        self.officer = vessels.system()
        self.vessel = vessels.flight("VN1")

    def conveyance(self, **more: Any) -> Conveyance:
        given = {
            "place": vessels.site(), "gate": rows.gate(), "kind": "plane", "number": "VN2", "from_country": "KOR",
            "departs_at": NOON, "arrives_at": NOON + HOUR, "arrives_on": NOON.date(), "registered_at": NOON,
            "registered_by": self.officer,
        }  # fmt: skip
        return Conveyance.objects.create(**given | more)

    def manifest(self, **more: Any) -> Manifest:
        given = {
            "conveyance": self.vessel, "digest": b"1", "read": 2, "taken": 1, "already": 0, "refused": 1,
            "taken_at": NOON, "taken_by": self.officer,
        }  # fmt: skip
        return Manifest.objects.create(**given | more)

    def person(self) -> Person:
        return residents(1, area=vessels.province(), at=NOON)[0]

    def passenger(self, document: str = "C1", **more: Any) -> Passenger:
        given = {
            "conveyance": self.vessel, "manifest": Manifest.objects.first() or self.manifest(),
            "document_kind": "passport", "document_index": blind_index("passport", document), "listed_at": NOON,
        }  # fmt: skip
        return Passenger.objects.create(
            **{"person": more.pop("person", None) or self.person()} | given | more
        )

    def list(self, **more: Any) -> TransferList:
        given = {
            "code": new_code(), "gate": rows.gate(), "site": vessels.site(), "made_at": NOON,
            "made_by": self.officer,
        }  # fmt: skip
        return TransferList.objects.create(**given | more)

    def line(self, **more: Any) -> TransferLine:
        person = self.person()
        given = {"transfer": self.list(), "clearance": self.clearance(person), "person": person}
        return TransferLine.objects.create(**given | more)

    def clearance(self, person: Person) -> Clearance:
        return vessels.cleared(vessels.declared(person, self.vessel, "C9"))


def twice(make: Callable[..., object], **same: Any) -> None:
    make(**same)
    make(**same)


def same_person_twice(rows: Rows) -> None:
    person = rows.person()
    for document in "AB":
        rows.passenger(document, person=person)


VIOLATIONS: dict[str, Callable[[Rows], object]] = {
    "conveyance_once_a_day": lambda r: twice(r.conveyance),
    "conveyance_kind_and_number": lambda r: r.conveyance(number="VN 2"),
    "conveyance_arrives_after_departing": lambda r: r.conveyance(arrives_at=NOON),
    "conveyance_lands_after_departing": lambda r: r.conveyance(landed_at=NOON),
    "manifest_once_a_conveyance": lambda r: twice(r.manifest),
    "manifest_rows_add_up": lambda r: r.manifest(read=3),
    "passenger_document_once_aboard": lambda r: twice(r.passenger),
    "passenger_once_aboard": same_person_twice,
    "passenger_alone_in_a_seat": lambda r: [r.passenger(n, seat="3A") for n in "AB"],
    "passenger_rows_forward": lambda r: r.passenger(crew=True, row_from=4, row_to=3),
    "passenger_sits_in_one_row": lambda r: r.passenger(row_from=3, row_to=4),
    "passenger_document_known": lambda r: r.passenger(document_kind="phone"),
    "transfer_list_leaves_whole": lambda r: r.list(left_at=NOON),
    "transfer_list_received_whole": lambda r: r.list(
        left_at=NOON, handed_by=r.officer, received_at=NOON, received_by=r.officer
    ),
    "transfer_line_absence_explained": lambda r: r.line(came=False),
}  # fmt: skip


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_refuses(name: str) -> None:
    rows = Rows()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VIOLATIONS[name](rows)


def test_every_constraint_of_vessels_is_violated_here() -> None:
    named = {constraint.name for model in OURS for constraint in model._meta.constraints}
    assert named == set(VIOLATIONS)


def test_one_decision_stands_on_one_list() -> None:
    rows = Rows()
    line = rows.line()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.line(clearance=line.clearance)
