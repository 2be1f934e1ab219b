"""Private keys in a PKCS#11 token (a hardware module, or SoftHSM), which never leave it.

Optional: needs the package `python-pkcs11` and three variables, LACHAN_PKCS11_MODULE (the vendor's library),
LACHAN_PKCS11_TOKEN (its label), LACHAN_PKCS11_PIN_FILE (a file with the PIN).
"""

import os
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.utils.translation import gettext_lazy as _

from lachan.codecs.hcert import Signer
from lachan.issuer.keys import NewKey
from lachan.issuer.models import PrivateKey, SignerKey
from lachan.issuer.vault import CannotUseKey, SealedKeys, key_file, read_key_file

RSA_BITS = 3072
NAMED = ("LACHAN_PKCS11_MODULE", "LACHAN_PKCS11_TOKEN", "LACHAN_PKCS11_PIN_FILE")


def configured() -> bool:
    return all(os.environ.get(name) for name in NAMED)


@cache
def session() -> Any:
    """A session in which keys can be made and used; one a process, as a token lets nobody sign in twice.

    Raises CannotUseKey: no-token.
    """
    if not configured():
        raise CannotUseKey(
            "no-token", _("Set LACHAN_PKCS11_MODULE, LACHAN_PKCS11_TOKEN and LACHAN_PKCS11_PIN_FILE.")
        )
    try:
        import pkcs11
    except ImportError as error:
        raise CannotUseKey("no-token", _("Install the package python-pkcs11.")) from error
    module, label, pin_file = (os.environ[name] for name in NAMED)
    token = pkcs11.lib(module).get_token(token_label=label)
    return token.open(rw=True, user_pin=Path(pin_file).read_text().strip())


def new_key(label: str, algorithm: str) -> NewKey:
    """Make a key pair in the token under `label`; the private part is sensitive and cannot be extracted."""
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    opened = session()
    if algorithm == "PS256":
        public, _private = opened.generate_keypair(pkcs11.KeyType.RSA, RSA_BITS, store=True, label=label)
        return NewKey(_public(encode_rsa_public_key(public)), label=label)
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    domain = opened.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
    public, _private = domain.generate_keypair(store=True, label=label)
    return NewKey(_public(encode_ec_public_key(public)), label=label)


def _public(der: bytes) -> Any:
    public = load_der_public_key(der)
    assert isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)  # noqa: S101 (we asked for one of them)
    return public


@dataclass
class TokenKeys:
    """Signs with keys in the token; those that are sealed in the table are left to `others`."""

    others: SealedKeys
    _open: dict[int, Signer] = field(default_factory=dict)

    def signer(self, key: SignerKey) -> Signer:
        label = PrivateKey.objects.filter(key=key).values_list("token_label", flat=True).first()
        if not label:
            return self.others.signer(key)
        if key.pk not in self._open:
            self._open[key.pk] = self._bound(bytes(key.kid), key.algorithm, label)
        return self._open[key.pk]

    def _bound(self, kid: bytes, algorithm: str, label: str) -> Signer:
        import pkcs11

        private = session().get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
        if algorithm == "PS256":
            pss = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, 32)
            mechanism = pkcs11.Mechanism.SHA256_RSA_PKCS_PSS
            return Signer(kid, "PS256", lambda m: private.sign(m, mechanism=mechanism, mechanism_param=pss))
        # A token gives r and s side by side, as COSE wants them; the hash is ours, as not every token hashes.
        return Signer(
            kid, "ES256", lambda m: private.sign(sha256(m).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        )


def keyring() -> SealedKeys | TokenKeys:
    """The keys of this installation: of the token where one is configured, and of the key file."""
    sealed = SealedKeys(read_key_file(key_file()))
    return TokenKeys(sealed) if configured() else sealed
