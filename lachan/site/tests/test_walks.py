"""The walks through the demonstration lead to pages that are there, and stand nowhere else."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lachan.core import access, actors, areas, clock
from lachan.core.models import Actor, ActorKind, Place, PlaceKind, Posting, Role
from lachan.core.places import open_place
from lachan.site.views.walks import AND_THEN, WALKS

pytestmark = pytest.mark.django_db


def test_outside_the_demonstration_there_are_none(client: Client) -> None:
    assert client.get("/walks").status_code == 404


def test_there_are_seven_and_each_step_is_a_link(client: Client, settings: Any) -> None:
    settings.LACHAN_DEMO = True
    page = client.get("/walks").content.decode()
    assert len(WALKS) == 7
    assert all(f'href="{step.url}"' in page for walk in WALKS for step in walk.steps)


def _posting(role: Role) -> Posting:
    at, area = clock.now(), areas.country()
    user = User.objects.create_user(f"walker-{role}")
    actor = Actor.objects.create(kind=ActorKind.STAFF, name=str(role), user=user, created_at=at)
    kinds = {
        Role.LAB_VERIFIER: PlaceKind.LABORATORY, Role.GATE_GUARD: PlaceKind.CONTROL_POST,
        Role.BORDER_OFFICER: PlaceKind.BORDER_GATE, Role.VACCINATOR: PlaceKind.VACCINATION_SITE,
    }  # fmt: skip
    if role not in kinds:
        return actors.post(actor, role, at=at, area=area)
    place: Place = open_place(kind=kinds[role], name="Nơi làm việc", area=area, at=at)
    return actors.post(actor, role, at=at, place=place)


@pytest.mark.parametrize("walk", [w for w in WALKS if w.role], ids=lambda walk: str(walk.role))
def test_whoever_walks_may_open_each_page(walk: object) -> None:
    assert isinstance(walk, type(WALKS[0]))
    assert walk.role
    posting = _posting(walk.role)
    browser = Client()
    browser.force_login(posting.actor.user)  # type: ignore[arg-type]
    for step in walk.steps:
        answer = browser.get(step.url, follow=True)
        assert answer.status_code == 200, step.page


def test_the_officer_of_the_centre_sees_the_rest() -> None:
    posting = _posting(Role.CENTRE_OFFICER)
    browser = Client()
    browser.force_login(posting.actor.user)  # type: ignore[arg-type]
    assert [browser.get(step.url).status_code for step in AND_THEN] == [200] * len(AND_THEN)
    assert access.may(posting, access.Permission.VIEW_SITUATION)
