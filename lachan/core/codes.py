"""Opaque public codes of persons, venues and cases: 80 random bits, typed and read aloud without mistakes."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.codecs.errors import FormatError
from lachan.codecs.symbols import ALPHABET, PAYLOAD_LENGTH, canonical_code, check_symbol, times_root
from lachan.core.errors import Refusal

if TYPE_CHECKING:
    import numpy as np

GROUP = 4
RANDOM_BITS = 80

_SENTENCES: Final = {
    "code-empty": _("Type the code."),
    "code-length": _("A code has 17 letters and digits. Some are missing or too many."),
    "code-symbol": _("This code has a character that no code uses. Codes have digits and letters, but no U."),
    "code-check": _("This code has a mistake in it. Compare it with the paper again."),
}


class BadCode(Refusal):
    """A text is no code: code-empty, code-length, code-symbol, code-check."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


def new_code(rng: random.Random | None = None) -> str:
    """Return a fresh code of 17 symbols. Without `rng` the bits come from the system's secure source."""
    bits = secrets.randbits(RANDOM_BITS) if rng is None else rng.getrandbits(RANDOM_BITS)
    payload = "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in reversed(range(PAYLOAD_LENGTH)))
    return payload + check_symbol(payload)


def new_codes(n: int, rng: random.Random | np.random.Generator | None = None) -> list[str]:
    """Return `n` fresh codes at once, about two million a second."""
    import numpy as np  # here, because the web process never needs it

    symbols = np.array(list(ALPHABET), dtype="S1")
    times = np.array([times_root(value) for value in range(32)], dtype=np.uint8)
    values = (
        np.frombuffer(_random_bytes(n * PAYLOAD_LENGTH, rng), dtype=np.uint8).reshape(n, PAYLOAD_LENGTH) & 31
    )
    check = np.zeros(n, dtype=np.uint8)
    for column in values.T:
        check = times[check ^ column]
    codes = symbols[np.column_stack([values, check])].view(f"S{PAYLOAD_LENGTH + 1}").ravel()
    result: list[str] = codes.astype(str).tolist()
    return result


def _random_bytes(size: int, rng: random.Random | np.random.Generator | None) -> bytes:
    if rng is None:
        return secrets.token_bytes(size)
    return rng.randbytes(size) if isinstance(rng, random.Random) else rng.bytes(size)


def format_code(code: str) -> str:
    """Return the code in groups of four: `7K3M-0Q9Z-AB12-CD34-X`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parse_code(text: str) -> str:
    """Return the stored form (17 upper-case symbols) of a code as a person typed it.

    Spaces, hyphens and lower case are forgiven, O is read as 0, I and L as 1. Raises BadCode.
    """
    try:
        return canonical_code(text)
    except FormatError as error:
        raise BadCode(error.code) from error
