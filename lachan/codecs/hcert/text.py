"""The outermost layers: `HC1:`, Base45, zlib."""

import zlib
from collections.abc import Sequence
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.hcert import base45

PREFIX: Final = "HC1:"
LARGEST_CONTENT: Final = 65_536


def as_text(given: str | bytes) -> str:
    """Return the scanned text without white space around it. Raises FormatError: length, text."""
    if len(given) > LONGEST_QR:
        raise FormatError("length", "The text is longer than any QR code.")
    if isinstance(given, str):
        return given.strip("\r\n\t ")
    try:
        return bytes(given).decode("ascii").strip("\r\n\t ")
    except UnicodeDecodeError as error:
        raise FormatError("prefix", "This is no certificate: it does not begin with HC1:.") from error


def unprefix(text: str) -> str:
    """Return what follows `HC1:`. Raises FormatError `prefix`."""
    if not text.startswith(PREFIX):
        raise FormatError("prefix", "This is no certificate: it does not begin with HC1:.")
    return text[len(PREFIX) :]


def inflate(packed: bytes) -> bytes:
    """Return the content, at most 64 kB. Raises FormatError `inflate`."""
    engine = zlib.decompressobj()
    try:
        content = engine.decompress(packed, LARGEST_CONTENT)
    except zlib.error as error:
        raise FormatError("inflate", "The compressed content is broken, or was not compressed.") from error
    if not engine.eof:
        raise FormatError("inflate", "The compressed content is incomplete, or larger than 64 kB.")
    if engine.unused_data:
        raise FormatError("inflate", "Something follows the compressed content.")
    if _has_slack(packed):
        raise FormatError("inflate", "The compressed content was altered where nobody looks.")
    return content


def _has_slack(packed: bytes) -> bool:
    """Tell whether bits are set that readers skip, to fill a byte: no writer sets them, and all of a code counts.

    They follow the three bits that begin a stored block, or the last symbol, before the four bytes of the checksum.
    There, the highest bit set matters to the content or to nothing.
    """
    if packed[_FIRST_BLOCK] & _LAST_AND_KIND == _LAST_STORED:
        return packed[_FIRST_BLOCK] != _LAST_STORED
    end = packed[-_CHECKSUM_BYTES - 1]
    if not end:
        return False
    without = bytearray(packed)
    without[-_CHECKSUM_BYTES - 1] = end ^ 1 << end.bit_length() - 1
    engine = zlib.decompressobj()
    try:
        engine.decompress(without, LARGEST_CONTENT)
    except zlib.error:
        return False
    return engine.eof


_FIRST_BLOCK: Final = 2
_LAST_AND_KIND: Final = 0b111
_LAST_STORED: Final = 0b001
_CHECKSUM_BYTES: Final = 4


_WORTH_DEFLATING: Final = 420


def pack(content: bytes) -> str:
    """Return `HC1:` and the content, in zlib's format.

    A certificate of ours is short, and a third of it is a signature and a random number: deflating it takes half as
    long as signing and saves 0 to 3 %. So short ones are stored, in a block that every reader of zlib reads.
    """
    return PREFIX + base45.encode(_packed(content))


def pack_many(contents: Sequence[bytes]) -> list[str]:
    """Return what `pack` returns, for each."""
    return [PREFIX + code for code in base45.encode_many([_packed(content) for content in contents])]


def _packed(content: bytes) -> bytes:
    if len(content) < _WORTH_DEFLATING:
        return _stored(content)
    return min(_deflated(content), _stored(content), key=len)


def _deflated(content: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, _SMALL_WINDOW, _SMALL_MEMORY)  # 256 kB less to allocate
    return engine.compress(content) + engine.flush()


def _stored(content: bytes) -> bytes:
    """Return the zlib stream (RFC 1950) of one block that is not compressed (RFC 1951)."""
    length = len(content)
    return b"".join(
        (
            b"\x78\x01\x01",
            length.to_bytes(2, "little"),
            (0xFFFF - length).to_bytes(2, "little"),
            content,
            zlib.adler32(content).to_bytes(4, "big"),
        )
    )


_SMALL_WINDOW: Final = 12
_SMALL_MEMORY: Final = 5
