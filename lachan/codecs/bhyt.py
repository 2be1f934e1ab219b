"""The QR code of the health insurance card (thẻ bảo hiểm y tế), a fall-back where a person has no other code.

`number|name|birth|1 or 2|address|first-care facility|from|to|...`, unsigned;
name and address are hexadecimal UTF-8.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import (
    PartialDate,
    Sex,
    read_date,
    read_partial_date,
    require_printable,
    split_fields,
)

LEAST_FIELDS = 8
MOST_FIELDS = 40

# Until 2021 the group (2 letters), benefit (1) and province (2) came before the social insurance number.
_NUMBER: Final = re.compile(r"(?:[A-Z]{2}[0-9]{3})?[0-9]{10}")
_SOCIAL_DIGITS: Final = 10
_SEXES: Final[dict[str, Sex]] = {"1": "male", "2": "female"}
_SEX_DIGITS: Final[dict[Sex, str]] = {"male": "1", "female": "2"}


@dataclass(frozen=True, slots=True)
class InsuranceCard:
    """What the card says. `valid_to` is the last day of cover as printed; None where the card prints `-`."""

    number: str
    name: str
    birth_date: PartialDate
    sex: Sex
    address: str
    facility: str
    valid_from: date | None
    valid_to: date | None
    extra: tuple[str, ...] = ()

    @property
    def group(self) -> str | None:
        """Who pays, two letters such as DN or GD; None on cards since 2021, which leave it out."""
        return self.number[:2] if len(self.number) > _SOCIAL_DIGITS else None

    @property
    def benefit(self) -> int | None:
        """The level of benefit, on the same cards."""
        return int(self.number[2]) if len(self.number) > _SOCIAL_DIGITS else None

    def covers(self, on: date) -> bool:
        """Whether the printed days of cover hold `on`; an open end covers."""
        return not (self.valid_from and on < self.valid_from) and not (self.valid_to and on > self.valid_to)

    @property
    def social_number(self) -> str:
        """The 10 digits that stay when the card changes."""
        return self.number[-_SOCIAL_DIGITS:]


def parse_bhyt(text: str) -> InsuranceCard:
    """Read the text of the code.

    Raises FormatError: bhyt-length, -text, -fields, -number, -hex, -name, -birth-date, -sex, -valid-from,
    -valid-to (no date, or before the first day of cover).
    """
    fields = split_fields(text, "bhyt", LEAST_FIELDS)
    if len(fields) > MOST_FIELDS:
        raise FormatError("bhyt-fields", f"There are {len(fields)} fields, more than on any card.")
    number, name, birth, sex, address, facility, valid_from, valid_to, *extra = fields
    if not _NUMBER.fullmatch(number.upper()):
        raise FormatError("bhyt-number", "An insurance number has 10 digits, or 2 letters and 13 digits.")
    if sex not in _SEXES:
        raise FormatError("bhyt-sex", "The sex is 1 or 2.")
    first, last = _optional_date(valid_from, "bhyt-valid-from"), _optional_date(valid_to, "bhyt-valid-to")
    if first and last and last < first:
        raise FormatError("bhyt-valid-to", "The cover ends before it begins.")
    return InsuranceCard(
        number=number.upper(),
        name=_name(name),
        birth_date=read_partial_date(birth, "bhyt-birth-date"),
        sex=_SEXES[sex],
        address=_from_hex(address),
        facility=facility,
        valid_from=first,
        valid_to=last,
        extra=tuple(extra),
    )


def _name(text: str) -> str:
    name = _from_hex(text)
    if not name:
        raise FormatError("bhyt-name", "The name is missing.")
    return name


def _from_hex(text: str) -> str:
    try:
        words = bytes.fromhex("" if text == "-" else text).decode("utf-8").strip()
    except ValueError as error:
        raise FormatError("bhyt-hex", "A name or an address is not hexadecimal UTF-8.") from error
    require_printable(words, "bhyt")
    return words


def _optional_date(text: str, code: str) -> date | None:
    return None if text in {"", "-"} else read_date(text, code)


def write_bhyt(card: InsuranceCard) -> str:
    """Return the text of the code, for synthetic persons and tests."""
    return "|".join(
        [
            card.number,
            card.name.encode().hex(),
            card.birth_date.text,
            _SEX_DIGITS[card.sex],
            card.address.encode().hex(),
            card.facility,
            _date_text(card.valid_from),
            _date_text(card.valid_to),
            *card.extra,
        ]
    )


def _date_text(day: date | None) -> str:
    return "-" if day is None else PartialDate(day.year, day.month, day.day).text
