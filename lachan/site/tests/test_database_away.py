"""While the database does not answer: 503, come again; never a page of our own fault."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from lachan.site.error_pages import RETRY_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient() -> Client:
    """Somebody who is signed in, and whose errors are pages."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("somebody"))
    return client


@pytest.fixture
def dead_socket(patient: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The connection leads to a port at which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = str(closed.getsockname()[1])
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patched.setitem(connection.settings_dict, "PORT", port)
        yield
    connection.close()


@pytest.mark.usefixtures("dead_socket")
@pytest.mark.parametrize("path", ["/", "/people/", "/trace?q=case:1", "/areas/search?q=ben"])
def test_a_page_says_that_it_is_away_and_when_to_come_again(patient: Client, path: str) -> None:
    answer = patient.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, RETRY_SECONDS)
    assert "503-" in answer.content.decode(), "a code to read on the telephone"


@pytest.mark.usefixtures("dead_socket")
def test_what_was_sent_is_not_lost_silently(patient: Client) -> None:
    assert patient.post("/people/", {"q": "Hoà"}).status_code == 503


@pytest.mark.usefixtures("dead_socket")
def test_the_watcher_is_told(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer["Retry-After"]) == (503, RETRY_SECONDS)
    assert answer.content == b"database"


def test_all_is_well_again_once_it_answers(patient: Client, request: Any) -> None:
    request.getfixturevalue("dead_socket")
    assert patient.get("/").status_code == 503
    connection.settings_dict.update(request.getfixturevalue("django_db_address"))
    connection.close()
    assert patient.get("/healthz").status_code == 200
    assert patient.get("/").status_code == 403, "signed in, without a posting"


@pytest.fixture(autouse=True)
def django_db_address() -> dict[str, Any]:
    """Where the database is, read before a test points elsewhere."""
    return {name: connection.settings_dict[name] for name in ("HOST", "PORT")}


def test_the_watcher_asks_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]
