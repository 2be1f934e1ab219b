"""Whom of other countries we trust: their lists, loaded and removed by somebody, with what they were loaded from."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import TrustedKey
from lachan.codecs.revoked import Revoked
from lachan.codecs.trust_lists import Listed, read_list
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import TrustListLoaded, TrustListRemoved
from lachan.core.models import Actor
from lachan.issuer.models import ForeignList, ForeignSigner

SENTENCES: Final[Mapping[str, Any]] = {
    "list-length": _("The file is larger than 20 MB, or names more than 20,000 signers."),
    "list-format": _("This is no trust list: neither the EU's JSON, nor ours, nor a DID document."),
    "list-signature": _("The signature of the list is wrong: the file was altered. Fetch it again."),
    "list-empty": _("The file names no signer of health certificates that can be read."),
}


class CannotLoad(Refusal):
    """What the file is not, in words."""

    status = 422


class CannotRemove(Refusal):
    pass


@transaction.atomic
def load_trust_list(
    *, country: str, content: bytes, source: str, fetched_at: datetime, actor: Actor, at: datetime,
    revoked: bytes | None = None, authority: bytes | None = None,
) -> ForeignList:  # fmt: skip
    """Trust the signers of `country` in a list, in place of those loaded before.

    `authority`: a certificate (DER) that must have issued each of them. `revoked`: the country's list of what it took
    back, signed by who signed the list or by one on it. Raises CannotLoad: country, own-country, no-source,
    from-future, list-length, list-format, list-signature, list-empty, not-of-country, not-under-authority,
    revoked-unreadable.
    """
    country, source = country.strip().upper(), source.strip()[:200]
    _require_named(country, source, fetched_at, at)
    listed = _listed(content)
    keys = _keys(listed, country, authority)
    ForeignList.objects.filter(country=country, removed_at__isnull=True).update(
        removed_at=at, removed_by=actor
    )
    told = TrustListLoaded(country=country, keys=len(keys), form=listed.form, happened_at=at)
    emit([told], actor=actor)
    row = ForeignList.objects.create(
        country=country, source=source, form=listed.form, digest=sha256(content).digest(), revoked=revoked,
        as_of=_as_of(listed, _revoked(revoked, listed, keys), fetched_at, at), event_id=told.id, loaded_by=actor,
        loaded_at=at,
    )  # fmt: skip
    ForeignSigner.objects.bulk_create(
        ForeignSigner(
            list=row, kid=key.kid, certificate=key.certificate, uses=sorted(key.uses), not_before=key.not_before,
            not_after=key.not_after,
        )
        for key in keys
    )  # fmt: skip
    return row


@transaction.atomic
def remove_trust_list(*, row: ForeignList, actor: Actor, at: datetime) -> None:
    """Trust nobody on it any more. Raises CannotRemove: removed-before."""
    standing = ForeignList.objects.filter(pk=row.pk, removed_at__isnull=True)
    if not standing.update(removed_at=max(at, row.loaded_at), removed_by=actor):
        raise CannotRemove("removed-before", _("This list was removed or replaced meanwhile."))
    emit([TrustListRemoved(country=row.country, happened_at=at, caused_by=row.event_id)], actor=actor)


def _require_named(country: str, source: str, fetched_at: datetime, at: datetime) -> None:
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise CannotLoad("country", _("Name the country by its two letters, for example FR."))
    if country == settings.ISSUER_COUNTRY:
        raise CannotLoad("own-country", _("Our own signers stand on our own list; they are not loaded."))
    if not source:
        raise CannotLoad("no-source", _("Say where the file comes from."))
    if fetched_at > at:
        raise CannotLoad("from-future", _("The file cannot have been fetched in the future."))


def _listed(content: bytes) -> Listed:
    try:
        return read_list(content)
    except FormatError as error:
        raise CannotLoad(error.code, SENTENCES[error.code]) from error


def _keys(listed: Listed, country: str, authority: bytes | None) -> tuple[TrustedKey, ...]:
    keys = listed.of_country(country)
    if not keys:
        raise CannotLoad("not-of-country", _("No signer in this file is of that country."))
    if authority is not None and not all(_is_under(key, authority) for key in keys):
        raise CannotLoad("not-under-authority", _("Not every signer was certified by the authority given."))
    return keys


def _is_under(key: TrustedKey, authority: bytes) -> bool:
    try:
        above = x509.load_der_x509_certificate(authority)
        x509.load_der_x509_certificate(key.certificate).verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _revoked(content: bytes | None, listed: Listed, keys: tuple[TrustedKey, ...]) -> Revoked | None:
    if content is None:
        return None
    own = (TrustedKey.of_certificate(listed.signer),) if listed.signer else ()
    try:
        read = Revoked(content)
        read.require_signer([*own, *keys])
    except FormatError as error:
        raise CannotLoad(
            "revoked-unreadable",
            _("The list of what was taken back cannot be read, or none of these signers signed it."),
        ) from error
    return read


def _as_of(listed: Listed, revoked: Revoked | None, fetched_at: datetime, at: datetime) -> datetime:
    """How new all of it is: as old as its oldest part."""
    said = [listed.made_at, revoked.made_at if revoked else None]
    return min(at, fetched_at, *(moment for moment in said if moment is not None))
