"""Private keys at rest, and how the issuer comes by them.

The key-encryption key lies in a file that only the issuer's user of the operating system reads
(`LACHAN_ISSUER_KEY_FILE`); it is read here, by the issuer's process, and is no setting: the web never has it.
"""

import os
import stat
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.utils.translation import gettext_lazy as _

from lachan.codecs.hcert import Signer
from lachan.core.errors import Refusal
from lachan.issuer.models import PrivateKey, SignerKey

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KEY_BYTES = 32
NONCE_BYTES = 12
VARIABLE = "LACHAN_ISSUER_KEY_FILE"


class CannotUseKey(Refusal):
    """The key file is missing, open to others, or of another installation; a key has no private part."""


class Keyring(Protocol):
    """Whoever can sign with the private key of a signer."""

    def signer(self, key: SignerKey) -> Signer: ...


def key_file() -> Path:
    """Where the key-encryption key lies. Raises CannotUseKey: key-file-not-named."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        raise CannotUseKey("key-file-not-named", _("Set LACHAN_ISSUER_KEY_FILE to the issuer's key file."))
    return Path(named)


def make_key_file(path: Path) -> None:
    """A new key-encryption key, readable by its owner alone. Raises FileExistsError rather than overwrite one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(b64encode(os.urandom(KEY_BYTES)) + b"\n")


def read_key_file(path: Path) -> bytes:
    """Raises CannotUseKey: key-file-missing, key-file-open, key-file-broken."""
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except OSError as error:
        raise CannotUseKey("key-file-missing", _("The issuer's key file cannot be read.")) from error
    if stat.S_IMODE(mode) & 0o077:
        raise CannotUseKey("key-file-open", _("Others may read the issuer's key file. Run chmod 600 on it."))
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise CannotUseKey("key-file-broken", _("The issuer's key file holds no key.")) from error
    if len(key) != KEY_BYTES:
        raise CannotUseKey("key-file-broken", _("The issuer's key file holds no key."))
    return key


def seal_key(private: SigningKey, kid: bytes, encryption_key: bytes) -> bytes:
    """Encrypt a private key; bound to its kid, so that it cannot be passed off as another's."""
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(encryption_key).encrypt(nonce, plain, kid)


def unseal_key(sealed: bytes, kid: bytes, encryption_key: bytes) -> SigningKey:
    """Raises CannotUseKey: key-file-of-another."""
    try:
        plain = AESGCM(encryption_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kid)
    except InvalidTag as error:
        raise CannotUseKey(
            "key-file-of-another", _("The key file does not open this private key.")
        ) from error
    private = load_der_private_key(plain, None)
    if not isinstance(private, SigningKey):
        raise CannotUseKey("key-file-broken", _("The private key is of a kind that signs no certificates."))
    return private


@dataclass
class SealedKeys:
    """Keys of the table, opened with the key-encryption key and kept open in this process."""

    encryption_key: bytes
    _open: dict[int, Signer] = field(default_factory=dict)

    def signer(self, key: SignerKey) -> Signer:
        if key.pk not in self._open:
            row = PrivateKey.objects.filter(key=key).first()
            if row is None or row.sealed is None:
                raise CannotUseKey("no-private-key", _("The private key of this signer is not here."))
            private = unseal_key(bytes(row.sealed), bytes(key.kid), self.encryption_key)
            self._open[key.pk] = Signer.of_key(private, bytes(key.certificate))
        return self._open[key.pk]
