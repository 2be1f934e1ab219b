"""Keys of signers: what they may sign, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert.cose import KID_BYTES, Algorithm

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LEAST_RSA_BITS: Final = 2048


class Use(StrEnum):
    """What a certificate attests, by its name in the payload."""

    VACCINATION = "v"
    TEST = "t"
    RECOVERY = "r"


# The numbers of the specification, and those with a 0 too many that it first printed and many countries use.
USE_OIDS: Final[Mapping[str, Use]] = MappingProxyType(
    {
        f"1.3.6.1.4.1.{arc}1847.2021.1.{last}": use
        for arc in ("", "0.")
        for last, use in enumerate((Use.TEST, Use.VACCINATION, Use.RECOVERY), start=1)
    }
)
_ICAO_DOCUMENTS: Final = (
    "2.23.136.1.1."  # a signer of passports or of VDS-NC alone signs no certificates of ours
)


class Revoked(Protocol):
    """Who is revoked. `signature` is the raw COSE signature; lists are keyed by a hash of one or the other."""

    def holds(self, certificate_id: str | None, signature: bytes) -> bool: ...


class Lists(NamedTuple):
    """How new a list of signers is (None: nobody knows), and whom it says to be revoked."""

    as_of: datetime | None = None
    revoked: Revoked | None = None


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A signer's public key, and for what and when it may sign. Periods are whole: `not_after` still counts.

    `lists`: what speaks of this key alone (another country's list); None: the lists of its `Trust`.
    """

    kid: bytes
    public_key: PublicKey
    uses: frozenset[Use]
    not_before: datetime
    not_after: datetime
    country: str
    certificate: bytes
    lists: "Lists | None" = None

    @classmethod
    def of_certificate(cls, der: bytes, *, kid: bytes | None = None) -> "TrustedKey":
        """Read a signer's X.509 certificate. Raises FormatError: certificate, key."""
        try:
            read = x509.load_der_x509_certificate(der)
            public_key = read.public_key()
        except Exception as error:
            raise FormatError("certificate", "This is no X.509 certificate that can be read.") from error
        if not isinstance(public_key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
            raise FormatError("key", "The key is neither of an elliptic curve nor RSA.")
        algorithm_of(public_key)
        return cls(
            kid=key_number(der) if kid is None else kid,
            public_key=public_key,
            uses=_uses(read, der),
            not_before=read.not_valid_before_utc,
            not_after=read.not_valid_after_utc,
            country=_country(read),
            certificate=der,
        )


def key_number(der: bytes) -> bytes:
    """Return the kid of a signer: the first 8 bytes of its certificate's SHA-256."""
    return sha256(der).digest()[:KID_BYTES]


def algorithm_of(key: PublicKey | PrivateKey) -> Algorithm:
    """Return the one algorithm that fits the key. Raises FormatError `key`: another curve, too few bits."""
    if isinstance(key, (ec.EllipticCurvePublicKey, ec.EllipticCurvePrivateKey)):
        if isinstance(key.curve, ec.SECP256R1):
            return "ES256"
        raise FormatError("key", "The key's curve is not P-256.")
    if key.key_size >= LEAST_RSA_BITS:
        return "PS256"
    raise FormatError("key", "The key is neither of P-256 nor RSA of 2,048 bits or more.")


def _uses(certificate: x509.Certificate, der: bytes) -> frozenset[Use]:
    try:
        listed = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        found = {oid.dotted_string for oid in listed}
    except x509.ExtensionNotFound:
        found = set()
    except Exception:  # real certificates have extensions that cannot be parsed; a restriction still counts
        found = {name for name in USE_OIDS if _encoded(name) in der}
    named = frozenset(USE_OIDS[name] for name in found if name in USE_OIDS)
    if not named and any(name.startswith(_ICAO_DOCUMENTS) for name in found):
        return frozenset()
    return named or frozenset(Use)


def _encoded(name: str) -> bytes:
    """DER of an object identifier: base 128, the first two arcs in one."""
    first, second, *arcs = map(int, name.split("."))
    body = b"".join(_base128(arc) for arc in (40 * first + second, *arcs))
    return bytes((6, len(body))) + body


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


def _country(certificate: x509.Certificate) -> str:
    for name in (certificate.subject, certificate.issuer):
        for attribute in name.get_attributes_for_oid(NameOID.COUNTRY_NAME):
            return str(attribute.value).upper()
    return ""
