"""What a value of each kind must hold, one small check each, by the names of the table."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1.digits import CSET_82, has_check_digit, has_check_pair
from lachan.codecs.gs1.states import ALPHA_2, CURRENCIES, NUMERIC

CHARACTERS: Final[Mapping[str, frozenset[str]]] = {
    "N": frozenset("0123456789"),
    "X": frozenset(CSET_82),
    "Y": frozenset("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "Z": frozenset("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz="),
}

_MEDIA: Final = frozenset(f"{code:02}" for code in (*range(1, 11), *range(80, 100)))
_LEAST_PREFIX: Final = 4  # digits of the shortest company prefix
_IBAN: Final = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]+")


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _is_short_day(text: str) -> bool:
    # Every fourth year is a leap year in all the centuries that six digits can mean today.
    return _is_day(f"20{text}")


def _is_month_or_day(text: str) -> bool:
    return _is_short_day(text[:4] + "01" if text.endswith("00") else text)


def _is_hour_and_minute(text: str) -> bool:
    return text[:2] < "24" and text[2:] < "60"


def _is_iban(text: str) -> bool:
    turned = text[4:] + text[:4]
    return bool(_IBAN.fullmatch(text)) and int("".join(str(int(symbol, 36)) for symbol in turned)) % 97 == 1


def _is_piece_of_total(text: str) -> bool:
    return "00" < text[:2] <= text[2:]


def _is_place_in_sequence(text: str) -> bool:
    return bool(re.fullmatch("[1-9]/[1-9]", text)) and text[0] <= text[2]


def _starts_with_prefix(text: str) -> bool:
    return len(text) >= _LEAST_PREFIX and text[:_LEAST_PREFIX].isdecimal()


def _never(_text: str) -> bool:
    return False


# Each check with the ending of the code that its refusal has.
CHECKS: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "csum": ("check-digit", has_check_digit),
    "csumalpha": ("check-digit", has_check_pair),
    "gcppos1": ("prefix", _starts_with_prefix),
    "gcppos2": ("prefix", lambda text: _starts_with_prefix(text[1:])),
    "yymmd0": ("date", _is_month_or_day),
    "yymmdd": ("date", _is_short_day),
    "yyyymmdd": ("date", _is_day),
    "hhmi": ("date", _is_hour_and_minute),
    "hh": ("date", lambda text: text < "24"),
    "mi": ("date", lambda text: text < "60"),
    "ss": ("date", lambda text: text < "60"),
    "iso3166": ("country", NUMERIC.__contains__),
    "iso3166999": ("country", lambda text: text == "999" or text in NUMERIC),
    "iso3166alpha2": ("country", ALPHA_2.__contains__),
    "iso4217": ("currency", CURRENCIES.__contains__),
    "iso5218": ("content", lambda text: text in "0129"),
    "yesno": ("content", lambda text: text in "01"),
    "winding": ("content", lambda text: text in "019"),
    "zero": ("content", lambda text: text == "0"),
    "nonzero": ("content", lambda text: bool(text.strip("0"))),
    "nozeroprefix": ("content", lambda text: text == "0" or not text.startswith("0")),
    "hasnondigit": ("content", lambda text: not text.isdecimal()),
    "hyphen": ("content", lambda text: not text.strip("-")),
    "pcenc": ("content", lambda text: not re.search("%(?![0-9A-Fa-f]{2})", text)),
    "iban": ("content", _is_iban),
    "latitude": ("content", lambda text: int(text) <= 1_800_000_000),
    "longitude": ("content", lambda text: int(text) <= 3_600_000_000),
    "mediatype": ("content", _MEDIA.__contains__),
    "importeridx": ("content", lambda text: bool(re.fullmatch("[-0-9A-Z_a-z]", text))),
    # The list of UN/ECE recommendation 21 is not kept here: the form alone is checked.
    "packagetype": ("content", lambda text: bool(re.fullmatch("[0-9A-Z]{1,3}", text))),
    "pieceoftotal": ("content", _is_piece_of_total),
    "posinseqslash": ("content", _is_place_in_sequence),
    # Coupons of North American shops are never on a carton of vaccine.
    "couponcode": ("coupon", _never),
    "couponposoffer": ("coupon", _never),
}


def require(check: str, text: str, ai: str) -> None:
    """Raise FormatError gs1-check-digit, -prefix, -date, -country, -currency, -content or -coupon."""
    ending, holds = CHECKS[check]
    if not holds(text):
        raise FormatError(f"gs1-{ending}", f"The value of ({ai}) fails the check {check}.")
