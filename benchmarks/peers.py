"""The same certificates by `cwt` and by `pycose`, with `base45` and zlib around them, as their users do.

Run by certificates.py in an environment of its own, with certificates of ours on standard input: their payloads are
signed again and verified. Nothing of this project is imported.
"""

# mypy: disable-error-code="import-not-found"

import sys
import time
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import base45
import cbor2
import cwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cwt import COSEKey
from pycose.headers import KID, Algorithm
from pycose.keys import EC2Key
from pycose.messages import Sign1Message

HCERT = -260


def claims_of(text: str) -> dict[int, Any]:
    claims: dict[int, Any] = cbor2.loads(cbor2.loads(zlib.decompress(base45.b45decode(text[4:]))).value[2])
    return claims


def packed(envelope: bytes) -> str:
    return f"HC1:{base45.b45encode(zlib.compress(envelope)).decode()}"


def opened(text: str) -> bytes:
    return zlib.decompress(base45.b45decode(text[4:]))


def of_cwt(
    key: ec.EllipticCurvePrivateKey, kid: bytes
) -> tuple[Callable[[Any], str], Callable[[str], object]]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    signing, checking = COSEKey.from_pem(private, kid=kid), COSEKey.from_pem(public, kid=kid)
    return lambda claims: packed(cwt.encode(claims, signing)), lambda text: cwt.decode(opened(text), checking)


def of_pycose(
    key: ec.EllipticCurvePrivateKey, kid: bytes
) -> tuple[Callable[[Any], str], Callable[[str], object]]:
    numbers = key.private_numbers()
    point = numbers.public_numbers
    cose_key = EC2Key(
        crv="P_256",
        x=point.x.to_bytes(32, "big"),
        y=point.y.to_bytes(32, "big"),
        d=numbers.private_value.to_bytes(32, "big"),
    )

    def issue(claims: Any) -> str:
        message = Sign1Message(phdr={Algorithm: "ES256", KID: kid}, payload=cbor2.dumps(claims))
        message.key = cose_key
        return packed(message.encode())

    def verify(text: str) -> object:
        message = Sign1Message.decode(opened(text))
        message.key = cose_key
        if not message.verify_signature():
            raise ValueError("not signed")
        return cbor2.loads(message.payload)

    return issue, verify


def per_second(act: Callable[[Any], object], items: Sequence[Any]) -> float:
    began = time.process_time()
    for item in items:
        act(item)
    return len(items) / (time.process_time() - began)


def main() -> None:
    all_claims = [claims_of(line.rstrip("\n")) for line in sys.stdin]
    key = ec.generate_private_key(ec.SECP256R1())
    kid = sha256(b"peer").digest()[:8]
    for name, make in (("cwt", of_cwt), ("pycose", of_pycose)):
        issue, verify = make(key, kid)
        texts = [issue(claims) for claims in all_claims]
        print(f"peer_{name}_issued_per_second value={per_second(issue, all_claims):.4g}")
        print(f"peer_{name}_verified_per_second value={per_second(verify, texts):.4g}")
    assert HCERT in all_claims[0]


if __name__ == "__main__":
    main()
