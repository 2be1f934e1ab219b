"""A person's printed code that anybody can check without a secret and without a network.

`LC2:`, the 17 symbols of the public code, 3 of the day of issue, 4 of the key's name, 103 of an Ed25519 signature
over all that stands before it. 131 capitals and digits make a QR code of 41 modules at level M, 49 at level Q.
Why so: docs/decisions, "Personal codes".
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lachan.codecs.errors import FormatError
from lachan.codecs.person_code import PersonCode
from lachan.codecs.symbols import CODE_LENGTH, canonical_code, canonical_symbols, number_of, symbols_of

SIGNED_PREFIX: Final = "LC2:"
FIRST_DAY: Final = date(2020, 1, 1)

_DAY, _KEY, _SIGNATURE = 3, 4, 103  # symbols of five bits
_SIGNATURE_BYTES: Final = 64
_UNSIGNED: Final = CODE_LENGTH + _DAY + _KEY


@dataclass(frozen=True, slots=True)
class SignedPersonCode(PersonCode):
    """What the code says; true only after `check_signed_code`. `key_name`: which key to check it with."""

    issued_on: date
    key_name: str
    signature: bytes


def key_name(key: Ed25519PublicKey) -> str:
    """Four symbols of the key's SHA-256. Two keys may share a name; then both are tried."""
    digest = hashlib.sha256(key.public_bytes_raw()).digest()
    return symbols_of(int.from_bytes(digest[:3], "big") >> 4, _KEY)


def make_signed_code(code: str, key: Ed25519PrivateKey, *, issued_on: date) -> str:
    """Return the text of the printed QR code. Raises FormatError code-* for what is no public code, signed-day."""
    days = (issued_on - FIRST_DAY).days
    if not 0 <= days < 32**_DAY:
        raise FormatError("signed-day", "The day of issue is before 2020 or after 2109.")
    body = canonical_code(code) + symbols_of(days, _DAY) + key_name(key.public_key())
    signature = key.sign((SIGNED_PREFIX + body).encode())
    return SIGNED_PREFIX + body + symbols_of(int.from_bytes(signature, "big"), _SIGNATURE)


def parse_signed_code(text: str) -> SignedPersonCode:
    """Read the code without believing it.

    Raises FormatError: signed-prefix, signed-symbol, signed-length, signed-padding, code-check.
    """
    if text[: len(SIGNED_PREFIX)].upper() != SIGNED_PREFIX:
        raise FormatError("signed-prefix", f"A signed code begins with {SIGNED_PREFIX}")
    symbols = canonical_symbols(text[len(SIGNED_PREFIX) :], _UNSIGNED + _SIGNATURE, "signed")
    signature = number_of(symbols[_UNSIGNED:])
    if signature >> (8 * _SIGNATURE_BYTES):
        raise FormatError("signed-padding", "The signature has bits where none can be.")
    code, rest = symbols[:CODE_LENGTH], symbols[CODE_LENGTH:]
    return SignedPersonCode(
        code=canonical_code(code),
        issued_on=FIRST_DAY + timedelta(days=number_of(rest[:_DAY])),
        key_name=rest[_DAY : _DAY + _KEY],
        signature=signature.to_bytes(_SIGNATURE_BYTES, "big"),
    )


def check_signed_code(text: str, keys: Iterable[Ed25519PublicKey]) -> SignedPersonCode:
    """Read the code and believe it if one of the keys signed it.

    Raises FormatError as `parse_signed_code`, signed-key (none of the keys has its name), signed-signature.
    """
    read = parse_signed_code(text)
    named = [key for key in keys if key_name(key) == read.key_name]
    if not named:
        raise FormatError("signed-key", "The code was signed with a key that is not known here.")
    days = symbols_of((read.issued_on - FIRST_DAY).days, _DAY)
    signed = (SIGNED_PREFIX + read.code + days + read.key_name).encode()
    if not any(_verifies(key, read.signature, signed) for key in named):
        raise FormatError("signed-signature", "The signature does not fit: the code is forged or misread.")
    return read


def _verifies(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
