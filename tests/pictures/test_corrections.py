"""Corrections, at the desk and in the health book: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lachan.core import clock, persons
from lachan.core.models import Actor, IdentifierKind, Role
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import CorrectionRequest, Dose, Session
from tests.book import enter_book
from tests.pictures.looks import LOOKS, Open, check, look_at
from tests.pictures.test_health_book import PHONE
from tests.promises.scene_line import vaccinate
from tests.town import Town, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(settings: Any) -> Town:
    """A dose of the wrong lot was corrected; its number, its site and an ID number are asked for."""
    settings.LACHAN_DEMO = True
    built, at = build(), clock.now()
    vaccinate(built, {}, at=at - timedelta(hours=1))
    dose, session = Dose.objects.select_related("visit", "person").get(), Session.objects.get()
    by: dict[str, Any] = {"actor": built.system, "at": at - timedelta(minutes=50)}
    assert dose.visit is not None
    commands.leave(visit=dose.visit, ending="left", **by)
    lot = commands.record_receipt(
        store=session.site, product="comirnaty", number="FK0112", expires_on=date(2027, 3, 1), doses=60,
        actor=built.system, at=at - timedelta(days=1),
    ).lot  # fmt: skip
    commands.open_vial(
        store=session.site, lot=lot, session=session, actor=built.system, at=at - timedelta(hours=2)
    )
    asked = commands.ask_correction(
        person=dose.person, dose=dose, kind="lot", wanted="FK0112", words="Phiếu tiêm chủng", **by
    )
    commands.confirm_correction(
        correction=asked,
        answer="Đã đối chiếu phiếu tiêm và vỏ lọ",
        actor=built.staff[Role.VACCINE_OFFICER],
        at=at,
    )
    persons.claim_identifier(dose.person, IdentifierKind.NATIONAL_ID, "048175001234", at=at)
    persons.claim_identifier(dose.person, IdentifierKind.PHONE, PHONE, at=at)
    for kind, wanted in (
        ("national_id", "048175001777"),
        ("number", "primary 2"),
        ("site", "Trường Tiểu học Hòa Cường Nam, quận Hải Châu"),
    ):
        right = dose.replaced_by if kind != "national_id" else None
        commands.ask_correction(
            person=dose.person, dose=right, kind=kind, wanted=wanted, words="Phiếu tiêm chủng", actor=built.system,
            at=at,
        )  # fmt: skip
    return built


def desk(dose: Dose) -> dict[str, str]:
    rows = {row.kind: row for row in CorrectionRequest.objects.all()}
    here = "/vaccination/corrections/"
    return {
        "list": here, "new": f"{here}new", "new-lot": f"{here}new?person={dose.person.code}&kind=lot",
        "decided": f"{here}{rows['lot'].pk}/", "card": f"{here}{rows['national_id'].pk}/",
        "site": f"{here}{rows['site'].pk}/",
    }  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_desk_of_corrections_is_photographed_and_fits_the_screen(
    open_page: Open, town: Town, pictures: Path, scheme: str, width: int
) -> None:
    officer: Actor = town.staff[Role.VACCINATOR]
    paths = desk(Dose.objects.get(replaces__isnull=False))
    look_at(open_page, paths, pictures, mark="correction", scheme=scheme, width=width, user=officer.user)


def test_a_citizen_asks_on_a_phone(open_page: Open, town: Town, pictures: Path) -> None:
    person = Dose.objects.get(replaces__isnull=False).person
    page = open_page("/health-book/", width=360)
    enter_book(page)
    there = f"{page.url.split('/health-book/')[0]}/health-book/{person.code}/correction"
    for name, query in (
        ("start", ""),
        ("lot", "?kind=lot"),
        ("number", "?kind=number"),
        ("card", "?kind=national_id"),
    ):
        page.goto(there + query)
        check(page, pictures / f"correction-book-{name}-light-360.png", 360)
