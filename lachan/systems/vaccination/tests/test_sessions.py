"""Planning a session: where, when, how many, and from which lot."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lachan.core.errors import Refusal
from lachan.core.models import EventRow, Place
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Session
from lachan.systems.vaccination.tests.conftest import NOON, expired, keeper, received, store

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1, hours=-4)  # 08:00 in Viet Nam


def planned(site: Place, **more: Any) -> Session:
    given: dict[str, Any] = {
        "product": "vaxzevria", "starts_at": TOMORROW, "ends_at": TOMORROW + timedelta(hours=3), "tables": 2,
        "places": 60, "actor": keeper(), "at": NOON,
    }  # fmt: skip
    return commands.plan_session(site=site, **(given | more))


def refusal(site: Place, **more: Any) -> str:
    with pytest.raises(Refusal) as error:
        planned(site, **more)
    return error.value.code


@pytest.fixture
def site() -> Place:
    return store("Trạm y tế Hải Châu", parent=store("Kho TTYT"), site=True)


def test_a_session_is_planned_and_told(site: Place) -> None:
    session = planned(site)
    assert (session.places, session.taken, session.lot) == (60, 0, None)
    told = EventRow.objects.get(kind="SessionPlanned")
    assert (told.place_id, told.facts["places"]) == (site.pk, 60)


def test_without_a_lot_the_first_to_expire_with_enough_doses_is_planned(site: Place) -> None:
    assert site.parent is not None
    received(site, 100, days=300)
    received(site, 50, days=20)
    soon = received(site.parent, 80, days=60)
    commands.hold_lot(lot=received(site, 90, days=30), reason="Chờ", actor=keeper(), at=NOON)
    assert planned(site).lot == soon


def test_doses_at_the_site_and_at_its_store_count_together(site: Place) -> None:
    assert site.parent is not None
    lot = received(site.parent, 50, number="L1")
    received(site, 10, number="L1")
    assert planned(site, lot=lot).lot == lot
    assert refusal(site, lot=lot, places=61) == "not-enough-doses"


def test_a_lot_that_may_not_be_used_that_day_is_refused(site: Place) -> None:
    short = received(site, 100, days=0)
    held = received(site, 100)
    commands.hold_lot(lot=held, reason="Chờ", actor=keeper(), at=NOON)
    assert refusal(site, lot=short) == "lot-expired"
    assert refusal(site, lot=expired(site)) == "lot-expired"
    assert refusal(site, lot=held) == "lot-held"
    assert refusal(site, lot=received(site, 100, product="comirnaty")) == "lot-of-another-vaccine"


def test_sessions_are_held_at_open_sites(site: Place) -> None:
    assert site.parent is not None
    assert refusal(site.parent) == "not-a-site"
    Place.objects.filter(pk=site.pk).update(closed_at=NOON)
    site.refresh_from_db()
    assert refusal(site) == "store-closed"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (TOMORROW, TOMORROW, "session-hours"),
        (TOMORROW, TOMORROW - timedelta(hours=1), "session-hours"),
        (TOMORROW, TOMORROW + timedelta(hours=17), "session-hours"),
        (TOMORROW + timedelta(hours=14), TOMORROW + timedelta(hours=18), "session-hours"),
        (NOON - timedelta(hours=3), NOON, "session-past"),
    ],
)
def test_a_session_lies_ahead_within_a_day(
    site: Place, starts_at: datetime, ends_at: datetime, code: str
) -> None:
    assert refusal(site, starts_at=starts_at, ends_at=ends_at) == code


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ({"tables": 0}, "session-tables"),
        ({"tables": 201}, "session-tables"),
        ({"places": 0}, "session-places"),
        ({"places": 100_001}, "session-places"),
        ({"product": "aspirin"}, "product-unknown"),
    ],
)
def test_a_size_or_vaccine_that_cannot_be_is_refused(site: Place, size: dict[str, Any], code: str) -> None:
    assert refusal(site, **size) == code
