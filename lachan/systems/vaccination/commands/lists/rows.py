"""A row of a list as somebody who asks to be vaccinated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.dates import parse_birth_date
from lachan.core.errors import Refusal
from lachan.core.models import Area, IdentifierKind
from lachan.core.names import clean_name, search_key
from lachan.core.persons import Identity
from lachan.core.phones import parse_phone
from lachan.platform.lists import BadRow, Record

T = TypeVar("T")
SEXES: Final = {
    "": "", "nam": "m", "m": "m", "male": "m", "nu": "f", "f": "f", "female": "f", "khac": "x", "x": "x", "other": "x",
}  # fmt: skip
NUMBERS: Final = {12: IdentifierKind.NATIONAL_ID, 9: IdentifierKind.OLD_ID}
PASSPORT: Final = re.compile(r"[A-Z][0-9]{7,8}")
LONGEST_ADDRESS: Final = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that can be read; `key` is the same where a list names a person twice, "" where that is not sure."""

    record: Record
    identity: Identity
    group: str
    area: int
    key: str


class Rows:
    """Rows of one list. `area` and `group` hold where a row names none; communes are those of its province."""

    def __init__(
        self, columns: Mapping[str, str], *, area: Area, group: str, groups: set[str], today: date
    ) -> None:
        self.columns, self.area, self.group, self.groups, self.today = columns, area, group, groups, today
        self._communes = _communes(area, today)

    def read(self, record: Record) -> Asked:
        """Raises BadRow."""
        name = self._given(record, "name", clean_name)
        birth = self._given(record, "birth", lambda text: parse_birth_date(text, self.today))
        numbers = self._numbers(record)
        area = self._area(record)
        identity = Identity(
            name=name, birth=birth, sex=self._sex(record), home_area=area, identifiers=numbers,
            address=self._text(record, "address")[:LONGEST_ADDRESS],
        )  # fmt: skip
        sure = next(iter(numbers.values()), "")
        key = f"{sure}|{search_key(name)}|{birth.text}" if sure else ""
        return Asked(record, identity, self._group(record), area.pk, key)

    def _text(self, record: Record, field: str) -> str:
        return record.cells.get(self.columns.get(field, ""), "")

    def _given(self, record: Record, field: str, read: Callable[[str], T]) -> T:
        try:
            return read(self._text(record, field))
        except Refusal as refusal:
            raise self._bad(field, refusal.code, refusal.message) from refusal

    def _bad(self, field: str, code: str, words: object) -> BadRow:
        return BadRow(self.columns.get(field, ""), code, str(words))

    def _sex(self, record: Record) -> str:
        sex = SEXES.get(search_key(self._text(record, "sex")))
        if sex is None:
            raise self._bad("sex", "sex-unknown", _("The sex is Nam, Nữ or Khác."))
        return sex

    def _group(self, record: Record) -> str:
        group = self._text(record, "group") or self.group
        if group not in self.groups:
            raise self._bad(
                "group", "group-unknown", _("The group is a number of the list of groups: 1 to 16.")
            )
        return group

    def _numbers(self, record: Record) -> dict[str, str]:
        """By kind: the surest first."""
        found: dict[str, str] = {}
        if typed := re.sub(r"[\s.\-']", "", self._text(record, "number")).upper():
            found[self._kind(typed)] = typed
        if self._text(record, "phone"):
            found[IdentifierKind.PHONE] = self._given(
                record, "phone", lambda text: parse_phone(text.strip("'"))
            )
        return found

    def _kind(self, number: str) -> str:
        if number.isascii() and number.isdigit() and len(number) in NUMBERS:
            return NUMBERS[len(number)]
        if PASSPORT.fullmatch(number):
            return IdentifierKind.PASSPORT
        sentence = _("An ID number has 12 or 9 digits, a passport a letter and 7 or 8 digits. Spreadsheets drop a 0 in"
                     " front: write the column as text.")  # fmt: skip
        raise self._bad("number", "number-shape", sentence)

    def _area(self, record: Record) -> Area:
        text = self._text(record, "commune")
        if not text:
            return self.area
        found = self._communes.get(text) or self._communes.get(search_key(text))
        if found is None:
            raise self._bad(
                "commune", "area-unknown", _("No commune of this province has this code or name.")
            )
        return found


def _communes(area: Area, today: date) -> dict[str, Area]:
    """By code, and by name where one alone has it."""
    province = Area.objects.filter(
        pk__in=[int(part) for part in area.path.split("/") if part], level=1
    ).first()
    if province is None:
        return {}
    found: dict[str, Area] = {}
    twice = set()
    for each in areas.on(today).filter(path__startswith=province.path, level=3):
        for name in (each.code, each.search_key):
            if found.setdefault(name, each) is not each:
                twice.add(name)
    return {name: each for name, each in found.items() if name not in twice}
