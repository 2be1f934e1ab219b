"""The sign-in page, and what the demo adds to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lachan.site import demo

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
