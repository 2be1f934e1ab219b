"""What holds for all desks."""

from typing import Any

import pytest

from lachan.core.models import Role
from lachan.systems.testing.tests.conftest import Bench
from lachan.systems.testing.tests.pages.desks import People, Sign, english, entered, ordered, url, words


def test_each_desk_counts_its_own_work(signed_in: Sign, bench: Bench, people: People) -> None:
    ordered(bench, people(1)[0], -1)
    bench.collected(people(1))
    entered(bench, bench.technician, "negative", persons=[people(1)])
    nurse = words(english(signed_in(Role.SAMPLER, place=bench.station)).get(url("home")))
    assert "Tests overdue 1" in nurse
    assert "Tubes to send 1" in nurse
    assert "Results to verify" not in nurse
    verifier = words(english(signed_in(Role.LAB_VERIFIER, place=bench.laboratory)).get(url("home")))
    assert "Results to verify 1" in verifier
    assert "Tests overdue" not in verifier


NAMES = ["home", "orders", "new_order", "collect", "send", "batches", "bench", "pool", "verify",
         "turnaround"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_guard_opens_no_desk_of_testing(name: str, signed_in: Sign, bench: Bench) -> None:
    assert signed_in(Role.GATE_GUARD, place=bench.station).get(url(name)).status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(
    language: str, signed_in: Sign, bench: Bench, people: People, settings: Any
) -> None:
    everything = [Role.SAMPLER, Role.LAB_VERIFIER]
    for role in everything:
        client = signed_in(role, area=bench.station.area)
        client.cookies["language"] = language
        for name in NAMES:
            answer = client.get(url(name))
            assert answer.status_code in (200, 403), name
            assert answer.status_code == 403 or f'lang="{language}"' in answer.content.decode()
