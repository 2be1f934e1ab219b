"""ECDSA signatures as JOSE writes them: r and s side by side (RFC 7518, 3.4)."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

# Algorithm name -> (curve, hash, bytes of r and of s).
ALGORITHMS: Final[dict[str, tuple[str, hashes.HashAlgorithm, int]]] = {
    "ES256": ("secp256r1", hashes.SHA256(), 32),
    "ES384": ("secp384r1", hashes.SHA384(), 48),
    "ES512": ("secp521r1", hashes.SHA512(), 66),
}


def fits(key: object, algorithm: str, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is by `key` over `message`; a key of another kind or curve never fits."""
    curve, digest, half = ALGORITHMS[algorithm]
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != curve:
        return False
    if len(signature) != 2 * half:
        return False
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    try:
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True
