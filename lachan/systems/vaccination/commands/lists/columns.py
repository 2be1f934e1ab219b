"""Which column of a list is which of our fields: headings as organisations write them, marks and case forgiven."""

from collections.abc import Sequence
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core.names import search_key
from lachan.platform.lists import BadFile

HEADINGS: Final = {
    "name": ("ho va ten", "ho ten", "name", "full name"),
    "birth": ("ngay sinh", "ngay thang nam sinh", "nam sinh", "birth", "date of birth"),
    "sex": ("gioi tinh", "sex", "gender"),
    "number": (
        "so cccd", "cccd", "so cmnd", "cmnd", "so cccd/cmnd", "so cmnd/cccd", "cccd/cmnd", "cmnd/cccd", "id number",
    ),
    "phone": ("so dien thoai", "dien thoai", "sdt", "phone", "telephone"),
    "group": ("nhom", "nhom uu tien", "nhom doi tuong", "group"),
    "commune": ("ma xa", "ma xa/phuong", "xa/phuong", "xa phuong", "phuong/xa", "commune"),
    "address": ("dia chi", "dia chi noi o", "noi o hien nay", "address"),
}  # fmt: skip
REQUIRED: Final = ("name", "birth")
SHOWN: Final = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại", "Nhóm", "Mã xã", "Địa chỉ")


def columns_of(heading: Sequence[str]) -> dict[str, str]:
    """Our field -> the list's column. Raises BadFile: file-columns, file-column-twice."""
    keys = {column: search_key(column) for column in heading}
    found = {field: [c for c in heading if keys[c] in names] for field, names in HEADINGS.items()}
    for field in REQUIRED:
        if not found[field]:
            sentence = _("The heading has no column {missing}. It has: {columns}.")
            shown = SHOWN[tuple(HEADINGS).index(field)]
            raise BadFile(
                "file-columns", format_lazy(sentence, missing=shown, columns=", ".join(heading)[:500])
            )
    for columns in found.values():
        if len(columns) > 1:
            sentence = _("The heading has two columns with the name {twice}.")
            raise BadFile("file-column-twice", format_lazy(sentence, twice=" = ".join(columns)[:200]))
    return {field: columns[0] for field, columns in found.items() if columns}
