"""Whose signatures count, and who is revoked."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert.cose import Algorithm
from lachan.codecs.hcert.keys import Lists, Revoked, TrustedKey, algorithm_of
from lachan.codecs.hcert.signatures import checker

_Check = tuple[TrustedKey, Algorithm, Callable[[bytes, bytes], bool]]


class Trust:
    """The keys that count, by number, and who is revoked. Immutable. `as_of`: when the lists were fetched."""

    __slots__ = ("_checks", "as_of", "revoked")

    _checks: Mapping[bytes, tuple[_Check, ...]]
    as_of: datetime | None
    revoked: Revoked | None

    def __init__(
        self,
        keys: Iterable[TrustedKey],
        *,
        revoked: Revoked | None = None,
        as_of: datetime | None = None,
    ) -> None:
        by_kid: dict[bytes, tuple[_Check, ...]] = {}
        for key in keys:
            check = (key, algorithm_of(key.public_key), checker(key.public_key))
            by_kid[key.kid] = (*by_kid.get(key.kid, ()), check)
        object.__setattr__(self, "_checks", by_kid)
        object.__setattr__(self, "as_of", as_of)
        object.__setattr__(self, "revoked", revoked)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be changed: make another Trust")

    @property
    def keys(self) -> tuple[TrustedKey, ...]:
        return tuple(key for checks in self._checks.values() for key, _, _ in checks)

    def lists_of(self, key: TrustedKey | None) -> Lists:
        """What speaks of a certificate that this key signed."""
        return key.lists if key and key.lists else Lists(self.as_of, self.revoked)

    def keys_of(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """All keys of that number."""
        return tuple(key for key, _, _ in self._checks.get(kid, ()))

    def signer(self, algorithm: Algorithm, kid: bytes, message: bytes, signature: bytes) -> TrustedKey:
        """Return the key that made the signature. Raises FormatError: kid-unknown, algorithm, signature."""
        checks = self._checks.get(kid)
        if checks is None:
            raise FormatError("kid-unknown", "The signer is not on the list of trusted signers.")
        fits = False
        for key, of_key, is_signed in checks:
            if of_key == algorithm:
                fits = True
                if is_signed(message, signature):
                    return key
        if not fits:
            raise FormatError("algorithm", "The signature's algorithm does not fit the signer's key.")
        raise FormatError("signature", "The signature is wrong: the certificate was forged or altered.")
