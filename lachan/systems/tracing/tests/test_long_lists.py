"""Lists longer than a page: everything is reached, each row once, and what is cut says so."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import clock
from lachan.core.models import AccessLog, Role
from lachan.systems.tracing import api, queries
from lachan.systems.tracing.models import Case, Contact, CrowdNotice, Exposure, HandOver
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR
from tests.rows import browser_of
from tests.walking import every_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still_clock() -> Any:
    with clock.frozen(AT + HOUR):
        yield


@pytest.fixture
def officer() -> Client:
    client = browser_of(world.posting(Role.HEALTH_OFFICER))
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def case() -> Case:
    """A case who met sixty people in two places."""
    ill, *met = world.people(61)
    world.visit(world.venue(), [ill, *met[:40]], since=AT - DAY)
    world.visit(world.venue(), [ill, *met[40:]], since=AT - DAY + 3 * HOUR)
    world.turn_positive(ill)
    return Case.objects.get()


def test_every_hand_over_is_on_one_page(officer: Client) -> None:
    here, there, who = world.commune(), world.commune("Phường Đa Kao", "26737"), world.officer()
    HandOver.objects.bulk_create(
        HandOver(from_area=there, to_area=here, reason=f"reason-{n:03d}.", sent_at=AT - n // 3 * HOUR, sent_by=who)
        for n in range(45)
    )  # fmt: skip
    pages = every_page(officer, reverse("tracing:handovers"))
    seen = re.findall(r"reason-(\d+)\.", "".join(pages))
    assert len(pages) == 3
    assert sorted(map(int, seen)) == list(range(45))


def test_every_notice_is_on_one_page(officer: Client, case: Case) -> None:
    place = world.venue()
    CrowdNotice.objects.bulk_create(
        CrowdNotice(
            case=case, place=place, from_at=AT - n * HOUR, until_at=AT - n * HOUR + HOUR, people=101 + n, found_at=AT
        )
        for n in range(70)
    )  # fmt: skip
    pages = every_page(officer, reverse("tracing:notices"))
    links = re.findall(r"/tracing/notices/(\d+)/", "".join(pages))
    assert len(pages) == 2
    assert sorted(map(int, links)) == sorted(CrowdNotice.objects.values_list("pk", flat=True))
    home = officer.get(reverse("tracing:home")).content.decode()
    assert len(re.findall(r"/tracing/notices/\d+/", home)) == 5
    assert reverse("tracing:notices") in home


def test_every_contact_of_a_case_is_on_one_page_and_only_those_shown_are_told(
    officer: Client, case: Case
) -> None:
    address = reverse("tracing:case", args=[case.pk])
    first = officer.get(address).content.decode()
    assert len(re.findall(r"/tracing/contacts/(\d+)/\"", first)) == 50
    assert AccessLog.objects.filter(part="case").exclude(person=case.root).count() == 50
    links = re.findall(r"/tracing/contacts/(\d+)/\"", "".join(every_page(officer, address)))
    assert sorted(map(int, links)) == sorted(Contact.objects.values_list("pk", flat=True))
    assert len(links) == 60


def test_a_refused_form_on_the_page_of_a_case_asks_nothing_of_its_own_address(
    officer: Client, case: Case
) -> None:
    answer = officer.post(reverse("tracing:record_exposure", args=[case.pk]), {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'hx-trigger="every 2s"' not in page
    assert 'rel="next"' not in page


def test_all_the_places_of_a_case_are_counted(case: Case) -> None:
    found = {people: (first, last) for _place, first, last, people in queries.milestones_of(case)}
    assert set(found) == {40, 20}
    assert found[40][0] < found[20][0]
    assert all(first < last for first, last in found.values())


def test_a_cut_list_of_exposures_says_so(
    officer: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = Contact.objects.latest("pk")
    address = reverse("tracing:contact", args=[contact.pk])
    assert "are shown" not in officer.get(address).content.decode()
    assert Exposure.objects.filter(person_root=contact.person).count() == 1
    monkeypatch.setattr("lachan.systems.tracing.queries.evidence.SHOWN", 0)
    assert "0 of 1 are shown" in officer.get(address).content.decode()


def test_programs_reach_every_contact_by_the_link_to_the_next_page(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MOST_CONTACTS", 25)
    tracer = browser_of(world.posting(Role.TRACER))
    for address, size in (
        (f"/api/tracing/cases/{case.pk}/contacts", 25),
        ("/api/tracing/worklist?limit=7", 7),
    ):
        pages = [json.loads(body) for body in every_page(tracer, address)]
        numbers = [row["number"] for page in pages for row in page]
        assert {len(page) for page in pages[:-1]} == {size}
        assert sorted(numbers) == sorted(Contact.objects.values_list("pk", flat=True))
