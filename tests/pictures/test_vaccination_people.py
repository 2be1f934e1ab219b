"""The pages before the line of vaccination: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lachan.core import clock
from lachan.core.models import Actor, Posting, Role
from lachan.site import demo_campaign, demo_stock
from lachan.systems.vaccination.models import Invitation, ListError, Registration, RegistrationList, Session
from tests.pictures.looks import LOOKS, Open, look_at
from tests.rows import area_in, residents
from tests.town import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(monkeypatch: pytest.MonkeyPatch) -> Actor:
    """In a small campaign, half-way, with a list that was read."""
    at, town = clock.now(), build()
    for number in range(3):
        area_in(town.province, f"p{number}", f"Phường Hòa Khánh {number}")
    residents(60, area=town.here, at=at - timedelta(days=40))
    for name, value in (("OF_A_FACTORY", 6), ("PLACES", 12)):
        monkeypatch.setattr(demo_campaign, name, value)
    Posting.objects.filter(role=Role.VACCINE_OFFICER).update(area=town.province)
    demo_stock.make()
    demo_campaign.make()
    officer = town.staff[Role.VACCINE_OFFICER]
    row = RegistrationList.objects.create(
        organisation="Công ty Dệt may 29", area=town.here, group="13", ending="csv", size=1, rows=120, taken=119,
        already=4, refused=1, digest=b"1" * 32, uploaded_at=at, uploaded_by=officer, moved_at=at, finished_at=at,
    )  # fmt: skip
    ListError.objects.create(of_list=row, number=17, column="Ngày sinh", code="x", words="Không có ngày này.")
    return officer


def desks() -> dict[str, str]:
    asked = Invitation.objects.order_by("pk")[0]
    free = Registration.objects.exclude(invitations__isnull=False).order_by("pk")[0]
    planned = Session.objects.order_by("-starts_at")[0]
    return {
        "registrations": "registrations/", "registration": f"registrations/{asked.registration_id}/",
        "undecided": f"registrations/{free.pk}/", "new-registration": "registrations/new", "lists": "lists/",
        "list": f"lists/{RegistrationList.objects.get().pk}/", "sessions": "sessions/",
        "new-session": "sessions/new", "session": f"sessions/{planned.pk}/",
        "session-over": f"sessions/{asked.session_id}/",
    }  # fmt: skip


def public() -> dict[str, str]:
    code = Invitation.objects.order_by("-slot_at", "-pk")[0].code
    pages = ("register", "registered", "groups", "invitation")
    return {name: name for name in pages} | {"invited": f"i/{code}"}


def test_the_pages_before_the_line_are_photographed_and_fit_the_screen(
    open_page: Open, officer: Actor, pictures: Path
) -> None:
    for paths, who in ((desks(), officer.user), (public(), None)):
        full = {name: f"/vaccination/{path}" for name, path in paths.items()}
        for scheme, width in LOOKS:
            look_at(open_page, full, pictures, mark="people", scheme=scheme, width=width, user=who)
