"""The demo's declarations: made once, some of them feverish."""

from datetime import timedelta

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, EventRow, Role
from lachan.site import demo_declarations
from lachan.systems.declarations import queries
from lachan.systems.declarations.models import Declaration
from tests.rows import area_in, residents

pytestmark = pytest.mark.django_db


def test_some_of_the_commune_declare_each_day_and_a_few_have_a_fever() -> None:
    at = clock.now()
    commune = area_in(areas.country(), "d1", "Phường Một")
    residents(40, area=commune, at=at - timedelta(days=9))
    officer = Actor.objects.create(kind=ActorKind.STAFF, name="officer", created_at=at)
    posting = actors.post(officer, Role.COMMUNE_OFFICER, area=commune, at=at - timedelta(days=1))
    demo_declarations.make()
    told = EventRow.objects.count()
    demo_declarations.make()
    assert EventRow.objects.count() == told
    assert queries.declarations_of(posting).count() == Declaration.objects.count() == 28
    assert Declaration.objects.filter(symptoms__contains=["fever"]).count() == 4


def test_without_an_officer_there_is_nothing_to_show() -> None:
    demo_declarations.make()
    assert not Declaration.objects.exists()
