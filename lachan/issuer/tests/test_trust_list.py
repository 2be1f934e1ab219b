"""The trust list as JSON and as a DID document: signed, and enough to verify certificates by it alone."""

from base64 import b64decode, urlsafe_b64decode
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from lachan.codecs.hcert import Trust, TrustedKey, verify
from lachan.issuer import lists
from lachan.issuer.models import ListKind, Publication
from lachan.issuer.tests.conftest import AT, Office
from lachan.issuer.trust_list import urlsafe

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(bare_office: Office) -> dict[str, Any]:
    bare_office.key_in_use()
    bare_office.key_in_use(algorithm="PS256", uses=["r"])
    bare_office.key(AT)
    bare_office.key_in_use(purpose="lists")
    lists.refresh(keyring=bare_office.keyring, at=AT)
    return {
        row.kind: msgspec.json.decode(bytes(row.content), type=dict[str, msgspec.Raw])
        for row in Publication.objects.exclude(kind=ListKind.REVOKED)
    }


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_jws(jws: str, body: bytes, office: Office) -> None:
    """The detached signature holds, by a certificate that the country authority issued."""
    head, empty, signature = jws.split(".")
    assert not empty
    header = msgspec.json.decode(unpadded(head))
    signer = TrustedKey.of_certificate(b64decode(header["x5c"][0]))
    authority = x509.load_der_x509_certificate(bytes(office.authority.certificate))
    x509.load_der_x509_certificate(signer.certificate).verify_directly_issued_by(authority)
    message = f"{head}.{urlsafe(body)}".encode()
    assert Trust([signer]).signer(header["alg"], signer.kid, message, unpadded(signature)) == signer


def test_the_json_list_is_signed_under_the_country_authority(
    published: dict[str, Any], bare_office: Office
) -> None:
    listed = published[ListKind.TRUST]
    check_jws(msgspec.json.decode(listed["signature"]), bytes(listed["payload"]), bare_office)


def test_the_list_alone_verifies_certificates(published: dict[str, Any], bare_office: Office) -> None:
    listed = msgspec.json.decode(published[ListKind.TRUST]["payload"])
    assert (listed["made_at"], listed["next_at"]) == ("2026-11-20T02:00:00Z", "2026-11-21T02:00:00Z")
    assert [k["uses"] for k in listed["keys"]] == [["r", "t", "v"], ["r"]], (
        "published ones, not those for lists"
    )
    trust = Trust(TrustedKey.of_certificate(b64decode(k["certificate"])) for k in listed["keys"])
    certificate = bare_office.issued()
    assert verify(certificate.signature.text, trust=trust, at=AT).ok


def test_the_did_document_names_each_signer_as_a_json_web_key(
    published: dict[str, Any], bare_office: Office, settings: Any
) -> None:
    raw = published[ListKind.DID]
    document = {name: msgspec.json.decode(value) for name, value in raw.items()}
    did = settings.ISSUER_DID
    assert document["id"] == did
    assert did.startswith("did:web:")
    assert [m["type"] for m in document["verificationMethod"]] == ["JsonWebKey2020"] * 2
    assert document["assertionMethod"] == [m["id"] for m in document["verificationMethod"]]
    kinds = [check_method(m) for m in document["verificationMethod"]]
    assert kinds == ["EC", "RSA"]
    body = msgspec.json.encode({n: document[n] for n in raw if n != "proof"})
    check_jws(document["proof"]["jws"], body, bare_office)


def check_method(method: dict[str, Any]) -> str:
    """The key of the method is the key of its first certificate, and its name ends in the kid."""
    key = method["publicKeyJwk"]
    read = TrustedKey.of_certificate(b64decode(key["x5c"][0]))
    assert method["id"].endswith(f"#{key['kid']}")
    assert unpadded(key["kid"]) == read.kid
    if isinstance(read.public_key, ec.EllipticCurvePublicKey):
        point = read.public_key.public_numbers()
        assert (unpadded(key["x"]), unpadded(key["y"])) == (
            point.x.to_bytes(32, "big"),
            point.y.to_bytes(32, "big"),
        )
    else:
        assert isinstance(read.public_key, rsa.RSAPublicKey)
        assert int.from_bytes(unpadded(key["n"]), "big") == read.public_key.public_numbers().n
    return str(key["kty"])
