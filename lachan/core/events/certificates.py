"""What happens to certificates, the records they stand on, and the keys that sign them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lachan.core.events.envelope import Event

CertificateUse = Literal["v", "t", "r"]


@dataclass(frozen=True, kw_only=True)
class BackingRecorded(Event):
    """A dose (v), verified test (t) or recovery (r) on which a certificate may stand."""

    record_id: int
    use: CertificateUse
    happened_on: date


@dataclass(frozen=True, kw_only=True)
class BackingWithdrawn(Event):
    """It does not hold: what was certified on it is revoked."""

    record_id: int
    use: CertificateUse
    reason: str


@dataclass(frozen=True, kw_only=True)
class CertificateRequested(Event):
    """The intent to sign is on record, with its exact content. `replaces_id`: the one whose place it takes."""

    certificate_id: int
    use: CertificateUse
    expires_at: datetime
    replaces_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    """Signed and stored. `kid` names the key, in hexadecimal."""

    certificate_id: int
    use: CertificateUse
    kid: str


@dataclass(frozen=True, kw_only=True)
class CertificateNotIssued(Event):
    """The issuer found a reason not to sign."""

    certificate_id: int
    use: CertificateUse
    reason: str


@dataclass(frozen=True, kw_only=True)
class CertificatesRecalled(Event):
    """An order to take back certificates: one, those of a lot, of a place in a period, of a key."""

    scope: str
    reason: str
    certificates: int


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    certificate_id: int
    use: CertificateUse
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuingStopped(Event):
    stop_id: int


@dataclass(frozen=True, kw_only=True)
class IssuingResumed(Event):
    """By a second person."""

    stop_id: int


@dataclass(frozen=True, kw_only=True)
class SigningKeyMade(Event):
    kid: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class SigningKeyPublished(Event):
    """On the trust list from now on; it signs between the two moments."""

    kid: str
    use_from: datetime
    use_until: datetime


@dataclass(frozen=True, kw_only=True)
class SigningKeyRetired(Event):
    """Signs no more; what it signed stays valid."""

    kid: str


@dataclass(frozen=True, kw_only=True)
class SigningKeyCompromised(Event):
    """Off the trust list: what it signed is void."""

    kid: str
    certificates: int


@dataclass(frozen=True, kw_only=True)
class TrustListLoaded(Event):
    """The signers of another country are trusted from now on, in place of those before."""

    country: str
    keys: int
    form: str


@dataclass(frozen=True, kw_only=True)
class TrustListRemoved(Event):
    """The signers of another country are trusted no more."""

    country: str
