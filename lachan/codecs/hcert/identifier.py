"""The unique certificate identifier (UVCI), option 3: opaque, with its check character."""

import re
from typing import Final

from lachan.codecs.errors import FormatError

_SYMBOLS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_VALUES: Final = {symbol: value for value, symbol in enumerate(_SYMBOLS)}
_BODY: Final = re.compile(r"URN:UVCI:01:[A-Z]{2,5}:[A-Z0-9]+(?:[/:][A-Z0-9]+)*")
LONGEST: Final = 72


def checksum(body: str) -> str:
    """Return the Luhn mod N check character of `URN:UVCI:...`. Raises FormatError `uvci`."""
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = _VALUES.get(symbol)
        if value is None:
            raise FormatError("uvci", "The identifier has a character that identifiers do not have.")
        product = value * (2 if place % 2 == 0 else 1)
        total += product // len(_SYMBOLS) + product % len(_SYMBOLS)
    return _SYMBOLS[-total % len(_SYMBOLS)]


def uvci(country: str, opaque: str) -> str:
    """Return `URN:UVCI:01:VN:<opaque>#<check>`. Raises FormatError `uvci`."""
    body = f"URN:UVCI:01:{country}:{opaque}"
    if not _BODY.fullmatch(body) or len(body) + 2 > LONGEST:
        raise FormatError("uvci", "The identifier's parts are not A-Z and 0-9, or it is longer than 72.")
    return f"{body}#{checksum(body)}"


def is_checked(identifier: str) -> bool:
    """Tell whether an identifier ends in its right check character; those of many countries have none."""
    body, hash_sign, check = identifier.strip().upper().rpartition("#")
    try:
        return bool(hash_sign) and len(body) <= LONGEST and check == checksum(body)
    except FormatError:
        return False
