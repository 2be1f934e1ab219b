"""Identifiers at rest: sealed with AES-GCM, found again by a keyed hash (a blind index).

Both keys are derived from the installation's secret, so that a copy of the database alone names nobody.
"""

import os
from functools import cache
from hmac import digest

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
INDEX_BYTES = 16


@cache
def _key(purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=b"lachan", info=purpose).derive(settings.SECRET_KEY.encode())


def seal(kind: str, value: str) -> bytes:
    """Encrypt; `kind` is bound to it, so that a sealed phone cannot be passed off as an ID number."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(b"seal")).encrypt(nonce, value.encode(), kind.encode())


def unseal(kind: str, sealed: "bytes | memoryview[int]") -> str:
    """Decrypt; raises cryptography.exceptions.InvalidTag when it was changed or moved to another kind."""
    sealed = bytes(sealed)
    return AESGCM(_key(b"seal")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kind.encode()).decode()


def blind_index(kind: str, value: str) -> bytes:
    """The same 16 bytes for the same kind and value; tells nothing without the key."""
    return digest(_key(b"index"), f"{kind}\0{value}".encode(), "sha256")[:INDEX_BYTES]
