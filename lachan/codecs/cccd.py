"""The QR code of the citizen identity card (căn cước công dân, chip card of 2021 and later).

`number|old number|name|ddMMyyyy|Nam or Nữ|address|ddMMyyyy of issue`, UTF-8, unsigned: a claim, not a proof.
Cards of 2024 and later add fields, which are kept unread. The number (Circular 07/2016/TT-BCA) is 3 digits of
the place of birth registration, 1 of century and sex, 2 of the year of birth, 6 of serial.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import PartialDate, Sex, read_date, read_partial_date, split_fields

LEAST_FIELDS = 7
MOST_FIELDS = 40

_SEXES: Final[dict[str, Sex]] = {"nam": "male", "nữ": "female"}
_SEX_WORDS: Final[dict[Sex, str]] = {"male": "Nam", "female": "Nữ"}

# The 63 provinces of 2008-2025 by the annex of Circular 07/2016/TT-BCA. Numbers outlive mergers: they name the
# province as it was when the birth was registered. Digits of other countries are 100 and above; that list is not kept.
PROVINCES: Final = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
    "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
    "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
    "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
    "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu",
    "079": "Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
    "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip


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

    @property
    def birth_province(self) -> str | None:
        """Where the birth was registered, by the number; None abroad, or where no province has the code."""
        return PROVINCES.get(self.number[:3])

    @property
    def layout(self) -> Literal["2021", "2024"]:
        """By the count of fields: cards under the law of 2024 have more than the seven of the chip card."""
        return "2024" if self.extra else "2021"


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
        "number-place": number[:3] in PROVINCES or number[0] != "0",
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
