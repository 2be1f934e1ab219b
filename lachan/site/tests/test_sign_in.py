"""The sign-in page, and what the demo adds to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lachan.core import actors, clock
from lachan.core.models import Actor, ActorKind, EventRow
from lachan.site import demo, sign_in

pytestmark = pytest.mark.django_db
SHOWN = demo.SignIn("tracer", demo.PASSWORD, "Contact tracer", "Quận 1")


@pytest.fixture(autouse=True)
def _one_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(demo, "existing", lambda: [SHOWN])


@pytest.mark.parametrize("is_demo", [True, False])
def test_known_passwords_are_shown_in_the_demo_only(client: Client, settings: Any, is_demo: bool) -> None:
    settings.LACHAN_DEMO = is_demo
    html = client.get(reverse("login")).content.decode()
    assert (demo.PASSWORD in html) is is_demo


def test_demo_sign_in_is_one_press(client: Client, settings: Any, django_user_model: Any) -> None:
    settings.LACHAN_DEMO = True
    django_user_model.objects.create_user(SHOWN.username, password=SHOWN.password)
    answer = client.post(
        reverse("login"), {"username": SHOWN.username, "password": SHOWN.password, "next": "/styleguide"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/styleguide"


def test_wrong_password_is_told_and_the_name_kept(client: Client) -> None:
    answer = client.post(reverse("login"), {"username": "hạnh", "password": "wrong"})
    assert answer.status_code == 200
    assert 'value="hạnh"' in answer.content.decode()
    assert "error-summary" in answer.content.decode()


def test_address_of_another_host_is_not_followed(client: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_user("somebody", password="long enough it is")
    answer = client.post(
        reverse("login"),
        {"username": "somebody", "password": "long enough it is", "next": "https://example.org/"},
    )
    assert answer["Location"] == "/"


def test_signing_out_takes_a_form_not_a_link(client: Client) -> None:
    assert client.get(reverse("logout")).status_code == 405


# --- who guesses --------------------------------------------------------------------------------------------------


def tried(client: Client, username: str, password: str = "wrong", **more: Any) -> int:  # noqa: S107
    return client.post(reverse("login"), {"username": username, "password": password}, **more).status_code


@pytest.fixture
def somebody(django_user_model: Any) -> Actor:
    user = django_user_model.objects.create_user("an.tran", password="long enough it is")
    return Actor.objects.create(kind=ActorKind.STAFF, name="An", user=user, created_at=clock.now())


def test_after_five_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour(somebody: Actor) -> None:
    client, now = Client(), clock.now()
    with clock.frozen(now):
        assert [tried(client, "an.tran") for _ in range(6)] == [200] * 5 + [429]
        assert tried(client, "an.tran", "long enough it is") == 429
        assert tried(client, "AN.TRAN", "long enough it is") == 429
        answer = client.post(reverse("login"), {"username": "an.tran", "password": "x"})
        assert "thử lại sau" in answer.content.decode()
        assert 'value="an.tran"' in answer.content.decode()
        assert tried(Client(), "another") == 200
    with clock.frozen(now + timedelta(minutes=15)):
        assert tried(client, "an.tran", "long enough it is") == 302


def test_a_right_password_forgives_what_was_mistyped(somebody: Actor) -> None:
    for _ in range(3):
        client = Client()
        assert [tried(client, "an.tran") for _ in range(4)] == [200] * 4
        assert tried(client, "an.tran", "long enough it is") == 302


def test_from_many_addresses_one_name_is_tried_only_so_often(
    somebody: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "A_NAME", replace(sign_in.A_NAME, most=7))
    codes = [tried(Client(), "an.tran", REMOTE_ADDR=f"203.0.113.{n}") for n in range(9)]
    assert codes == [200] * 7 + [429] * 2


def test_one_address_tries_many_names_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "AN_ADDRESS", replace(sign_in.AN_ADDRESS, most=7))
    codes = [tried(Client(), f"name{n}") for n in range(9)]
    assert codes == [200] * 7 + [429] * 2


def test_a_name_that_nobody_has_is_answered_and_written_down_alike(somebody: Actor) -> None:
    """Same status, same length, and the same statements sent to the database."""
    actors.system(at=clock.now())
    told = [answered(name) for name in ("an.tran", "en.tran")]
    assert told[0] == told[1]
    refused = EventRow.objects.filter(kind="SignInRefused")
    assert {row.actor.kind for row in refused} == {ActorKind.STAFF, ActorKind.SYSTEM}
    assert "tran" not in str([row.facts for row in refused])


def answered(name: str) -> tuple[int, int, list[str]]:
    """Status, length without the token that differs each time, and the statements without their values."""
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("login"), {"username": name, "password": "wrong"})
    said = re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())
    return answer.status_code, len(said), [q["sql"].split(" ")[0] for q in asked.captured_queries]


def test_a_sign_in_is_written_down(somebody: Actor) -> None:
    tried(Client(), "an.tran", "long enough it is")
    assert EventRow.objects.get(kind="SignedIn").actor == somebody
