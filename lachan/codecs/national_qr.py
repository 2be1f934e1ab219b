"""Vietnam's personal QR code of Decision 1405/QĐ-BTTTT (11 September 2021, version 1.1): a claim, not a proof.

Its fields are known: document number (9 or 12 digits, of which the first six may be masked), name, date of birth,
sort of identification (0 one's own, 1 declared for another), the code's own number, and tagged extras (health
insurance number, telephone, sex, signature, who declared). How they are kept apart is NOT verified: no complete
sample was found, one ends in `1<GD4877...<0943...`. So fields are told by what they look like.
"""

import re
from dataclasses import dataclass
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR, PartialDate, Sex, read_partial_date, split_fields

LEAST_FIELDS = 3
MOST_FIELDS = 40
MASK = "*"

_SEPARATORS: Final = re.compile(r"[|;<^~\t\r\n]")
_NUMBER: Final = re.compile("[0-9]{9}|[0-9]{12}|[*xX#•]{6}(?:[0-9]{3}|[0-9]{6})")
_YEAR_FIRST: Final = re.compile("([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})")
_DAY_FIRST: Final = re.compile("([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_INSURANCE: Final = re.compile("[A-Z]{2}[0-9]{13}")
_PHONE: Final = re.compile(r"(?:\+?84|0)[0-9]{9}")
_OWN_NUMBER: Final = re.compile("[0-9A-Za-z-]{6,64}")
_OLD_DIGITS: Final = 9
_SEXES: Final[dict[str, Sex]] = {"nam": "male", "nữ": "female"}


@dataclass(frozen=True, slots=True)
class NationalQr:
    """What the code says. `number`: 9 or 12 digits, the first six `*` where masked. `for_other`: None if unsaid.

    `qid`: the code's number at its registry. `extra`: fields that look like nothing known, in order.
    """

    number: str
    name: str
    birth_date: PartialDate
    for_other: bool | None = None
    qid: str | None = None
    insurance_number: str | None = None
    phone: str | None = None
    sex: Sex | None = None
    extra: tuple[str, ...] = ()

    @property
    def masked(self) -> bool:
        return self.number.startswith(MASK)

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """What names the holder, surest first: national_id or old_id unless masked, then health_insurance."""
        kind = "old_id" if len(self.number) == _OLD_DIGITS else "national_id"
        own = () if self.masked else ((kind, self.number),)
        return (*own, ("health_insurance", self.insurance_number)) if self.insurance_number else own


def looks_national(text: str) -> bool:
    """Whether a document number, a name and a date follow each other: no other card's code begins so."""
    fields = [field.strip() for field in _SEPARATORS.split(text[:LONGEST_QR].strip(), maxsplit=LEAST_FIELDS)]
    if len(fields) < LEAST_FIELDS:
        return False
    number, name, birth, *_ = fields
    return bool(_NUMBER.fullmatch(number)) and _is_name(name) and birth[:1].isdecimal()


def _is_name(text: str) -> bool:
    return any(symbol.isalpha() for symbol in text) and not any(symbol.isdigit() for symbol in text)


def parse_national(text: str) -> NationalQr:
    """Read the text of the code.

    Raises FormatError: national-length, -text, -fields, -number, -name, -birth-date.
    """
    if len(text) > LONGEST_QR:
        raise FormatError("national-length", "The text is longer than any QR code.")
    number, name, birth, *fields = split_fields(_SEPARATORS.sub("|", text.strip()), "national", LEAST_FIELDS)
    rest = [field for field in fields if field]
    if len(rest) > MOST_FIELDS:
        raise FormatError("national-fields", f"There are {len(rest)} more fields than the decision names.")
    if not _NUMBER.fullmatch(number):
        raise FormatError("national-number", "A document number has 9 or 12 digits; six may be masked.")
    if not _is_name(name):
        raise FormatError("national-name", "The name is missing.")
    digits = number[6:] if not number[:6].isdecimal() else number
    whole = number if digits == number else MASK * 6 + digits
    return _with_rest(whole, name, _birth_date(birth), rest)


def _birth_date(text: str) -> PartialDate:
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return read_partial_date(text, "national-birth-date")
    return read_partial_date(f"{int(day):02}{int(month):02}{year}", "national-birth-date")


def _with_rest(number: str, name: str, birth: PartialDate, rest: list[str]) -> NationalQr:
    """Give each further field to the slot that it fits, if that is free."""
    slots: dict[str, str] = {}
    extra = []
    for field in rest:
        slot = _slot_of(field)
        if slot is None or slot in slots:
            extra.append(field)
        else:
            slots[slot] = field
    return NationalQr(
        number, name, birth,
        for_other=None if "sort" not in slots else slots["sort"] == "1",
        qid=slots.get("qid"),
        insurance_number=slots.get("insurance"),
        phone=slots.get("phone"),
        sex=_SEXES.get(slots.get("sex", "").lower()),
        extra=tuple(extra),
    )  # fmt: skip


def _slot_of(field: str) -> str | None:
    """What a field looks like."""
    if field in ("0", "1"):
        return "sort"
    if field.lower() in _SEXES:
        return "sex"
    kinds = {"insurance": _INSURANCE, "phone": _PHONE, "qid": _OWN_NUMBER}
    return next((slot for slot, pattern in kinds.items() if pattern.fullmatch(field)), None)


def write_national(code: NationalQr) -> str:
    """Return a text of this kind, for synthetic persons and tests; real ones may be kept apart otherwise."""
    born = code.birth_date
    known = [f"{born.year:04}", f"{born.month or 0}", f"{born.day or 0}"]
    extras = [
        code.insurance_number,
        code.phone,
        None if code.sex is None else _sex_word(code.sex),
        *code.extra,
    ]
    tail = "<".join(extra for extra in extras if extra)
    sort = "" if code.for_other is None else str(int(code.for_other))
    return "|".join([code.number, code.name, "/".join(known), sort, code.qid or "", tail])


def _sex_word(sex: Sex) -> str:
    return next(word for word, meaning in _SEXES.items() if meaning == sex).capitalize()
