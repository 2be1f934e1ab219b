"""Telephone numbers as people type them, stored as E.164."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal

LONGEST_TYPED = 40

# After the country code: mobile numbers since the 2018 renumbering, then land lines (02x).
_VIETNAMESE: Final = re.compile(r"[35789][0-9]{8}|2[0-9]{9}")
_INTERNATIONAL: Final = re.compile(r"[1-9][0-9]{6,14}")

_SENTENCES: Final = {
    "phone-empty": _("Type the telephone number."),
    "phone-shape": _("A telephone number has digits only, with + in front of a country code."),
    "phone-vietnam": _(
        "A Vietnamese number starts with 0 and has 10 digits (mobile) or 11 digits (land line)."
    ),
    "phone-length": _("This telephone number is too short or too long."),
}


class BadPhone(Refusal):
    """A text is no telephone number: phone-empty, phone-shape, phone-vietnam, phone-length."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


def parse_phone(text: str) -> str:
    """Return E.164: `0912.345.678`, `+84 (0)912 345 678`, `84912345678`, `912345678` -> `+84912345678`.

    Nine digits without the 0 are what spreadsheets leave of a Vietnamese mobile number. Other countries need
    `+` or `00`. Raises BadPhone.
    """
    if len(text) > LONGEST_TYPED:
        raise BadPhone("phone-length")
    typed = re.sub(r"[\s.\-()/\u2010-\u2015]", "", unicodedata.normalize("NFKC", text))
    if not typed:
        raise BadPhone("phone-empty")
    if not re.fullmatch(r"\+?[0-9]+", typed):
        raise BadPhone("phone-shape")
    if typed.startswith(("+", "00")):
        return _international(typed.removeprefix("+").removeprefix("00"))
    if len(typed) > 10 and typed.startswith("84"):
        return _vietnamese(typed[2:])
    return _vietnamese(typed)


def _international(digits: str) -> str:
    if digits.startswith("84"):
        return _vietnamese(digits[2:])
    if not _INTERNATIONAL.fullmatch(digits):
        raise BadPhone("phone-length")
    return f"+{digits}"


def _vietnamese(digits: str) -> str:
    subscriber = digits.removeprefix("0")
    if not _VIETNAMESE.fullmatch(subscriber):
        raise BadPhone("phone-vietnam")
    return f"+84{subscriber}"
