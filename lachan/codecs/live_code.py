"""A person's code on the telephone, new every 30 seconds, so that a picture of it is soon worth nothing.

`LC3:`, the 17 symbols of the public code, 2 of the device, 6 of the half-minute, 20 of an HMAC-SHA-256 over all that
stands before it. The telephone holds a key of its own (`live_key`), from which no other can be derived; who checks
holds the installation's key. The half-minute is the nonce: a post takes each once.
Why so: docs/decisions, "Personal codes".
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.person_code import PersonCode
from lachan.codecs.symbols import CODE_LENGTH, canonical_code, canonical_symbols, number_of, symbols_of

LIVE_PREFIX: Final = "LC3:"
STEP: Final = timedelta(seconds=30)
DEVICES: Final = 1024
LEAST_KEY: Final = 32  # bytes

_DEVICE, _STEP, _TAG = 2, 6, 20  # symbols of five bits
_BODY: Final = CODE_LENGTH + _DEVICE + _STEP
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LivePersonCode(PersonCode):
    """What the code says; true only after `check_live_code`.

    `shown_at`: when its half-minute began. `nonce`: the same for each picture of it, different for all others;
    the post that has seen it says "already here".
    """

    device: int
    shown_at: datetime
    nonce: str


def live_key(installation_key: bytes, code: str, device: int = 0) -> bytes:
    """Return the key that one telephone (0 to 1023) of one person holds. Raises FormatError code-*."""
    if len(installation_key) < LEAST_KEY or not 0 <= device < DEVICES:
        raise ValueError(f"a key of {LEAST_KEY} bytes or more, and a device below {DEVICES}")
    name = f"lachan live code 1|{canonical_code(code)}|{device}".encode()
    return hmac.digest(installation_key, name, hashlib.sha256)


def make_live_code(code: str, key: bytes, at: datetime, *, device: int = 0) -> str:
    """Return the text that the telephone shows at `at` (aware). Raises FormatError code-*."""
    steps = (at - _EPOCH) // STEP
    if not 0 <= steps < 32**_STEP or not 0 <= device < DEVICES:
        raise ValueError("a time after 1970, and a device that exists")
    body = canonical_code(code) + symbols_of(device, _DEVICE) + symbols_of(steps, _STEP)
    return LIVE_PREFIX + body + _tag(body, key)


def _tag(body: str, key: bytes) -> str:
    digest = hmac.digest(key, (LIVE_PREFIX + body).encode(), hashlib.sha256)
    return symbols_of(int.from_bytes(digest, "big") >> (256 - 5 * _TAG), _TAG)


def parse_live_code(text: str) -> LivePersonCode:
    """Read the code without believing it. Raises FormatError: live-prefix, live-symbol, live-length, code-check."""
    return _read(_symbols(text))


def _symbols(text: str) -> str:
    if text[: len(LIVE_PREFIX)].upper() != LIVE_PREFIX:
        raise FormatError("live-prefix", f"A live code begins with {LIVE_PREFIX}")
    return canonical_symbols(text[len(LIVE_PREFIX) :], _BODY + _TAG, "live")


def _read(symbols: str) -> LivePersonCode:
    device, step = symbols[CODE_LENGTH : CODE_LENGTH + _DEVICE], symbols[CODE_LENGTH + _DEVICE : _BODY]
    return LivePersonCode(
        code=canonical_code(symbols[:CODE_LENGTH]),
        device=number_of(device),
        shown_at=_EPOCH + number_of(step) * STEP,
        nonce=symbols[:_BODY],
    )


def check_live_code(
    text: str, installation_keys: Iterable[bytes], at: datetime, skew: timedelta = STEP
) -> LivePersonCode:
    """Read the code and believe it if it was made with one of the keys, for now, give or take `skew`.

    Raises FormatError as `parse_live_code`, live-tag (forged, misread, or of another installation), live-late,
    live-early.
    """
    symbols = _symbols(text)
    read = _read(symbols)
    tags = [_tag(symbols[:_BODY], live_key(key, read.code, read.device)) for key in installation_keys]
    if not any(hmac.compare_digest(tag, symbols[_BODY:]) for tag in tags):
        raise FormatError("live-tag", "No key that is known here made this code.")
    if at >= read.shown_at + STEP + skew:
        raise FormatError("live-late", "The code is too old: it may be a picture of one.")
    if at < read.shown_at - skew:
        raise FormatError("live-early", "The code is of a time that has not come.")
    return read
