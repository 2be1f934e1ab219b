"""The administrator's pages: photographed, never scrolling sideways, read by axe; the link prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lachan.core import clock
from lachan.core.models import Actor, Role
from lachan.platform.staff.commands import Wanted, enrol, give_posting
from lachan.platform.staff.models import PostingRequest
from tests.pictures.looks import check
from tests.town import Town, build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]


@pytest.fixture
def office() -> tuple[Town, Actor]:
    """A new account with a posting; for another one something that takes two."""
    town, at = build(), clock.now()
    boss = town.staff[Role.HEALTH_OFFICER]
    member = enrol(username="an.tran", name="Trần Thị An", actor=boss, at=at)
    wanted = Wanted(role=Role.TRACER, area=town.here, starts_at=at)
    give_posting(member=member, wanted=wanted, actor=boss, at=at)
    PostingRequest.objects.create(
        member=town.staff[Role.TRACER], role=Role.ADMINISTRATOR, area=town.here, starts_at=at, asked_by=boss,
        asked_at=at,
    )  # fmt: skip
    return town, member


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280), ("light", 1280)])
def test_accounts_are_photographed_and_fit_the_screen(
    open_page: Open, office: tuple[Town, Actor], pictures: Path, scheme: str, width: int
) -> None:
    town, member = office
    user = town.staff[Role.ADMINISTRATOR].user
    for name, path in (("members", "/staff/"), ("enrol", "/staff/new"), ("member", f"/staff/{member.pk}/")):
        page = open_page(path, user=user, scheme=scheme, width=width)
        check(page, pictures / f"accounts-{name}-{scheme}-{width}.png", width)
    page.get_by_role("button", name="Tạo liên kết").click()
    page.locator(".link-on-paper").wait_for()
    check(page, pictures / f"accounts-link-{scheme}-{width}.png", width)
