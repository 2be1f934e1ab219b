"""`/styleguide`: every shared component in its states, to look at and to photograph."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.core import clock
from lachan.core.doors import PUBLIC, door
from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    CodeField,
    DayField,
    DigitsField,
    Form,
    LineField,
    PhoneField,
    ProseField,
)
from lachan.platform.paging import Page
from lachan.platform.screen import Badge, Column, Entry, Level, PersonLine, Row

MISTYPED = {
    "name": "",
    "born": "31/2/1950",
    "phone": "0912 345",
    "citizen_id": "0790 5000",
    "tested": "2021-13-45",
    "sex": "f",
    "note": "Ho, sốt nhẹ từ hôm qua.",
}


class SampleForm(Form):
    name = LineField(label="Họ và tên", help_text="Viết đầy đủ, đúng thứ tự như trên giấy tờ")
    born = BirthDateField(label="Ngày sinh")
    phone = PhoneField(label="Số điện thoại")
    citizen_id = DigitsField(label="Số căn cước công dân", lengths=(9, 12), required=False)
    area = AreaField(label="Nơi ở hiện tại", required=False)
    tested = DayField(label="Ngày lấy mẫu")
    sex = forms.ChoiceField(
        label="Giới tính", choices=[("f", "Nữ"), ("m", "Nam"), ("x", "Khác")], widget=forms.RadioSelect
    )
    test = forms.ChoiceField(
        label="Loại xét nghiệm", choices=[("pcr", "RT-PCR"), ("antigen", "Kháng nguyên nhanh")]
    )
    note = ProseField(label="Ghi chú", required=False)
    agreed = forms.BooleanField(label="Tôi đã đọc và đồng ý")


class SampleFilter(Form):
    q = LineField(label="Tên hoặc mã", required=False)
    state = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), ("late", "Quá hạn gọi"), ("new", "Mới")]
    )


class SampleScan(Form):
    code = CodeField(label="Quét mã hoặc nhập mã", scan=True)


@door(PUBLIC)
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or getattr(settings, "LACHAN_DEMO", False)):
        raise Http404
    scan = SampleScan()
    scan.fields["code"].widget.attrs.pop("autofocus")
    scan.fields["code"].widget.attrs.pop("data-scan")
    return render(
        request,
        "styleguide.html",
        {
            "nav": _navigation(request.path),
            "form": SampleForm(auto_id="new_%s"),
            "wrong": SampleForm(MISTYPED),
            "filter": SampleFilter(auto_id="filter_%s"),
            "scan": scan,
            **_list(),
            **_story(),
        },
    )


def _navigation(here: str) -> list[tuple[str, str, int | None, bool]]:
    return [
        (here, "Việc của tôi", 12, True),
        (f"{here}#lists", "Tiếp xúc", 148, False),
        (f"{here}#verdicts", "Ca bệnh", 3, False),
        (f"{here}#figures", "Cách ly", 0, False),
        (f"{here}#forms", "Tra cứu", None, False),
    ]


def _list() -> dict[str, Any]:
    columns = [
        Column("Người tiếp xúc"),
        Column("Mức"),
        Column("Nguy cơ nơi ở"),
        Column("Tình trạng"),
        Column("Ngày còn lại", numeric=True),
    ]
    people = [
        ("Nguyễn Thị Hồng Hạnh", "05/03/1950", 71, "7K3M", "F1", 4, Badge("Quá hạn gọi", "stop"), 14, True),
        ("Trần Văn Đức", "1962", 59, "0Q9Z", "F1", 3, Badge("Chờ kết quả", "warn"), 9, False),
        ("H'Hen Niê Kđăm", "17/11/1994", 27, "AB12", "F2", 2, Badge("Đang theo dõi", "accent"), 3, False),
        ("Lý Mùi Ghển", "02/2003", 18, "CD34", "F2", 1, Badge("Âm tính", "ok"), 0, False),
        ("Nguyễn Phước Tôn Nữ Diệu Huyền", "30/04/1988", 33, "XR77", "F1", None, Badge("Mới"), 14, False),
    ]
    rows = [
        Row(
            (PersonLine(name, born, age, code), contact, Level(level), badge, days),
            url=f"#{code}",
            key=code,
            name=name,
            late=late,
        )
        for name, born, age, code, contact, level, badge, days, late in people
    ]
    return {"columns": columns, "rows": rows, "page": Page(rows=rows, next_cursor="n", previous_cursor="p")}


def _story() -> dict[str, Any]:
    now = clock.now()
    return {
        "now": now,
        "earlier": now - timedelta(hours=5),
        "entries": [
            Entry(now - timedelta(minutes=4), "Xác nhận dương tính", "RT-PCR, Ct 21,4", "stop"),
            Entry(
                now - timedelta(hours=3),
                "Tìm thấy 12 người tiếp xúc gần",
                "Chợ Bến Thành, 06:10–07:05",
                "warn",
                url="#contacts",
                why="Có mặt cùng nơi ít nhất 15 phút trong thời kỳ lây truyền.",
            ),
            Entry(now - timedelta(days=1, hours=2), "Lấy mẫu", "Trạm y tế Phường Bến Nghé", "accent"),
            Entry(now - timedelta(days=9), "Kết quả âm tính", tone="ok"),
        ],
        "purposes": [("treatment", _("Care of this person")), ("tracing", _("Contact tracing"))],
    }
