"""Pages of declarations and of citizens' reports: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from lachan.core import clock
from lachan.core.codes import new_code
from lachan.core.models import Role
from lachan.systems.declarations.commands import Sender, submit_declaration
from lachan.systems.declarations.models import Declaration, Diary
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.models import CallBack, Report
from tests.pictures.looks import LOOKS, Open, look_at
from tests.town import Town, build, staff_member

pytestmark = pytest.mark.django_db(transaction=True)
RICE = "Năm gia đình trong khu trọ hết gạo, có hai cháu nhỏ."


@pytest.fixture
def town() -> Town:
    """A diary that runs, declarations with and without signs; a report answered, one urgent, two alike."""
    town = build()
    _declare(town)
    _report(town)
    for role in (Role.COMMUNE_OFFICER, Role.CALL_AGENT):
        town.staff[role] = staff_member(role, town, suffix="-looks")
    return town


def _declare(town: Town) -> None:
    at = clock.now()
    people = [town.resident(name) for name in ("Trần Thị Hoa", "Lê Văn Sốt", "Phạm Thị Diễm")]
    clear = dict.fromkeys(("travelled", "contact_case", "contact_abroad", "contact_ill"), False)
    signs: tuple[dict[str, object], ...] = ({}, {"symptoms": ["fever"]}, {"contact_case": True})
    for person, more in zip(people, signs, strict=True):
        submit_declaration(
            form="general", about=person, given=clear | more, key=uuid4(), made_at=at, at=at,
            sender=Sender(phone="+84912345678"),
        )  # fmt: skip
    today = clock.local_date(at)
    for number, person in enumerate(people, 900_001):
        Diary.objects.create(
            order_number=number, person=person, code=new_code(), opened_at=at,
            starts_on=today - timedelta(days=3), ends_on=today + timedelta(days=4),
        )  # fmt: skip


def _report(town: Town) -> None:
    at = clock.now()
    told = (
        ("hardship", RICE, ""), ("hardship", RICE + " Xin giúp.", ""),
        ("suspected", "Chồng tôi sốt 39 độ.", "+84912345678"),
        ("record", "Mũi tiêm thứ hai không hiện trong sổ.", "+84912345678"),
    )  # fmt: skip
    made = [
        commands.file_report(
            told=Told(category=category, area=town.here, place="Khu trọ cạnh chợ", text=text, phone=phone),
            actor=town.system, at=at - timedelta(hours=3),
        )
        for category, text, phone in told
    ]  # fmt: skip
    commands.answer(report=made[3], text="Đã cập nhật.", area=town.here, actor=town.system, at=at)


def test_declarations_and_reports_are_photographed_and_fit_the_screen(
    open_page: Open, town: Town, pictures: Path
) -> None:
    town.loop(clock.now())
    declared, report = Declaration.objects.order_by("pk")[1], Report.objects.order_by("pk")[1]
    answered = Report.objects.get(category="record")
    diary = Diary.objects.order_by("pk").last()
    assert diary is not None
    open_to_all = {
        "declare": "/declare/", "diary": f"/declare/d/{diary.code}", "file": f"/feedback/new?area={town.here.pk}",
        "state": f"/feedback/of/{answered.code}/", "figures": "/feedback/figures",
    }  # fmt: skip
    office = {
        "declarations": "/declarations/", "declaration": f"/declarations/{declared.pk}/",
        "silent": "/declarations/silent", "report": f"/feedback/{report.pk}/",
    }  # fmt: skip
    hotline = {"intake": "/feedback/hotline", "call": f"/feedback/calls/{CallBack.objects.get().pk}/"}
    officer, agent = town.staff[Role.COMMUNE_OFFICER], town.staff[Role.CALL_AGENT]
    for scheme, width in LOOKS:
        for paths, user in ((open_to_all, None), (office, officer.user), (hotline, agent.user)):
            look_at(open_page, paths, pictures, mark="reporting", scheme=scheme, width=width, user=user)
