"""The pages of vessels and transfer lists: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from lachan.core import actors, clock
from lachan.core.models import Actor, Role
from lachan.systems.arrivals.commands.transfers import hand_over, make_transfer_list
from lachan.systems.arrivals.models import Conveyance, Manifest, TransferList
from lachan.systems.arrivals.tests.rows import at_gate, gate, officer
from lachan.systems.arrivals.tests.test_transfers import decisions
from lachan.systems.arrivals.tests.vessels import flight, full_cabin, landed, row, site, take
from tests.pictures.looks import LOOKS, Open, look_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officers(tmp_path: Path) -> tuple[Actor, Actor]:
    """Of a gate where a flight has landed and a list has left, and of the site to which it goes."""
    found, place, keeper = decisions(4), site(), officer()
    arrived = landed(flight("VN417", layout="1-6 ABC-DEF; !5"))
    take(tmp_path, arrived, *full_cabin((2, 3)), row(900, crew="x"), row(901, "5A"))
    on_the_way = make_transfer_list(
        gate=gate(), site=place, clearances=found[:3], actor=keeper, at=clock.now()
    )
    hand_over(transfer=on_the_way, actor=keeper, at=clock.now())
    actors.post(keeper, Role.SITE_MANAGER, at=clock.now(), place=place)
    return signed_in(at_gate().actor), signed_in(keeper)


def signed_in(actor: Actor) -> Actor:
    actor.user = User.objects.create_user(f"officer-{actor.pk}")
    actor.save()
    return actor


def addresses() -> dict[str, str]:
    vessel, sent = Conveyance.objects.get(number="VN417"), Manifest.objects.get()
    return {
        "list": "/arrivals/vessels/", "new": "/arrivals/vessels/new",
        "vessel": f"/arrivals/vessels/{vessel.pk}/?seat=3C",
        "upload": f"/arrivals/vessels/{vessel.pk}/list", "missing": f"/arrivals/vessels/{vessel.pk}/missing",
        "refused": f"/arrivals/lists/{sent.pk}/", "transfers": "/arrivals/transfers/",
        "new-transfer": "/arrivals/transfers/new",
    }  # fmt: skip


def test_vessels_are_photographed_and_fit_the_screen(
    open_page: Open, officers: tuple[Actor, Actor], pictures: Path
) -> None:
    gate_desk, receiving = addresses(), {"receive": f"/arrivals/transfers/{TransferList.objects.get().pk}/"}
    for scheme, width in LOOKS:
        for paths, who in ((gate_desk, officers[0]), (receiving, officers[1])):
            look_at(open_page, paths, pictures, mark="vessels", scheme=scheme, width=width, user=who.user)
