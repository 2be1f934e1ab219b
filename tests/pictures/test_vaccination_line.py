"""The pages of the line of a vaccination site: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from lachan.core import clock
from lachan.core.models import Actor, Role
from lachan.systems.vaccination.models import Session, Visit
from tests.pictures.looks import LOOKS, Open, check, look_at
from tests.promises.scene_line import vaccinate
from tests.town import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vaccinator() -> Actor:
    """In a session under way, with one person at each step."""
    town = build()
    vaccinate(town, {}, at=clock.now())
    return town.staff[Role.VACCINATOR]


def test_the_line_is_photographed_and_fits_the_screen(
    open_page: Open, vaccinator: Actor, pictures: Path
) -> None:
    line = f"/vaccination/line/{Session.objects.get().pk}/"
    paths = {step: f"{line}{step}" for step in ("reception", "examination", "injection", "watch", "close")}
    for scheme, width in LOOKS:
        look_at(
            open_page,
            {"board": line} | paths,
            pictures,
            mark="line",
            scheme=scheme,
            width=width,
            user=vaccinator.user,
        )


def test_a_scan_answers_with_the_number_and_waits_for_the_next(
    open_page: Open, vaccinator: Actor, pictures: Path
) -> None:
    session = Session.objects.get()
    visit = Visit.objects.filter(session=session).order_by("pk").first()
    assert visit is not None
    page = open_page(f"/vaccination/line/{session.pk}/reception", user=vaccinator.user, width=360)
    page.locator("#scan").fill(f"LC1:{visit.person.code}")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    check(page, pictures / "line-received-light-360.png", 360)
    assert page.evaluate("document.activeElement.id") == "scan"
    expect(page.locator("#scan")).to_have_value("")
