"""An issuer with an authority and two keys in use, people with records, and an issuer's run in short words."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from lachan.core import actors, areas, places
from lachan.core.models import Actor, Area, Person, Place, PlaceKind
from lachan.issuer import commands, keys, signing
from lachan.issuer.models import Authority, Intent, Record, SignerKey
from lachan.issuer.rules import Dose, Facts
from lachan.issuer.vault import SealedKeys, SigningKey
from lachan.issuer.x509_forms import authority_certificate
from tests.rows import area_in, residents

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
DOSE = Dose(vaccine="1119349007", product="EU/1/20/1528", manufacturer="ORG-100030215", number=2, of=2)
SECRET = bytes(range(32))
_numbers = count(1)


def staff(name: str) -> Actor:
    return Actor.objects.create(kind="staff", name=name, created_at=AT)


@dataclass
class Office:
    """The issuer and what it works with."""

    authority: Authority
    authority_key: SigningKey
    operator: Actor
    colleague: Actor
    system: Actor
    area: Area
    site: Place
    keyring: SealedKeys = field(default_factory=lambda: SealedKeys(SECRET))

    def key(self, at: datetime = AT, **more: Any) -> SignerKey:
        """A key, created at `at`, unpublished."""
        given: dict[str, Any] = {"new": keys.NewKey.of_algorithm(more.pop("algorithm", "ES256"))} | more
        return keys.make_signer(
            authority=self.authority, authority_key=self.authority_key, encryption_key=SECRET, actor=self.operator,
            at=at, **given,
        )  # fmt: skip

    def key_in_use(self, at: datetime = AT, **more: Any) -> SignerKey:
        """A key that was made and published long enough before `at`."""
        before = at - timedelta(days=8)
        return keys.publish(key=self.key(before, **more), actor=self.operator, at=before)

    def person(self) -> Person:
        return residents(1, area=self.area, at=AT)[0]

    def record(self, facts: Facts = DOSE, **more: Any) -> Record:
        given: dict[str, Any] = {
            "facts": facts, "person": more.pop("person", None) or self.person(), "happened_on": YESTERDAY,
            "source": "test", "reference": f"row:{next(_numbers)}", "actor": self.operator, "at": AT, "lot": "L-1",
            "place": self.site,
        }  # fmt: skip
        return commands.record_backing(**given | more)

    def request(self, record: Record | None = None, *, at: datetime = AT, **more: Any) -> Intent:
        return commands.request_certificate(
            record=record or self.record(), actor=self.operator, at=at, **more
        )

    def sign(self, at: datetime = AT) -> int:
        """Let the issuer sign all that waits."""
        total = 0
        while done := signing.sign_batch(keyring=self.keyring, at=at):
            total += done
        return total

    def issued(self, record: Record | None = None, *, at: datetime = AT) -> Intent:
        """A certificate, signed and stored."""
        made = self.request(record, at=at)
        self.sign(at)
        return Intent.objects.select_related("signature__key").get(pk=made.pk)


def authority(at: datetime = AT - timedelta(days=30)) -> tuple[Authority, SigningKey]:
    """A country certificate and its key, without the file (which takes scrypt's time)."""
    private = ec.generate_private_key(ec.SECP256R1())
    made: x509.Certificate = authority_certificate(
        private, country="VN", name="Test Authority", at=at, life=keys.AUTHORITY_LIFE
    )
    row = Authority.objects.create(
        certificate=made.public_bytes(Encoding.DER), name="Test Authority", not_before=made.not_valid_before_utc,
        not_after=made.not_valid_after_utc, created_at=at,
    )  # fmt: skip
    return row, private


def office_at(at: datetime = AT) -> Office:
    row, private = authority(at - timedelta(days=30))
    area = area_in(areas.country(), "26740", "Phường Bến Nghé")
    site = places.open_place(kind=PlaceKind.VACCINATION_SITE, name="Điểm tiêm Bến Nghé", area=area, at=at)
    return Office(row, private, staff("operator"), staff("colleague"), actors.system(at=at), area, site)


@pytest.fixture
def bare_office(db: None) -> Office:
    """Without a key."""
    return office_at()


@pytest.fixture
def office(bare_office: Office) -> Office:
    """With a key in use."""
    bare_office.key_in_use()
    return bare_office
