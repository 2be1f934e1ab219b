"""The lists that verifiers fetch: who signs (trust list, DID document), what is revoked. Signed by the issuer."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q

from lachan.codecs.hcert import Signer
from lachan.codecs.revoked import HASH_BYTES, write_revoked
from lachan.issuer import queries, rules, trust_list
from lachan.issuer.models import ListKind, Publication, Revocation, SignerKey
from lachan.issuer.notices import Notice
from lachan.issuer.queries.trust import key_of
from lachan.issuer.vault import Keyring

log = logging.getLogger(__name__)
no_key = Notice(log)

EVERY = timedelta(hours=1)
DUE = timedelta(hours=24)
"""A verifier whose list is older than this shows amber: a new edition must come earlier, and comes every hour."""
KEPT = timedelta(days=14)

HASHES = """
    SELECT substring(sha256(convert_to(i.uvci, 'UTF8')) FOR %(size)s),
           substring(sha256(CASE WHEN octet_length(s.signature) = 64
           THEN substring(s.signature FOR 32) ELSE s.signature END) FOR %(size)s)
    FROM issuer_revocation r JOIN issuer_intent i ON i.id = r.intent_id
    LEFT JOIN issuer_signature s ON s.intent_id = i.id WHERE i.expires_at > %(at)s
"""


def refresh(*, keyring: Keyring, at: datetime) -> list[Publication]:
    """Publish what is due: each list every hour, and at once after a revocation or a change of keys."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('lachan.issuer.lists'))")
        if not cursor.fetchone()[0]:
            return []
        signer = _list_signer(keyring, at)
        if signer is None:
            return []
        return [_publish(kind, *signer, at) for kind in ListKind if _is_due(kind, at)]


def _list_signer(keyring: Keyring, at: datetime) -> tuple[SignerKey, Signer] | None:
    rows = {bytes(row.kid): row for row in queries.signer_keys(purpose="lists")}
    key = rules.key_to_use([key_of(row) for row in rows.values()], at)
    no_key.say(
        "" if key else "no key for lists is in use: verifiers will show amber (lachan issuer key new --lists)"
    )
    if key is None:
        return None
    return rows[key.kid], keyring.signer(rows[key.kid])


def _is_due(kind: ListKind, at: datetime) -> bool:
    last = Publication.objects.filter(kind=kind).aggregate(at=Max("made_at"))["at"]
    if last is None or at - last >= EVERY:
        return True
    if kind == ListKind.REVOKED:
        return Revocation.objects.filter(revoked_at__gte=last, revoked_at__lt=at).exists()
    changed = Q(published_at__gte=last) | Q(compromise__declared_at__gte=last)
    return SignerKey.objects.filter(changed).exists() and at > last


def _publish(kind: ListKind, key: SignerKey, signer: Signer, at: datetime) -> Publication:
    at = at.replace(microsecond=0)
    content, entries = MAKERS[kind](key, signer, at)
    Publication.objects.filter(kind=kind, made_at__lt=at - KEPT).delete()
    row, _made = Publication.objects.get_or_create(
        kind=kind, made_at=at, defaults={"next_at": at + DUE, "entries": entries, "content": content, "key": key}
    )  # fmt: skip
    return row


def _revoked(key: SignerKey, signer: Signer, at: datetime) -> tuple[bytes, int]:
    """All revoked certificates that have not ended anyway."""
    with connection.cursor() as cursor:
        cursor.execute(HASHES, {"size": HASH_BYTES, "at": at})
        rows = cursor.fetchall()
    ids = [bytes(row[0]) for row in rows]
    signatures = [bytes(row[1]) for row in rows if row[1] is not None]
    return write_revoked(ids, signatures, made_at=at, next_at=at + DUE, signer=signer), len(ids)


def _trust(key: SignerKey, signer: Signer, at: datetime) -> tuple[bytes, int]:
    rows = queries.trusted(at)
    return trust_list.as_json(
        rows, at=at, next_at=at + DUE, signer=signer, certificate=bytes(key.certificate)
    ), len(rows)


def _did(key: SignerKey, signer: Signer, at: datetime) -> tuple[bytes, int]:
    rows = queries.trusted(at)
    content = trust_list.as_did(
        rows, did=settings.ISSUER_DID, at=at, signer=signer, certificate=bytes(key.certificate)
    )
    return content, len(rows)


MAKERS: dict[ListKind, Any] = {ListKind.REVOKED: _revoked, ListKind.TRUST: _trust, ListKind.DID: _did}
