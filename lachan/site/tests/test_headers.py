"""What every answer carries, and what the settings promise when the site is reached by https."""

import os
import subprocess
import sys

from django.conf import settings
from django.test import Client


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


def test_vietnamese_is_the_language_unless_the_reader_chose_another(client: Client) -> None:
    assert client.get("/healthz").headers["Content-Language"] == "vi"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/healthz").headers["Content-Language"] == "en"


def test_djangos_own_check_of_a_deployment_finds_nothing() -> None:
    environment = os.environ | {"LACHAN_HTTPS": "1", "LACHAN_HOSTS": "lachan.example", "LACHAN_DEBUG": "0"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
