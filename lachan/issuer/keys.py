"""The ceremonies of keys: country authority, document signers. By the issuer's operator, with the issuer's role.

The authority's private key stands in an encrypted file that is kept offline; it is asked for when a signer is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.codecs.hcert.keys import key_number
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import SigningKeyMade, SigningKeyPublished, SigningKeyRetired
from lachan.core.models import Actor
from lachan.issuer import authority_file, rules
from lachan.issuer.models import Authority, PrivateKey, SignerKey
from lachan.issuer.queries.trust import key_of
from lachan.issuer.vault import SigningKey, seal_key
from lachan.issuer.x509_forms import PublicKey, authority_certificate, signer_certificate

AUTHORITY_LIFE = timedelta(days=4 * 366)


class CannotKeep(Refusal):
    """A step of a key's life that its dates do not allow."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair for a signer: at hand (`private`), or in a token under `label`."""

    public: PublicKey
    private: SigningKey | None = None
    label: str = ""

    @classmethod
    def of_algorithm(cls, algorithm: str) -> "NewKey":
        """P-256 for ES256; RSA of 3,072 bits for PS256, whose codes are a third longer and verify faster."""
        private: SigningKey
        if algorithm == "PS256":
            private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        else:
            private = ec.generate_private_key(ec.SECP256R1())
        return cls(private.public_key(), private)


def make_authority(*, country: str, name: str, file: Path, passphrase: str, at: datetime) -> Authority:
    """A country certificate; its private key goes to `file`, encrypted. Raises authority_file.CannotOpenAuthority."""
    private = ec.generate_private_key(ec.SECP256R1())
    made = authority_certificate(private, country=country, name=name, at=at, life=AUTHORITY_LIFE)
    authority_file.write(file, private, passphrase)
    return Authority.objects.create(
        certificate=made.public_bytes(Encoding.DER), name=name, not_before=made.not_valid_before_utc,
        not_after=made.not_valid_after_utc, created_at=at,
    )  # fmt: skip


@transaction.atomic
def make_signer(
    *, authority: Authority, authority_key: SigningKey, new: NewKey, encryption_key: bytes, actor: Actor, at: datetime,
    uses: Sequence[str] = (), purpose: str = "certificates",
) -> SignerKey:  # fmt: skip
    """A signer under `authority`, created but not published. Raises CannotKeep: authority-ends, not-its-key."""
    above = x509.load_der_x509_certificate(bytes(authority.certificate))
    if above.public_key() != authority_key.public_key():
        raise CannotKeep("not-its-key", _("This file is not of the newest country certificate."))
    ends = (at + rules.LIFE).replace(microsecond=0)
    if ends > authority.not_after:
        raise CannotKeep("authority-ends", _("The country certificate ends too early. Make a new one."))
    number = SignerKey.objects.count() + 1
    made = signer_certificate(
        new.public, authority=above, authority_key=authority_key, common_name=f"Signer {number} ({purpose})",
        uses=uses, at=at.replace(microsecond=0), ends=ends,
    )  # fmt: skip
    return _keep(made, authority, new, encryption_key, actor=actor, at=at, uses=uses, purpose=purpose)


def _keep(
    made: x509.Certificate, authority: Authority, new: NewKey, encryption_key: bytes, *, actor: Actor, at: datetime,
    uses: Sequence[str], purpose: str,
) -> SignerKey:  # fmt: skip
    der = made.public_bytes(Encoding.DER)
    kid = key_number(der)
    row = SignerKey.objects.create(
        kid=kid, authority=authority, certificate=der, purpose=purpose, uses=sorted(uses), created_at=at,
        algorithm="PS256" if isinstance(new.public, rsa.RSAPublicKey) else "ES256",
        not_before=made.not_valid_before_utc, not_after=made.not_valid_after_utc,
    )  # fmt: skip
    sealed = seal_key(new.private, kid, encryption_key) if new.private else None
    PrivateKey.objects.create(key=row, sealed=sealed, token_label=new.label)
    emit([SigningKeyMade(kid=kid.hex(), purpose=purpose, happened_at=at, ref=_ref(row))], actor=actor)
    return row


@transaction.atomic
def publish(*, key: SignerKey, actor: Actor, at: datetime) -> SignerKey:
    """Put a key on the trust list; it signs from a week later on. Raises CannotKeep: published-before, too-late."""
    notice = timedelta(0) if key.purpose == "lists" else rules.NOTICE
    plan = rules.plan_use(key_of(key), at, notice=notice)
    if plan.use_until <= plan.use_from:
        raise CannotKeep("too-late", _("This key is too old to sign anything for a year. Make a new one."))
    published = SignerKey.objects.filter(pk=key.pk, published_at__isnull=True).update(
        published_at=at, use_from=plan.use_from, use_until=plan.use_until
    )
    if not published:
        raise CannotKeep("published-before", _("This key was published before."))
    told = SigningKeyPublished(
        kid=bytes(key.kid).hex(),
        use_from=plan.use_from,
        use_until=plan.use_until,
        happened_at=at,
        ref=_ref(key),
    )
    emit([told], actor=actor)
    return SignerKey.objects.get(pk=key.pk)


@transaction.atomic
def retire(*, key: SignerKey, actor: Actor, at: datetime) -> SignerKey:
    """Let a key sign no more before its time; what it signed stays valid. Raises CannotKeep: not-in-use, last-key."""
    rows = list(SignerKey.objects.select_for_update().filter(purpose=key.purpose).order_by("pk"))
    own = next(key_of(row) for row in rows if row.pk == key.pk)
    if rules.stage(own, at) != rules.KeyStage.IN_USE:
        raise CannotKeep("not-in-use", _("Only a key in use can be retired."))
    others = [row for row in rows if row.pk != key.pk]
    if not all(rules.key_to_use(_for_kind(others, kind), at) for kind in key.uses or list(rules.Kind)):
        raise CannotKeep("last-key", _("No other key is in use: nothing could be signed. Publish one first."))
    SignerKey.objects.filter(pk=key.pk).update(use_until=at)
    emit([SigningKeyRetired(kid=bytes(key.kid).hex(), happened_at=at, ref=_ref(key))], actor=actor)
    return SignerKey.objects.get(pk=key.pk)


def _for_kind(rows: Sequence[SignerKey], kind: str) -> list[rules.Key]:
    return [key_of(row) for row in rows if not row.uses or kind in row.uses]


def _ref(key: SignerKey) -> str:
    return f"issuer.key:{key.pk}"
