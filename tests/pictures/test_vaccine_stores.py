"""The pages of vaccine stores: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from pathlib import Path

import pytest

from lachan.core.models import Actor, Place, Role
from lachan.site import demo_stock
from lachan.systems.vaccination.models import LotHold, Transfer
from tests.pictures.looks import LOOKS, Open, look_at
from tests.town import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> Actor:
    """In the demo's campaign, half-way."""
    town = build()
    demo_stock.make()
    return town.staff[Role.VACCINE_OFFICER]


def addresses() -> dict[str, str]:
    site = Place.objects.filter(kind="vaccination_site", stocks__isnull=False).order_by("pk")[0]
    middle = Place.objects.filter(kind="store", parent__isnull=False).order_by("pk")[0]
    way, hold = Transfer.objects.get(received_at__isnull=True), LotHold.objects.get()
    return {
        "stores": "", "new-store": "stores/new", "store": f"stores/{middle.pk}/", "site": f"stores/{site.pk}/",
        "receipt": f"stores/{middle.pk}/receipt?scan=(01){demo_stock.GTIN}(17)270331(10)ABV1234",
        "send": f"stores/{middle.pk}/send", "write-off": f"stores/{site.pk}/write-off",
        "count": f"stores/{middle.pk}/count", "transfers": "transfers/", "arrival": f"transfers/{way.pk}/",
        "lots": "lots/", "lot-held": f"lots/{hold.lot_id}/", "days": "days/",
    }  # fmt: skip


def test_vaccine_stores_are_photographed_and_fit_the_screen(
    open_page: Open, officer: Actor, pictures: Path
) -> None:
    paths = {name: f"/vaccination/{path}" for name, path in addresses().items()}
    for scheme, width in LOOKS:
        look_at(open_page, paths, pictures, mark="vaccines", scheme=scheme, width=width, user=officer.user)
