"""The list of revoked certificates that offline verifiers carry.

One file of sorted hashes, searched where it lies (bytes or a memory map), signed by the issuer:

    magic "LCRL", version 1, bytes of a hash, 2 bytes 0 | made at, next at: seconds since 1970, 8 bytes each |
    number of certificate ids, number of signatures: 4 bytes each | kid of the list's signer, 8 bytes |
    hashes of ids, hashes of signatures, each sorted | length of the signature, 2 bytes | signature over all before

A hash is the beginning of SHA-256. With 7 bytes an innocent certificate is taken for one of n revoked ones with a
probability of 2n / 2**56 (two look-ups): 2.8e-10 for ten million. Numbers are big-endian.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Signer, Trust, TrustedKey
from lachan.codecs.hcert.keys import algorithm_of

MAGIC: Final = b"LCRL"
VERSION: Final = 1
HASH_BYTES: Final = 7
ES256_R: Final = 32  # bytes: the first half of a signature (r, s)
_HEAD: Final = Struct(">4sBB2sQQII8s")
_LENGTH: Final = Struct(">H")
_LEAST_HASH, _MOST_HASH = 4, 32
_LAST_SECOND: Final = 253_402_300_799  # 9999-12-31

Content = bytes | memoryview


def id_hash(certificate_id: str, size: int = HASH_BYTES) -> bytes:
    """The hash under which a certificate id (UVCI) is listed."""
    return sha256(certificate_id.encode("utf-8", "surrogatepass")).digest()[:size]


def signature_hash(signature: bytes, size: int = HASH_BYTES) -> bytes:
    """The hash under which a raw COSE signature is listed: of r alone for ES256, as the EU's lists do.

    Anybody can turn (r, s) into (r, -s), which verifies as well: both have one hash.
    """
    return sha256(signature[:ES256_R] if len(signature) == 2 * ES256_R else signature).digest()[:size]


def write_revoked(
    ids: Iterable[bytes], signatures: Iterable[bytes], *, made_at: datetime, next_at: datetime, signer: Signer,
    size: int = HASH_BYTES,
) -> bytes:  # fmt: skip
    """The file of these hashes (made by `id_hash` and `signature_hash`, in any order), signed."""
    listed = [sorted(set(hashes)) for hashes in (ids, signatures)]
    if any(len(entry) != size for hashes in listed for entry in hashes):
        raise ValueError(f"every hash must have {size} bytes")
    head = _HEAD.pack(
        MAGIC, VERSION, size, b"\0\0", int(made_at.timestamp()), int(next_at.timestamp()),
        len(listed[0]), len(listed[1]), signer.kid,
    )  # fmt: skip
    body = b"".join((head, *listed[0], *listed[1]))
    signature = signer.sign(body)
    return b"".join((body, _LENGTH.pack(len(signature)), signature))


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    made_at: datetime
    next_at: datetime
    ids: int
    signatures: int
    kid: bytes

    @property
    def body_length(self) -> int:
        return _HEAD.size + (self.ids + self.signatures) * self.size


class Revoked:
    """A list of revoked certificates, read where it lies. Raises FormatError when it is no such file, or cut short.

    `content` may be a `memoryview` of a memory map. Call `require_signer` before trusting it.
    """

    __slots__ = ("_content", "_head")

    def __init__(self, content: Content) -> None:
        self._content = memoryview(content)
        self._head = _read_head(self._content)
        end = self._head.body_length
        if len(self._content) < end + _LENGTH.size:
            raise FormatError("revoked-length", "The list is shorter than it says.")
        (length,) = _LENGTH.unpack_from(self._content, end)
        if len(self._content) != end + _LENGTH.size + length:
            raise FormatError("revoked-length", "The list is not as long as it says.")

    @property
    def made_at(self) -> datetime:
        return self._head.made_at

    @property
    def next_at(self) -> datetime:
        """When the next edition is due."""
        return self._head.next_at

    @property
    def kid(self) -> bytes:
        return self._head.kid

    def __len__(self) -> int:
        """How many hashes are listed: two for a certificate that was signed, one for one that was not."""
        return self._head.ids + self._head.signatures

    def require_signer(self, keys: Iterable[TrustedKey]) -> TrustedKey:
        """The key among `keys` that signed the list. Raises FormatError: kid-unknown, algorithm, signature."""
        body = bytes(self._content[: self._head.body_length])
        signature = bytes(self._content[self._head.body_length + _LENGTH.size :])
        trust = Trust(keys)
        found = trust.keys_of(self.kid)
        algorithm = algorithm_of(found[0].public_key) if found else "ES256"
        return trust.signer(algorithm, self.kid, body, signature)

    def holds(self, certificate_id: str | None, signature: bytes) -> bool:
        """Whether a certificate is listed, by its id or by its signature; about 20 steps for a million."""
        head = self._head
        if (
            head.ids
            and certificate_id
            and self._among(id_hash(certificate_id, head.size), _HEAD.size, head.ids)
        ):
            return True
        start = _HEAD.size + head.ids * head.size
        return bool(head.signatures) and self._among(
            signature_hash(signature, head.size), start, head.signatures
        )

    def _among(self, wanted: bytes, start: int, count: int) -> bool:
        content, size = self._content, self._head.size
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            place = start + middle * size
            if content[place : place + size].tobytes() < wanted:
                low = middle + 1
            else:
                high = middle
        place = start + low * size
        return low < count and content[place : place + size].tobytes() == wanted


def _read_head(content: memoryview) -> _Head:
    if len(content) < _HEAD.size:
        raise FormatError("revoked-format", "This is no list of revoked certificates.")
    magic, version, size, _zero, made, due, ids, signatures, kid = _HEAD.unpack_from(content)
    if magic != MAGIC or version != VERSION:
        raise FormatError("revoked-format", "This is no list of revoked certificates of a known version.")
    if not _LEAST_HASH <= size <= _MOST_HASH or not made <= due <= _LAST_SECOND:
        raise FormatError("revoked-format", "The list's header makes no sense.")
    times = (datetime.fromtimestamp(made, UTC), datetime.fromtimestamp(due, UTC))
    return _Head(size, *times, ids, signatures, kid)
