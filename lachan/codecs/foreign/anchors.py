"""Whom a border post trusts, per format, read once when the lists are loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign import base64url, moments
from lachan.codecs.foreign.signers import read_certificate
from lachan.codecs.foreign.strict_json import rows
from lachan.codecs.hcert import Trust

IssuerKeys = Mapping[str, ec.EllipticCurvePublicKey]  # by kid
# (issuer, kid, rid) -> cards issued before then are taken back; all of them where the list names no moment.
RevokedCards = Mapping[tuple[str, str, str], datetime]

LONGEST_RID: Final = 64  # characters: 24 of the rid, a point, seconds
ALWAYS: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Trusted keys. `as_of`: when the lists were fetched (aware). None given is nobody trusted.

    `hcert`: of EU and WHO certificates; `health_cards`: by issuer's web address; `csca`: country signing
    certificates of passports.
    """

    hcert: Trust = field(default_factory=lambda: Trust(()))
    health_cards: Mapping[str, IssuerKeys] = field(default_factory=dict)
    health_cards_revoked: RevokedCards = field(default_factory=dict)
    csca: tuple[x509.Certificate, ...] = ()
    csca_revoked: frozenset[tuple[x509.Name, int]] = frozenset()
    as_of: datetime | None = None

    @classmethod
    def of(
        cls,
        *,
        hcert: Trust | None = None,
        jwks: Mapping[str, Mapping[str, object]] | None = None,
        card_crls: Mapping[str, Iterable[Mapping[str, object]]] | None = None,
        csca: Iterable[bytes] = (),
        csca_crls: Iterable[bytes] = (),
        as_of: datetime | None = None,
    ) -> Self:
        """Read JWK sets by issuer and DER certificates of country authorities; `hcert` has its own date.

        Keys that health cards may not use are passed over. `card_crls`: lists of revoked cards by issuer;
        `csca_crls`: DER revocation lists of the authorities.
        Raises FormatError: anchor-csca, anchor-crl.
        """
        authorities = tuple(_authority(der) for der in csca)
        cards = {issuer: read_jwks(keys) for issuer, keys in (jwks or {}).items()}
        return cls(
            hcert or Trust(()),
            cards,
            _revoked_cards(card_crls or {}),
            authorities,
            _revoked(csca_crls, authorities),
            as_of,
        )


def read_jwks(jwks: Mapping[str, object]) -> IssuerKeys:
    """Return the P-256 signing keys of a JWK set (RFC 7517) by kid."""
    read = ((jwk.get("kid"), _p256(jwk)) for jwk in rows(jwks.get("keys")))
    return {kid: key for kid, key in read if isinstance(kid, str) and key is not None}


def _p256(jwk: Mapping[str, object]) -> ec.EllipticCurvePublicKey | None:
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256") or jwk.get("use", "sig") != "sig":
        return None
    try:
        x, y = (int.from_bytes(base64url.decode(str(jwk.get(part)), "jws")) for part in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (FormatError, ValueError):
        return None


def _revoked_cards(crls: Mapping[str, Iterable[Mapping[str, object]]]) -> RevokedCards:
    """Read the lists of the framework: {kid, method, ctr, rids}, a rid as `rid` or `rid.seconds`."""
    found: dict[tuple[str, str, str], datetime] = {}
    for issuer, lists in crls.items():
        for crl in lists:
            rids = crl.get("rids")
            for text in rids if isinstance(rids, list) else []:
                rid, _, seconds = str(text)[:LONGEST_RID].partition(".")
                before = moments.of_seconds(int(seconds)) if seconds.isdecimal() else ALWAYS
                key = (issuer, str(crl.get("kid")), rid)
                found[key] = max(found.get(key, before or ALWAYS), before or ALWAYS)
    return found


def _authority(der: bytes) -> x509.Certificate:
    read = read_certificate(der)
    if read is None:
        raise FormatError("anchor-csca", "This is no certificate that can be read.")
    try:
        is_authority = read.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, x509.ExtensionNotFound) as error:
        raise FormatError("anchor-csca", "This is no certificate of a country authority.") from error
    if not is_authority:
        raise FormatError("anchor-csca", "This certificate may not sign others.")
    return read.certificate


def _revoked(
    crls: Iterable[bytes], authorities: tuple[x509.Certificate, ...]
) -> frozenset[tuple[x509.Name, int]]:
    return frozenset(
        (crl.issuer, entry.serial_number) for crl in (_crl(der, authorities) for der in crls) for entry in crl
    )


def _crl(der: bytes, authorities: tuple[x509.Certificate, ...]) -> x509.CertificateRevocationList:
    """Read a list that one of the authorities signed: of others, the list could let revoked signers pass."""
    try:
        crl = x509.load_der_x509_crl(der)
        keys = [authority.public_key() for authority in authorities if authority.subject == crl.issuer]
        is_signed = any(crl.is_signature_valid(key) for key in keys)  # type: ignore[arg-type]
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise FormatError("anchor-crl", "This is no revocation list that can be read.") from error
    if not is_signed:
        raise FormatError("anchor-crl", "No trusted authority signed this revocation list.")
    return crl
