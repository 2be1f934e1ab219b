"""The country authority's private key in a file: encrypted by a passphrase (scrypt, AES-GCM), to be kept offline."""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.issuer.vault import SigningKey

SHORTEST_PASSPHRASE = 12
SALT_BYTES, NONCE_BYTES = 16, 12
COST = 2**17  # 128 MB and some tenths of a second for each guess
HEAD = b"lachan-authority-key-1\n"


class CannotOpenAuthority(Refusal):
    """The passphrase is too short or wrong, the file exists, is missing or is something else."""


def write(path: Path, private: SigningKey, passphrase: str) -> None:
    """Raises CannotOpenAuthority: passphrase-short, file-exists."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise CannotOpenAuthority("passphrase-short", _("The passphrase needs at least 12 characters."))
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, HEAD)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise CannotOpenAuthority(
            "file-exists", _("There is a file of that name. Choose another.")
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(HEAD + b64encode(salt + nonce + sealed) + b"\n")


def read(path: Path, passphrase: str) -> SigningKey:
    """Raises CannotOpenAuthority: file-missing, file-broken, passphrase-wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotOpenAuthority("file-missing", _("The authority's key file cannot be read.")) from error
    try:
        parts = b64decode(content.removeprefix(HEAD).strip(), validate=True)
    except ValueError:
        parts = b""
    if not content.startswith(HEAD) or len(parts) <= SALT_BYTES + NONCE_BYTES:
        raise CannotOpenAuthority("file-broken", _("This file holds no authority's key."))
    salt, nonce, sealed = (
        parts[:SALT_BYTES],
        parts[SALT_BYTES:][:NONCE_BYTES],
        parts[SALT_BYTES + NONCE_BYTES :],
    )
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, HEAD)
    except InvalidTag as error:
        raise CannotOpenAuthority("passphrase-wrong", _("The passphrase does not open the file.")) from error
    private = load_der_private_key(plain, None)
    if not isinstance(private, SigningKey):
        raise CannotOpenAuthority("file-broken", _("This file holds no authority's key."))
    return private


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())
