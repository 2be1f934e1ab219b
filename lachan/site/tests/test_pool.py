"""`lachan serve` with two workers: each has connections of its own, and nobody gets what another asked for."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.db import connection

from lachan.core.models import Area
from lachan.site.tests.processes import start, status_of, stop
from tests.rows import area_in

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [
    f"Phường {word}"
    for word in (
        "Thạch Thang",
        "Hòa Khánh",
        "Bến Nghé",
        "Cửa Nam",
        "Xuân Hương",
        "Ngọc Hà",
        "Vĩnh Tuy",
        "Mỹ Đình",
    )
]


@pytest.fixture
def served(free_port: int) -> Iterator[str]:
    """The address of two workers on the database of this test."""
    settings = connection.settings_dict
    database = os.environ["DATABASE_URL"].replace("/lachan?", f"/{settings['NAME']}?")
    environment = {**os.environ, "DATABASE_URL": database, "LACHAN_DEBUG": "0"}
    web = start(environment, "serve", "--port", str(free_port), "--workers", "2", "--threads", "4")
    address = f"http://127.0.0.1:{free_port}"
    try:
        assert status_of(f"{address}/healthz", web) == 200
        yield address
    finally:
        stop(web)


def found(address: str, name: str) -> list[str]:
    """Which of the names the search for areas gives."""
    with urlopen(f"{address}/areas/search?q={quote(name)}", timeout=10) as answer:  # noqa: S310
        text = answer.read().decode()
    return [each for each in NAMES if each in text]


def test_no_answer_of_two_workers_is_that_to_another_question(served: str) -> None:
    for number, name in enumerate(NAMES):
        area_in(None, f"pool{number}", name, level=1)
    assert Area.objects.filter(name__in=NAMES).count() == len(NAMES)
    asked = NAMES * 8
    with ThreadPoolExecutor(max_workers=8) as clients:
        answers = list(clients.map(lambda name: found(served, name), asked))
    assert answers == [[name] for name in asked]
