"""Every error page stands on its own and gives a code that the log has too."""

from __future__ import annotations

import logging
import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from lachan.site import error_pages

STATUSES = [400, 403, 404, 422, 500, 503]
CODE = r"[0-9]{3}-[0-9A-Z]{6}"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_gives_a_code_and_what_to_do(
    status: int, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "lachan.site.error_pages")
    with translation.override(language):
        answer = error_pages.error_page(RequestFactory().get("/people/nguyen-van-an"), status)
    html = answer.content.decode()
    assert answer.status_code == status
    found = re.search(CODE, html)
    assert found is not None
    assert found[0].startswith(f"{status}-")
    assert found[0] in caplog.text
    assert "nguyen-van-an" not in caplog.text
    assert html.count("<h1>") == 1


def test_refusal_stands_on_the_page() -> None:
    answer = error_pages.error_page(RequestFactory().get("/"), 422, refusal="The lot has <expired>.")
    assert "The lot has &lt;expired&gt;." in answer.content.decode()


def test_our_own_fault_is_told_without_the_database_or_the_session() -> None:
    answer = error_pages.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert re.search(CODE, answer.content.decode())


def test_forged_form_gets_a_page_in_words() -> None:
    answer = error_pages.csrf_failure(RequestFactory().post("/"), "no cookie")
    assert answer.status_code == 403
    assert re.search(CODE, answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-such-page", "/people/%00/", "/people/" + "x" * 5_000 + "/"])
def test_addresses_that_do_not_exist_get_the_page(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status_code in (200, 403, 404), "200 is the sign-in page"
    if answer.status_code != 200:
        assert re.search(CODE, answer.content.decode())


@pytest.mark.django_db
def test_form_without_its_token_gets_the_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a"})
    assert answer.status_code == 403
    assert re.search(CODE, answer.content.decode())
