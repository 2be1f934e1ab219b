"""The QR code of the citizen identity card (căn cước công dân, chip card of 2021 and later).

`number|old number|name|ddMMyyyy|Nam or Nữ|address|ddMMyyyy of issue`, UTF-8, unsigned: a claim, not a proof.
Cards of 2024 and later add fields, which are kept unread. The number (Circular 07/2016/TT-BCA) is 3 digits of
the place of birth registration, 1 of century and sex, 2 of the year of birth, 6 of serial.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import PartialDate, Sex, read_date, read_partial_date, split_fields

LEAST_FIELDS = 7
MOST_FIELDS = 40

_SEXES: Final[dict[str, Sex]] = {"nam": "male", "nữ": "female"}
_SEX_WORDS: Final[dict[Sex, str]] = {"male": "Nam", "female": "Nữ"}

# The 63 provinces of 2008-2025: 0 and the two digits of the statistics office. Numbers outlive mergers.
# Digits of other countries are 100 and above; that list is not checked.
PROVINCE_CODES: Final = frozenset(
    f"{code:03}"
    for code in (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38),
        *(40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79),
        *(80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)


@dataclass(frozen=True, slots=True)
class CitizenCard:
    """What the card says. `warnings`: number-place, number-sex, number-year, issued-early do not agree."""

    number: str
    old_number: str | None
    name: str
    birth_date: PartialDate
    sex: Sex
    address: str
    issued_on: date
    extra: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=(), compare=False)


def parse_cccd(text: str) -> CitizenCard:
    """Read the text of the code.

    Raises FormatError: cccd-length, -text, -fields, -number, -old-number, -name, -birth-date, -sex,
    -issued-on.
    """
    fields = split_fields(text, "cccd", LEAST_FIELDS)
    if len(fields) > MOST_FIELDS:
        raise FormatError("cccd-fields", f"There are {len(fields)} fields, more than on any card.")
    number, old_number, name, birth, sex_word, address, issued, *extra = fields
    _require(re.fullmatch("[0-9]{12}", number), "cccd-number", "A personal number has 12 digits.")
    _require(
        re.fullmatch("([0-9]{9}|[0-9]{12})?", old_number), "cccd-old-number", "An old number has 9 digits."
    )
    _require(name, "cccd-name", "The name is missing.")
    _require(sex_word.lower() in _SEXES, "cccd-sex", "The sex is Nam or Nữ.")
    sex = _SEXES[sex_word.lower()]
    birth_date = read_partial_date(birth, "cccd-birth-date")
    issued_on = read_date(issued, "cccd-issued-on")
    warnings = (*number_warnings(number, birth_date.year, sex), *_issue_warnings(issued_on, birth_date))
    return CitizenCard(
        number, old_number or None, name, birth_date, sex, address, issued_on, tuple(extra), warnings
    )


def _require(holds: object, code: str, message: str) -> None:
    if not holds:
        raise FormatError(code, message)


def number_warnings(number: str, birth_year: int, sex: Sex) -> tuple[str, ...]:
    """Name what in a 12-digit personal number does not agree with the place codes, the sex and the year."""
    century, woman = divmod(int(number[3]), 2)
    checks = {
        "number-place": number[:3] in PROVINCE_CODES or number[0] != "0",
        "number-sex": sex == ("female" if woman else "male"),
        "number-year": birth_year == 1900 + 100 * century + int(number[4:6]),
    }
    return tuple(name for name, agrees in checks.items() if not agrees)


def _issue_warnings(issued_on: date, birth: PartialDate) -> tuple[str, ...]:
    born = date(birth.year, birth.month or 1, birth.day or 1)
    return ("issued-early",) if issued_on < born else ()


def write_cccd(card: CitizenCard) -> str:
    """Return the text of the code, for synthetic persons and tests."""
    born = card.birth_date
    return "|".join(
        [
            card.number,
            card.old_number or "",
            card.name,
            f"{born.day or 0:02}{born.month or 0:02}{born.year:04}",
            _SEX_WORDS[card.sex],
            card.address,
            card.issued_on.strftime("%d%m") + f"{card.issued_on.year:04}",
            *card.extra,
        ]
    )
