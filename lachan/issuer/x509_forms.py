"""Certificates of the country authority and of its signers, as the EU's and WHO's certificate profiles ask for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID, ObjectIdentifier

from lachan.issuer.vault import SigningKey

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
USE_OIDS = {
    "t": "1.3.6.1.4.1.1847.2021.1.1", "v": "1.3.6.1.4.1.1847.2021.1.2", "r": "1.3.6.1.4.1.1847.2021.1.3",
}  # fmt: skip
BACKDATED = timedelta(minutes=5)  # verifiers whose clocks are slow accept it from its first second


def authority_certificate(
    private: SigningKey, *, country: str, name: str, at: datetime, life: timedelta
) -> x509.Certificate:
    """A self-signed country certificate (CSCA)."""
    subject = _subject(country, name, f"CSCA {country} 1")
    built = _builder(subject, subject, private.public_key(), at, at + life)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_usage(of_authority=True), critical=True)
    return built.sign(private, SHA256())


def signer_certificate(
    public: PublicKey, *, authority: x509.Certificate, authority_key: SigningKey, common_name: str,
    uses: Sequence[str], at: datetime, ends: datetime,
) -> x509.Certificate:  # fmt: skip
    """A document signer's certificate (DSC) under `authority`; `uses` become key-usage OIDs, none for all kinds."""
    country, name = (_of(authority, oid) for oid in (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME))
    built = _builder(_subject(country, name, common_name), authority.subject, public, at, ends)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_usage(of_authority=False), critical=True)
    issuer_key = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    built = built.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False
    )
    if uses:
        oids = [ObjectIdentifier(USE_OIDS[use]) for use in sorted(uses)]
        built = built.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    return built.sign(authority_key, SHA256())


def _of(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    return str(certificate.subject.get_attributes_for_oid(oid)[0].value)


def _subject(country: str, name: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: PublicKey, at: datetime, ends: datetime
) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    begun = begun.serial_number(x509.random_serial_number())
    begun = begun.not_valid_before(at - BACKDATED).not_valid_after(ends)
    return begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(*, of_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not of_authority, key_cert_sign=of_authority, crl_sign=of_authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
