"""A session cannot be used against its owner: the API asks for the page's token too, a device for its own."""

import json

import pytest
from django.test import Client

from lachan.core.models import Role
from tests.town import Town

pytestmark = pytest.mark.django_db
SCANS = "/api/tracing/cases/1/exposures"


def test_a_post_with_a_session_and_no_token_of_the_page_is_refused(town: Town) -> None:
    browser = Client(enforce_csrf_checks=True)
    user = town.staff[Role.TRACER].user
    assert user is not None
    browser.force_login(user)
    answer = browser.post(SCANS, data=json.dumps({"contacts": []}), content_type="text/plain")
    assert answer.status_code == 403
    assert "code" in answer.json()
    browser.get("/")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        SCANS,
        data=json.dumps({"contacts": []}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code in (404, 422)
