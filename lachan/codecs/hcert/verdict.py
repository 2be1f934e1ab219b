"""What came of a verification."""

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from lachan.codecs.hcert.certificate import Certificate
from lachan.codecs.hcert.keys import TrustedKey

Step = Literal[
    "text", "base45", "zlib", "cbor", "cose", "trust", "signature", "claims", "schema", "revocation", "done"
]
Level = Literal["valid", "unsure", "invalid"]

OLD_LISTS: Final = timedelta(hours=24)
FAST_CLOCK: Final = timedelta(minutes=5)

# Each code that a verdict can have, and the step that gives it.
STEPS: Final[dict[str, Step]] = {
    "length": "text",
    "prefix": "text",
    "base45": "base45",
    "inflate": "zlib",
    "cbor": "cbor",
    "cose": "cose",
    "algorithm": "cose",
    "claims": "claims",
    "kid-unknown": "trust",
    "signature": "signature",
    "not-yet-valid": "claims",
    "expired": "claims",
    "key-not-valid": "trust",
    "key-usage": "trust",
    "schema": "schema",
    "value-set": "schema",
    "revoked": "revocation",
    "broken": "text",
    "valid": "done",
}  # fmt: skip


class Verdict(NamedTuple):
    """`code` is "valid" or names what is wrong; `certificate` is what could be read, trusted or not."""

    code: str
    step: Step
    sentence: str
    certificate: Certificate | None = None
    issuer: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    key: TrustedKey | None = None
    lists_as_of: datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.code == "valid"

    def level(self, at: datetime) -> Level:
        """Return what to show: a valid certificate is "unsure" when the lists are of unknown age, over 24 h old, or
        dated after `at`: then the clock is wrong, and nobody can say how old they are."""
        if not self.ok:
            return "invalid"
        return "valid" if lists_count(self.lists_as_of, at) else "unsure"


def lists_count(as_of: datetime | None, at: datetime) -> bool:
    """Tell whether lists of `as_of` are new enough at `at` to call a certificate valid."""
    return as_of is not None and -FAST_CLOCK <= at - as_of <= OLD_LISTS
