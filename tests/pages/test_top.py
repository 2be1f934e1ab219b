"""The head of every page: a search box for those who may search people, and for nobody else."""

import pytest
from django.test import Client

from lachan.core import access
from lachan.core.models import Role
from tests.pages.conftest import SignIn
from tests.town import Town

pytestmark = pytest.mark.django_db
PAGES = {
    Role.LAB_TECHNICIAN: "/testing/bench/", Role.LAB_VERIFIER: "/testing/verify/", Role.SAMPLER: "/testing/",
    Role.GATE_GUARD: "/checkpoints/", Role.SITE_MANAGER: "/quarantine/", Role.ADMINISTRATOR: "/trace",
    Role.EPIDEMIOLOGIST: "/tracing/", Role.TRACER: "/tracing/", Role.HEALTH_OFFICER: "/tracing/",
    Role.COMMUNE_OFFICER: "/tracing/", Role.CALL_AGENT: "/tracing/",
    Role.CERTIFICATE_OFFICER: "/certificates/", Role.STORE_KEEPER: "/vaccination/",
    Role.VACCINE_OFFICER: "/vaccination/", Role.VACCINATOR: "/vaccination/line/", Role.CENTRE_OFFICER: "/centre/",
    Role.BORDER_OFFICER: "/arrivals/",
}  # fmt: skip
BOX = 'id="top-search"'


@pytest.mark.parametrize("role", Role.values)
def test_the_box_stands_only_where_it_would_answer(role: str, town: Town, sign_in: SignIn) -> None:
    answer = sign_in(role).get(PAGES[Role(role)])
    assert answer.status_code == 200
    allowed = access.may(town.staff[role].postings.get(), access.Permission.SEARCH_PERSONS)
    assert (BOX in answer.content.decode()) is allowed


def test_who_is_not_signed_in_gets_no_box(client: Client, db: None) -> None:
    assert BOX not in client.get("/sign-in/").content.decode()
