"""The demo's vaccines: made once, and every dose of them is accounted for."""

from datetime import timedelta

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, EventRow, Role
from lachan.site import demo_stock
from lachan.systems.vaccination import queries
from lachan.systems.vaccination.models import Lot, LotHold
from tests.rows import area_in

pytestmark = pytest.mark.django_db


def test_the_demo_tells_a_campaign_half_way() -> None:
    at = clock.now()
    province = area_in(areas.country(), "d48", "Thành phố Đà Nẵng", level=1)
    for number in range(4):
        area_in(province, f"d{number}", f"Phường {number}")
    officer = Actor.objects.create(kind=ActorKind.STAFF, name="officer", created_at=at)
    posting = actors.post(officer, Role.VACCINE_OFFICER, area=province, at=at - timedelta(days=1))
    demo_stock.make()
    told = EventRow.objects.count()
    demo_stock.make()
    assert EventRow.objects.count() == told
    assert Lot.objects.count() == 3
    assert LotHold.objects.count() == 1
    assert queries.out_of_account() == []
    assert all(found.adds_up for found in queries.accounts(Lot.objects.values_list("pk", flat=True)).values())
    assert queries.stores(posting).count() == 7
    [day] = queries.days_that_do_not_add_up(posting, at=at)
    assert day.missing == 3


def test_without_a_vaccine_officer_there_is_nothing_to_show() -> None:
    demo_stock.make()
    assert not Lot.objects.exists()
