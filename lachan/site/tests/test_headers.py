"""What every answer carries, and what the settings promise when the site is reached by https."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lachan.core.doors import PUBLIC, door


@door(PUBLIC)
def database_away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection was lost")


@door(PUBLIC)
def defect(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("away", database_away), path("defect", defect)]
handler500 = "lachan.site.error_pages.server_error"


@pytest.mark.django_db
def test_every_answer_forbids_inline_code_other_hosts_and_frames(client: Client) -> None:
    headers = client.get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_address_carries_them_too(client: Client) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code in {403, 404}
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_vietnamese_is_the_language_unless_the_reader_chose_another(client: Client) -> None:
    assert client.get("/healthz").headers["Content-Language"] == "vi"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/healthz").headers["Content-Language"] == "en"


def test_djangos_own_check_of_a_deployment_finds_nothing() -> None:
    environment = os.environ | {"LACHAN_HTTPS": "1", "LACHAN_HOSTS": "lachan.example", "LACHAN_DEBUG": "0"}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # set for the browser of other tests
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.urls(__name__)
def test_a_database_that_is_away_asks_to_come_again_and_a_defect_does_not(client: Client) -> None:
    client.raise_request_exception = False
    away, broken = client.get("/away"), client.get("/defect")
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert broken.status_code == 500
    assert "Retry-After" not in broken.headers
