"""Base45 (RFC 9285), by tables: what QR codes hold in their alphanumeric mode."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from lachan.codecs.errors import FormatError

_SYMBOLS: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NO_SYMBOL: Final = 255
_VALUES: Final = bytes(_SYMBOLS.index(code) if code in _SYMBOLS else _NO_SYMBOL for code in range(256))
_THREE: Final = np.frombuffer(
    b"".join(bytes((_SYMBOLS[n % 45], _SYMBOLS[n // 45 % 45], _SYMBOLS[n // 2025])) for n in range(65_536)),
    dtype="V3",
)
_WEIGHTS: Final = np.array([1, 45, 2025], dtype=np.float32)  # exact: no sum is over 2**24
_PAIR: Final = np.dtype(">u2")
_TRIPLE: Final = np.dtype((np.uint8, 3))


def encode(content: bytes) -> str:
    """Return three symbols for each two bytes, and two for an odd last one."""
    whole = len(content) & ~1
    text: str = _THREE.take(np.frombuffer(content[:whole], _PAIR)).tobytes().decode("ascii")
    return text if whole == len(content) else text + _two(content[-1])


def encode_many(contents: Sequence[bytes]) -> list[str]:
    """Return what `encode` returns, for each: one look into the table for all."""
    wholes = [content[: len(content) & ~1] for content in contents]
    text: str = _THREE.take(np.frombuffer(b"".join(wholes), _PAIR)).tobytes().decode("ascii")
    codes, end = [], 0
    for content, whole in zip(contents, wholes, strict=True):
        start, end = end, end + len(whole) // 2 * 3
        code = text[start:end]
        codes.append(code if len(whole) == len(content) else code + _two(content[-1]))
    return codes


def _two(last: int) -> str:
    high, low = divmod(last, 45)
    return chr(_SYMBOLS[low]) + chr(_SYMBOLS[high])


def decode(text: str) -> bytes:
    """Return the bytes. Raises FormatError `base45`: a symbol that is none, a length or a value that cannot be."""
    values = _values(text)
    whole = len(values) // 3 * 3
    return _pairs(values) if whole == len(values) else _pairs(values[:whole]) + _last(values)


def decode_many(texts: Sequence[str]) -> list[bytes]:
    """Return what `decode` returns, for each: one multiplication for all. Raises what any of them raises."""
    symbols = [_values(text) for text in texts]
    wholes = [len(values) // 3 * 3 for values in symbols]
    pairs = _pairs(b"".join([values[:whole] for values, whole in zip(symbols, wholes, strict=True)]))
    contents, end = [], 0
    for values, whole in zip(symbols, wholes, strict=True):
        start, end = end, end + whole // 3 * 2
        content = pairs[start:end]
        contents.append(content if whole == len(values) else content + _last(values))
    return contents


def _values(text: str) -> bytes:
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError as error:
        raise FormatError("base45", "The code has a character that Base45 does not have.") from error
    if b"\xff" in values:
        raise FormatError("base45", "The code has a character that Base45 does not have.")
    if len(values) % 3 == 1:
        raise FormatError("base45", "The code has one character too many, or too few.")
    return values


def _last(values: bytes) -> bytes:
    last = values[-2] + 45 * values[-1]
    if last > 0xFF:
        raise FormatError("base45", "The last two characters stand for more than a byte.")
    return bytes((last,))


def _pairs(values: bytes) -> bytes:
    if not values:
        return b""
    sums = np.frombuffer(values, _TRIPLE).dot(_WEIGHTS)
    if sums.item(sums.argmax()) > 0xFFFF:
        raise FormatError("base45", "Three characters stand for more than two bytes.")
    content: bytes = sums.astype(_PAIR).tobytes()
    return content
