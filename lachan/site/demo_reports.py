"""Reports of citizens for the demonstration: some in each state, some of them overdue, one to be called back."""

from __future__ import annotations

from datetime import datetime, timedelta

from lachan.core import actors, clock
from lachan.core.models import Actor, Area, Role
from lachan.site import demo
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.models import Report

# Category, hours ago, place, what is told.
TOLD = (
    (
        "crowd",
        9,
        "Quán nhậu số 12, ngõ 5",
        "Quán nhậu số 12 ngõ 5 tụ tập đông người, không ai đeo khẩu trang.",
    ),
    ("crowd", 8, "Ngõ 5", "Tụ tập đông người ở quán nhậu số 12 ngõ 5, không đeo khẩu trang."),
    (
        "suspected",
        1,
        "Nhà trọ đường số 3",
        "Chồng tôi sốt 39 độ và ho hai ngày nay, tôi không mua được thuốc.",
    ),
    ("hardship", 30, "Khu trọ cạnh chợ", "Năm gia đình trong khu trọ hết gạo, có hai cháu nhỏ."),
    ("record", 50, "", "Mũi tiêm thứ hai của mẹ tôi không hiện trong sổ sức khỏe."),
    ("entry", 6, "Nhà số 8", "Có người mới từ vùng dịch về nhưng chưa khai báo."),
    ("other", 60, "Chợ", "Loa phường đọc thông báo quá nhỏ, người già không nghe được."),
    ("violation", 40, "Tiệm tóc góc phố", "Tiệm tóc vẫn mở cửa trong thời gian tạm dừng."),
)


def make() -> None:
    """Once, in the commune of the demonstration; nothing where there is none."""
    at = clock.now()
    commune = next((where for role, where in demo.places() if role == Role.COMMUNE_OFFICER), None)
    if not isinstance(commune, Area) or Report.objects.exists():
        return
    actor = actors.system(at=at)
    made = [_filed(each, commune, actor, at) for each in TOLD]
    _handled(made, commune, actor, at)
    commands.escalate_overdue(actor=actor, at=at)


def _filed(each: tuple[str, int, str, str], commune: Area, actor: Actor, at: datetime) -> Report:
    category, hours, place, text = each
    phone = "+84900000123" if category == "suspected" else ""
    told = Told(category=category, area=commune, place=place, text=text, phone=phone, channel="hotline")
    return commands.file_report(told=told, actor=actor, at=at - timedelta(hours=hours))


def _handled(made: list[Report], commune: Area, actor: Actor, at: datetime) -> None:
    """Acknowledged, answered and rated, reopened, refused, handed on; the others wait."""
    _bar, _bar_again, _ill, rice, record, _entry, speaker, hair = made

    def ago(hours: int) -> datetime:
        return at - timedelta(hours=hours)

    commands.acknowledge(report=rice, area=commune, actor=actor, at=ago(28))
    commands.answer(
        report=record, text="Đã cập nhật mũi tiêm thứ hai.", area=commune, actor=actor, at=ago(20)
    )
    commands.rate(report=record, stars=5, actor=actor, at=ago(19))
    commands.answer(report=speaker, text="Đã chỉnh loa.", area=commune, actor=actor, at=ago(30))
    commands.reopen(report=speaker, text="Loa vẫn nhỏ.", actor=actor, at=ago(3))
    commands.refuse(
        report=hair, text="Thuộc Công an phường, đã chuyển.", area=commune, actor=actor, at=ago(10)
    )
