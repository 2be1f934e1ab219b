"""The desk of certificates by day and on a phone: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from lachan.core import actors, clock
from lachan.core.models import Actor, Role
from lachan.issuer import commands
from lachan.issuer.commands import asking, ordering
from lachan.issuer.models import Reason, Record, Scope
from lachan.issuer.queries.affected import Aim
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import Office, office_at
from lachan.issuer.tests.many import records
from tests.pictures.looks import check

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]


@pytest.fixture
def office() -> Office:
    """A key in use, lists of this moment, certificates, a recall that waits for a second officer, a batch."""
    at = clock.now()
    found = office_at(at)
    found.key_in_use(at)
    found.key(at)
    records(found, 40, lot="FF3319")
    for _ in commands.request_batch(records=Record.objects.all(), actor=found.operator, at=at):
        pass
    aim = Aim(scope=Scope.LOT, reason=Reason.LOT_RECALLED, evidence="Công văn 12/QLD", lot="FF3319")
    asking.recall_many(aim=aim, actor=found.operator, at=at)
    found.sign(at)
    publish(found, at)
    records(found, 12, lot="EW0203")
    ordering.order_batch(lot="EW0203", actor=found.operator, at=at)
    return found


@pytest.fixture
def me(office: Office) -> Actor:
    actor = Actor.objects.create(
        kind="staff", name="Trần Thị Lan", created_at=clock.now(), user=User.objects.create(username="lan")
    )
    actors.post(actor, Role.CERTIFICATE_OFFICER, at=clock.now() - timedelta(days=30), area=office.area)
    return actor


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_the_desk_is_photographed_and_fits_the_screen(
    open_page: Open, office: Office, me: Actor, pictures: Path, width: int, scheme: str
) -> None:
    person = Record.objects.filter(lot="FF3319").earliest("pk").person
    commands.revoke_certificate(
        certificate=office.issued(office.record(person=person), at=clock.now()), reason=Reason.BY_MISTAKE,
        actor=office.operator, at=clock.now(),
    )  # fmt: skip
    office.record(person=person)
    page = open_page("/certificates/", width=width, scheme=scheme, user=me.user)
    check(page, pictures / f"certificates-desk-{scheme}-{width}.png", width)
    for name in ("recalls", "batches", "keys", f"people/{person.code}"):
        page.goto(page.url.split("/certificates/")[0] + f"/certificates/{name}/")
        check(page, pictures / f"certificates-{name.split('/')[0]}-{scheme}-{width}.png", width)


def test_how_many_are_affected_stands_before_the_button(
    open_page: Open, office: Office, me: Actor, pictures: Path
) -> None:
    page = open_page("/certificates/recalls/", width=1280, user=me.user)
    page.locator("#lot_lot").fill("EW0203")
    page.locator("#lot_evidence").fill("Công văn 13/QLD")
    page.get_by_role("button", name="Xem số chứng nhận bị ảnh hưởng").first.click()
    expect(page.locator(".note.warn")).to_contain_text("0 chứng nhận bị ảnh hưởng", use_inner_text=True)
    page.goto(page.url)
    page.locator("#lot_lot").fill("FF3319")
    page.locator("#lot_evidence").fill("Công văn 13/QLD")
    page.get_by_role("button", name="Xem số chứng nhận bị ảnh hưởng").first.click()
    expect(page.locator(".note.warn")).to_contain_text("40 chứng nhận bị ảnh hưởng", use_inner_text=True)
    check(page, pictures / "certificates-affected.png", 1280)
    page.get_by_role("button", name="Đề nghị cán bộ thứ hai đồng ý").click()
    expect(page.locator("main")).to_contain_text("Chờ cán bộ thứ hai", use_inner_text=True)
