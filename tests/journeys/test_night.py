"""What the night adds: whom a contact met after being found, before being kept apart."""

import pytest

from lachan.core import actors
from lachan.systems.quarantine.models import Order
from lachan.systems.tracing.commands.upkeep import refresh_contacts
from tests.town import Town, moment

pytestmark = pytest.mark.django_db


def test_who_lives_with_a_contact_found_early_is_found_in_the_night(town: Town) -> None:
    home = town.household()
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", home=home, sex="m")
    tu = town.resident("Lê Thị Tư", home=home)
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9))
    town.test(hoa, outcome="positive", at=moment(1, 8))
    town.loop(moment(1, 8))
    assert Order.objects.filter(person=ba).exists()
    assert not Order.objects.filter(person=tu).exists()  # on the first day Ba could not yet infect anybody

    for day in (2, 3):
        refresh_contacts(actor=actors.system(at=moment(day, 1)), at=moment(day, 1))
        town.loop(moment(day, 1))
    [order] = Order.objects.filter(person=tu)
    assert order.terms.get().subject == "F2"
    refresh_contacts(actor=actors.system(at=moment(4, 1)), at=moment(4, 1))
    town.loop(moment(4, 1))
    assert Order.objects.filter(person=tu).count() == 1


def test_whom_a_case_met_is_found_although_the_scan_came_late(town: Town) -> None:
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
    town.visit(hoa, town.market, moment(1, 9))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    town.visit(ba, town.market, moment(1, 9))
    assert not Order.objects.filter(person=ba).exists()
    for day in (3, 4):
        refresh_contacts(actor=actors.system(at=moment(day, 1)), at=moment(day, 1))
        town.loop(moment(day, 1))
    [order] = Order.objects.filter(person=ba)
    assert order.terms.get().subject == "F1"
