"""Keys, and what a verifier is to trust."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from lachan.codecs.hcert import Lists, Trust, TrustedKey
from lachan.codecs.revoked import Revoked
from lachan.issuer.models import ForeignList, ForeignSigner, ListKind, Publication, SignerKey
from lachan.issuer.rules import Key, KeyStage, Kind, plan_next, stage

TRUSTED = (KeyStage.PUBLISHED, KeyStage.IN_USE, KeyStage.RETIRED)


def signer_keys(*, purpose: str = "certificates") -> "QuerySet[SignerKey]":
    """Signing keys, oldest first."""
    found = SignerKey.objects.filter(purpose=purpose).select_related("compromise", "authority")
    return found.order_by("created_at", "pk")


def key_of(row: SignerKey) -> Key:
    """The dates of a key, as rules read them."""
    compromise = getattr(row, "compromise", None)
    return Key(
        kid=bytes(row.kid), not_before=row.not_before, not_after=row.not_after, published_at=row.published_at,
        use_from=row.use_from, use_until=row.use_until,
        compromised_at=compromise.declared_at if compromise else None,
    )  # fmt: skip


def known_keys(at: datetime, *, purpose: str = "certificates") -> Mapping[int, tuple[SignerKey, KeyStage]]:
    """Keys by number, with the stage of each at `at`."""
    return {row.pk: (row, stage(key_of(row), at)) for row in signer_keys(purpose=purpose)}


def trusted(at: datetime, *, purpose: str = "certificates") -> list[SignerKey]:
    """Keys that stand on the trust list at `at`."""
    return [row for row, where in known_keys(at, purpose=purpose).values() if where in TRUSTED]


def keys_wanted(at: datetime) -> list[str]:
    """What another key has to be published for, in the letters of kinds and "lists": two at hand for each kind that
    keys sign, one for lists (whose next key signs at once)."""
    rows, wanted = list(signer_keys()), []
    for kind in Kind:
        fit = [key_of(row) for row in rows if not row.uses or kind in row.uses]
        if (fit or not rows) and plan_next(fit, at):
            wanted.append(kind.value)
    lists = [key_of(row) for row in signer_keys(purpose="lists")]
    return [*wanted, "lists"] if plan_next(lists, at, at_hand=1) else wanted


def trust(at: datetime) -> Trust:
    """Our own keys and revocations, for `lachan.codecs.hcert.verify`, as the newest published list says; and those of
    other countries, as loaded.

    Built from rows: keep it for a minute or so where many codes are checked.
    """
    found = [TrustedKey.of_certificate(bytes(row.certificate)) for row in trusted(at)]
    listed = Publication.objects.filter(kind=ListKind.REVOKED).order_by("-made_at").first()
    revoked = Revoked(bytes(listed.content)) if listed else None
    return Trust([*found, *_foreign_keys()], revoked=revoked, as_of=listed.made_at if listed else None)


def foreign_lists() -> "QuerySet[ForeignList]":
    """Lists of other countries that are in force."""
    return ForeignList.objects.filter(removed_at__isnull=True).order_by("country")


def _foreign_keys() -> list[TrustedKey]:
    """Each with its own country's lists; what a list says of a key is what its certificate says."""
    lists = {
        row.pk: Lists(row.as_of, Revoked(bytes(row.revoked)) if row.revoked else None)
        for row in foreign_lists()
    }
    rows = ForeignSigner.objects.filter(list__in=lists).values_list("list", "kid", "certificate")
    return [
        replace(TrustedKey.of_certificate(bytes(der), kid=bytes(kid)), lists=lists[pk])
        for pk, kid, der in rows
    ]
