"""Whose signatures count, for machines: as JSON signed by a JWS, and as the DID document that GDHCN asks for.

Both are rebuilt from keys at any moment; the signature is a detached JWS (RFC 7515, appendix F) in the header that
names the list's signer with its certificate, which the country certificate signed.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from lachan.codecs.hcert import Signer, TrustedKey
from lachan.issuer.models import SignerKey

CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]
COORDINATE = 32


def as_json(
    rows: Sequence[SignerKey], *, at: datetime, next_at: datetime, signer: Signer, certificate: bytes
) -> bytes:  # fmt: skip
    """`{"payload": {...}, "signature": "header..signature"}`; the payload lists each trusted signer."""
    payload = {
        "version": 1, "made_at": _moment(at), "next_at": _moment(next_at), "keys": [_entry(row) for row in rows],
        "authorities": sorted({b64encode(bytes(row.authority.certificate)).decode() for row in rows}),
    }  # fmt: skip
    body = msgspec.json.encode(payload)
    return msgspec.json.encode(
        {
            "payload": msgspec.Raw(body),
            "signature": detached_jws(body, signer=signer, certificate=certificate),
        }
    )


def _entry(row: SignerKey) -> dict[str, Any]:
    return {
        "kid": b64encode(bytes(row.kid)).decode(), "certificate": b64encode(bytes(row.certificate)).decode(),
        "algorithm": row.algorithm, "uses": list(row.uses) or ["r", "t", "v"],
        "not_before": _moment(row.not_before), "not_after": _moment(row.not_after),
        "signs_from": _moment(row.use_from) if row.use_from else None,
    }  # fmt: skip


def as_did(rows: Sequence[SignerKey], *, did: str, at: datetime, signer: Signer, certificate: bytes) -> bytes:
    """A DID document: one JsonWebKey2020 with x5c for each trusted signer, named by its kid; with a proof."""
    document = {
        "@context": CONTEXT, "id": did, "controller": did,
        "verificationMethod": [_method(row, did) for row in rows],
        "assertionMethod": [f"{did}#{_kid(row)}" for row in rows],
    }  # fmt: skip
    body = msgspec.json.encode(document)
    proof = {
        "type": "JsonWebSignature2020", "created": _moment(at), "proofPurpose": "assertionMethod",
        "verificationMethod": f"{did}#{urlsafe(signer.kid)}",
        "jws": detached_jws(body, signer=signer, certificate=certificate),
    }  # fmt: skip
    return msgspec.json.encode(document | {"proof": proof})


def _method(row: SignerKey, did: str) -> dict[str, Any]:
    name = f"{did}#{_kid(row)}"
    key = public_jwk(TrustedKey.of_certificate(bytes(row.certificate)))
    key |= {
        "kid": _kid(row),
        "x5c": [b64encode(bytes(c)).decode() for c in (row.certificate, row.authority.certificate)],
    }
    return {"id": name, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": key}


def public_jwk(key: TrustedKey) -> dict[str, Any]:
    """The public key as RFC 7517 writes it."""
    if isinstance(key.public_key, ec.EllipticCurvePublicKey):
        point = key.public_key.public_numbers()
        x, y = (urlsafe(n.to_bytes(COORDINATE, "big")) for n in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "x": x, "y": y}
    assert isinstance(key.public_key, rsa.RSAPublicKey)  # noqa: S101 (TrustedKey has no others)
    numbers = key.public_key.public_numbers()
    n, e = (urlsafe(v.to_bytes((v.bit_length() + 7) // 8, "big")) for v in (numbers.n, numbers.e))
    return {"kty": "RSA", "alg": "PS256", "n": n, "e": e}


def detached_jws(body: bytes, *, signer: Signer, certificate: bytes) -> str:
    """`header..signature` over `body`; the header carries the signer's certificate and its thumbprint."""
    header = {
        "alg": signer.algorithm, "kid": urlsafe(signer.kid), "x5c": [b64encode(certificate).decode()],
        "x5t#S256": urlsafe(sha256(certificate).digest()),
    }  # fmt: skip
    head = urlsafe(msgspec.json.encode(header))
    return f"{head}..{urlsafe(signer.sign(f'{head}.{urlsafe(body)}'.encode()))}"


def urlsafe(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _kid(row: SignerKey) -> str:
    return urlsafe(bytes(row.kid))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
