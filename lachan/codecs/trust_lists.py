"""Lists of other countries' signers, as they come: the EU gateway's JSON, Lá Chắn's own, a DID document of WHO's
network.

Nothing here is trusted: the caller says whose list it is, and vouches for where the file came from.
"""

from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Trust, TrustedKey
from lachan.codecs.hcert.cose import KID_BYTES

LARGEST: Final = 20_000_000  # bytes: the EU's list of all countries has about 1
MOST_KEYS: Final = 20_000
Form = Literal["eu", "lachan", "did"]
_Found = tuple[bytes | None, bytes]  # key number, if the list gives one; DER


@dataclass(frozen=True, slots=True)
class Listed:
    """`made_at`: when the list says that it was made, if it does. `signer`: DER of who signed the list as a whole.

    `skipped`: entries that are no signer of health certificates which can be read.
    """

    form: Form
    keys: tuple[TrustedKey, ...]
    made_at: datetime | None = None
    signer: bytes | None = None
    skipped: int = 0

    def of_country(self, country: str) -> tuple[TrustedKey, ...]:
        return tuple(key for key in self.keys if key.country == country)


def read_list(content: bytes) -> Listed:
    """Recognise a list by its shape. Raises FormatError: list-length, list-format, list-signature, list-empty."""
    if len(content) > LARGEST:
        raise FormatError("list-length", "The file is larger than 20 MB.")
    read = _json(content)
    if isinstance(read, dict) and "payload" in read and "signature" in read:
        listed = _own(content, read)
    elif isinstance(read, dict) and "verificationMethod" in read:
        listed = _listed("did", _of_did(read))
    else:
        rows = read.get("certificates") if isinstance(read, dict) else read
        listed = _listed("eu", _of_gateway(rows))
    if not listed.keys:
        raise FormatError("list-empty", "The file names no signer of health certificates that can be read.")
    return listed


def _json(content: bytes) -> Any:
    """Some countries put a signature in a line of its own before the JSON."""
    start = min((place for mark in (b"{", b"[") if (place := content.find(mark)) >= 0), default=0)
    try:
        return msgspec.json.decode(content[start:])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise FormatError("list-format", "This is no trust list of a known form.") from error


def _listed(form: Form, found: Iterable[_Found | None], **more: Any) -> Listed:
    keys: dict[tuple[bytes, bytes], TrustedKey] = {}
    skipped = 0
    for each in found:
        key = _key(each)
        if key is None:
            skipped += 1
        else:
            keys[(key.kid, key.certificate)] = key
        if len(keys) > MOST_KEYS:
            raise FormatError("list-length", "The file names more than 20,000 signers.")
    return Listed(form, tuple(keys.values()), skipped=skipped, **more)


def _key(found: _Found | None) -> TrustedKey | None:
    """None for what is no certificate of P-256 or RSA, or may sign no health certificate."""
    try:
        key = TrustedKey.of_certificate(found[1], kid=found[0]) if found else None
    except FormatError:
        return None
    return key if key and key.uses else None


def _of_gateway(rows: Any) -> Iterator[_Found | None]:
    """The EU's rows: kid, country, certificateType, rawData. Authorities and uploaders of lists are no signers."""
    if not isinstance(rows, list):
        raise FormatError("list-format", "This is no trust list of a known form.")
    for row in rows:
        given: Mapping[str, Any] = row if isinstance(row, dict) else {}
        if given.get("certificateType", "DSC") == "DSC":
            yield _found(given.get("kid"), given.get("rawData"))


def _of_did(document: Mapping[str, Any]) -> Iterator[_Found | None]:
    """Methods whose key comes with its certificate; a bare key says neither until when nor for what it signs."""
    methods = document["verificationMethod"]
    for method in methods if isinstance(methods, list) else []:
        jwk = method.get("publicKeyJwk") if isinstance(method, dict) else None
        chain = jwk.get("x5c") if isinstance(jwk, dict) else None
        yield _found(None, chain[0]) if isinstance(chain, list) and chain else None


def _own(content: bytes, read: Mapping[str, Any]) -> Listed:
    """Our own list, whose signature must be right; raises FormatError list-signature, list-format."""
    try:
        raw = msgspec.json.decode(content, type=dict[str, msgspec.Raw])["payload"]
        signer = _signer(bytes(raw), read["signature"])
        payload = read["payload"]
        found = [_found(row["kid"], row["certificate"]) for row in payload["keys"]]
        made_at = datetime.fromisoformat(payload["made_at"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, msgspec.MsgspecError) as error:
        raise FormatError("list-format", "This is no trust list of a known form.") from error
    return _listed("lachan", found, made_at=made_at.astimezone(UTC), signer=signer)


def _signer(body: bytes, jws: str) -> bytes:
    """Who signed the list: DER of the certificate in the detached JWS, whose signature must be right."""
    head, _, signature = jws.split(".")
    header = msgspec.json.decode(_unpadded(head))
    der = b64decode(header["x5c"][0])
    key = TrustedKey.of_certificate(der)
    message = head.encode() + b"." + urlsafe_b64encode(body).rstrip(b"=")
    try:
        Trust([key]).signer(header["alg"], key.kid, message, _unpadded(signature))
    except FormatError as error:
        raise FormatError("list-signature", "The signature of the list is wrong.") from error
    return der


def _found(kid: object, der: object) -> _Found | None:
    try:
        number = b64decode(kid, validate=True) if isinstance(kid, str) else None
        raw = b64decode(der, validate=True) if isinstance(der, str) else b""
    except ValueError:
        return None
    return (number if number and len(number) == KID_BYTES else None, raw) if raw else None


def _unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
