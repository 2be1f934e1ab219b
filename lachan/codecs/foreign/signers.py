"""Certificates of those who sign VDS-NC seals, and of the passport authorities above them.

Some countries (Japan) name ECDSA with a NULL parameter, which RFC 5758 forbids and the library refuses. Such a
certificate is read with the NULL left out, and its signature checked over the bytes as they were.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

# ecdsa-with-SHA256, -SHA384 and -SHA512 as an AlgorithmIdentifier: with NULL, and as it should be.
_ECDSA: Final = bytes.fromhex("06082a8648ce3d0403")
_WITHOUT_NULL: Final = {
    b"\x30\x0c" + _ECDSA + bytes([last]) + b"\x05\x00": b"\x30\x0a" + _ECDSA + bytes([last])
    for last in (2, 3, 4)
}
_SEQUENCE: Final = 0x30
BARCODE_SIGNER: Final = x509.ObjectIdentifier("2.23.136.1.1.14.2")


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate, and the bytes that its issuer signed."""

    certificate: x509.Certificate
    signed: bytes


def read_certificate(der: bytes) -> Signed | None:
    """Read a DER certificate; None for what is none."""
    for form in (der, _without_null(der)):
        try:
            certificate = x509.load_der_x509_certificate(form)
            signed = certificate.tbs_certificate_bytes if form is der else _parts(der)[0]
            return Signed(certificate, signed)
        except (ValueError, IndexError, x509.InvalidVersion):
            continue
    return None


def is_issued_by(signer: Signed, authority: x509.Certificate) -> bool:
    """Whether the authority of that name signed the certificate."""
    certificate = signer.certificate
    try:  # the library reads each part when it is asked for it, and only then finds it broken
        if certificate.issuer != authority.subject:
            return False
        if signer.signed == certificate.tbs_certificate_bytes:
            certificate.verify_directly_issued_by(authority)
        else:
            _verify_ecdsa(authority, signer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _verify_ecdsa(authority: x509.Certificate, signer: Signed) -> None:
    key, digest = authority.public_key(), signer.certificate.signature_hash_algorithm
    if not isinstance(key, ec.EllipticCurvePublicKey) or digest is None:
        raise TypeError("the authority's key is of another kind")
    key.verify(signer.certificate.signature, signer.signed, ec.ECDSA(digest))


def state(signer: Signed, revoked: frozenset[tuple[x509.Name, int]], at: datetime) -> str:
    """Return what a trusted authority lets its certificate do: valid, key-usage, key-not-valid."""
    certificate = signer.certificate
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return "key-usage"
    if BARCODE_SIGNER not in usage:
        return "key-usage"
    in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    taken_back = (certificate.issuer, certificate.serial_number) in revoked
    return "valid" if in_time and not taken_back else "key-not-valid"


def _without_null(der: bytes) -> bytes:
    """Return the certificate with both names of its algorithm as they should be, nothing for any other."""
    try:
        body, algorithm, signature = _parts(der)
        fields = [_WITHOUT_NULL.get(field, field) for field in _items(_content(body))]
        return _sequence(_sequence(b"".join(fields)) + _WITHOUT_NULL[algorithm] + signature)
    except (IndexError, KeyError, ValueError):
        return b""


def _parts(der: bytes) -> tuple[bytes, bytes, bytes]:
    (whole,) = _items(der)
    body, algorithm, signature = _items(_content(whole))
    return body, algorithm, signature


def _content(item: bytes) -> bytes:
    start, end = _extent(item, 0)
    return item[start:end]


def _items(content: bytes) -> list[bytes]:
    found, place = [], 0
    while place < len(content):
        _, end = _extent(content, place)
        found.append(content[place:end])
        place = end
    return found


def _extent(source: bytes, place: int) -> tuple[int, int]:
    """Return where the content of the item at `place` starts and ends (DER: lengths of at most two bytes here)."""
    first = source[place + 1]
    extra = first & 0x7F if first & 0x80 else 0
    if extra > 2:
        raise ValueError("longer than a certificate")
    start = place + 2 + extra
    length = int.from_bytes(source[place + 2 : start]) if extra else first
    if start + length > len(source):
        raise ValueError("cut off")
    return start, start + length


def _sequence(content: bytes) -> bytes:
    """Write a SEQUENCE of the size that certificates and their bodies have: 128 bytes or more."""
    size = len(content)
    length = size.to_bytes(1 if size < 0x100 else 2)
    return bytes([_SEQUENCE, 0x80 | len(length)]) + length + content
