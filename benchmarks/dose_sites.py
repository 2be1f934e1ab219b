"""Vaccination sites for the benchmark of doses: a session each, people who wait and vials that are open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lachan.core.models import Area
    from lachan.systems.vaccination.models import Lot, Session

PRODUCT, VIAL = "vaxzevria", 10
QUESTIONS = ("1", "2", "3", "4a", "4b", "5", "6", "7", "8", "9")
EXAMINED = {
    "answers": dict.fromkeys(QUESTIONS, False), "signs": {"temperature": 36.6, "pulse": 76}, "consent": True,
}  # fmt: skip


@dataclass
class Site:
    """A vaccination site with a session, its own token, opened vials and people who wait."""

    session: "Session"
    lot: "Lot"
    token: str
    codes: Iterator[str]
    vials: Iterator[int]

    def record(self) -> dict[str, Any]:
        return EXAMINED | {"code": next(self.codes), "vial": next(self.vials), "table": 1, "walk_in": True}


def open_site(number: int, people: int, area: "Area", *, places: int) -> Site:
    from lachan.core import actors, clock
    from lachan.core.models import Actor, ActorKind, Role
    from lachan.platform.api import token_hash
    from lachan.systems.vaccination import commands
    from tests.rows import residents

    at, token = clock.now(), f"{number:043d}"
    staff = Actor.objects.create(
        kind=ActorKind.STAFF, name=f"staff {number}", created_at=at, token_hash=token_hash(token)
    )
    place = commands.open_store(name=f"Site {number}", area=area, actor=staff, at=at, site=True)
    actors.post(staff, Role.VACCINATOR, at=at - timedelta(days=1), place=place)
    receipt = commands.record_receipt(
        store=place, product=PRODUCT, number=f"LOT{number}", expires_on=clock.local_date(at) + timedelta(days=90),
        doses=200_000, actor=staff, at=at,
    )  # fmt: skip
    session = commands.plan_session(
        site=place, product=PRODUCT, starts_at=at, ends_at=at + timedelta(hours=1), tables=3, places=places,
        lot=receipt.lot, actor=staff, at=at,
    )  # fmt: skip
    codes = iter([f"LC1:{person.code}" for person in residents(people, area=area, at=at)])
    return Site(session, receipt.lot, token, codes, opened(session, -(-people // VIAL), VIAL))


def opened(session: "Session", vials: int, doses: int) -> Iterator[int]:
    """The keys of vials that are open, each once for each of its doses."""
    from lachan.core import clock
    from lachan.systems.vaccination.models import Movement, Vial

    at, by, lot = clock.now(), session.planned_by_id, session.lot_id or 0
    made = Vial.objects.bulk_create(
        Vial(
            store_id=session.site_id, lot_id=lot, session=session, doses=doses, most=doses, opened_at=at,
            use_by=at + timedelta(hours=6), opened_by_id=by,
        )
        for _ in range(vials)
    )  # fmt: skip
    Movement.objects.bulk_create(
        Movement(
            kind="opened", store_id=vial.store_id, lot_id=lot, vial=vial, doses=doses, happened_at=at, recorded_by_id=by
        )
        for vial in made
    )  # fmt: skip
    return (vial.pk for vial in made for _ in range(doses))
