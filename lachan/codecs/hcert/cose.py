"""COSE_Sign1 (RFC 9052): the signed envelope, and nothing else of COSE."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import cbor

Algorithm = Literal["ES256", "PS256"]

_ALGORITHMS: Final[Mapping[int, Algorithm]] = {-7: "ES256", -37: "PS256"}
_NUMBERS: Final = {name: number for number, name in _ALGORITHMS.items()}
_SHORT_TAG: Final = 0xD2
_SIGN1_TAGS: Final = (b"\xd2", b"\xd8\x3d", b"\xd8\x12")  # COSE_Sign1, CWT, and COSE_Sign1 in two bytes
_MOST_TAGS: Final = 2
_ALGORITHM, _CRITICAL, _KID = 1, 2, 4
KID_BYTES: Final = 8
_LONGEST_HEADER: Final = 512
_LONGEST_SIGNATURE: Final = 1024  # RSA of 8,192 bits


class Envelope(NamedTuple):
    """What was signed, and the signature; `algorithm` and `kid` are None when the headers do not say."""

    algorithm: Algorithm | None
    kid: bytes | None
    protected: bytes
    payload: bytes
    signature: bytes


def read(content: bytes) -> Envelope:
    """Open a COSE_Sign1, tagged or not. Raises FormatError: cbor, cose."""
    parts = cbor.read(_untagged(content))
    if not (isinstance(parts, list) and len(parts) == 4):
        raise _no_envelope()
    protected, unprotected, payload, signature = parts
    if not (
        isinstance(protected, bytes)
        and isinstance(unprotected, dict)
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
        and len(protected) <= _LONGEST_HEADER
        and len(signature) <= _LONGEST_SIGNATURE
    ):
        raise _no_envelope()
    algorithm, kid = _protected(protected)
    if kid is None and unprotected:
        kid = _kid(unprotected)
    return Envelope(algorithm, kid, protected, payload, signature)


def _no_envelope() -> FormatError:
    return FormatError("cose", "The content is no signed envelope (COSE_Sign1).")


def _untagged(content: bytes) -> bytes:
    for _ in range(_MOST_TAGS):
        if content.startswith(_SIGN1_TAGS):
            content = content[1 if content[0] == _SHORT_TAG else 2 :]
    return content


@lru_cache(maxsize=1024)
def _protected(header: bytes) -> tuple[Algorithm | None, bytes | None]:
    labels = cbor.read(header) if header else {}
    if not isinstance(labels, dict) or _CRITICAL in labels:
        raise _no_envelope()
    number = labels.get(_ALGORITHM)
    return _ALGORITHMS.get(number) if type(number) is int else None, _kid(labels)


def _kid(labels: Mapping[Any, Any]) -> bytes | None:
    kid = labels.get(_KID)
    if kid is None:
        return None
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise FormatError("cose", "The key's number is not 8 bytes long.")
    return kid


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """Return what the signature is made over: the Sig_structure."""
    return _head(protected) + _bstr(len(payload)) + payload


def write(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return the tagged COSE_Sign1 with an empty unprotected header."""
    return b"".join(
        (b"\xd2\x84", _bstr(len(protected)), protected, b"\xa0", _bstr(len(payload)), payload,
         _bstr(len(signature)), signature)
    )  # fmt: skip


@lru_cache(maxsize=1024)
def protected_header(algorithm: Algorithm, kid: bytes) -> bytes:
    """Return the protected header: the algorithm and the key's number."""
    number = b"\x26" if _NUMBERS[algorithm] == -7 else b"\x38\x24"
    return b"\xa2\x01" + number + b"\x04\x48" + kid


@lru_cache(maxsize=1024)
def _head(protected: bytes) -> bytes:
    return b"\x84\x6aSignature1" + _bstr(len(protected)) + protected + b"\x40"


def _bstr(length: int) -> bytes:
    if length < 24:
        return bytes((0x40 | length,))
    if length < 0x100:
        return bytes((0x58, length))
    return b"\x59" + length.to_bytes(2, "big")
