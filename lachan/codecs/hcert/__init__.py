"""The EU Digital COVID Certificate, schema 1.3, now kept by WHO (smart-trust, hcert_spec.md)."""

from lachan.codecs.hcert.certificate import Certificate
from lachan.codecs.hcert.identifier import uvci
from lachan.codecs.hcert.issuing import Request, encode, encode_many
from lachan.codecs.hcert.keys import Lists, Revoked, TrustedKey, Use
from lachan.codecs.hcert.products import pair_fits
from lachan.codecs.hcert.signatures import Signer
from lachan.codecs.hcert.trust import Trust
from lachan.codecs.hcert.verdict import Verdict
from lachan.codecs.hcert.verifying import verify, verify_many

__all__ = [
    "Certificate",
    "Lists",
    "Request",
    "Revoked",
    "Signer",
    "Trust",
    "TrustedKey",
    "Use",
    "Verdict",
    "encode",
    "encode_many",
    "pair_fits",
    "uvci",
    "verify",
    "verify_many",
]
