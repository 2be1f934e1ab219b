"""One request, one effect: key, effect, events and stored answer are one transaction.

Two transactions would leave keys stuck for ever when a worker dies between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import prepared
from lachan.core.errors import Refusal
from lachan.platform.models import StoredAnswer

LONGEST_KEY = 200
KEPT = timedelta(days=40)  # a post may have been offline for a month


class KeyReused(Refusal):
    """The key came before with another body."""

    status = 422


class KeyUnusable(Refusal):
    """The key is empty, too long, or not plain visible characters."""

    status = 422


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"


def once(*, caller: str, key: str, body: bytes, at: datetime, run: Callable[[], Answer]) -> Answer:
    """Answer of `run()`, or the very bytes that it answered when this caller first sent this key.

    A second request at the same time waits for the first. When `run` raises, nothing is stored: the caller
    may correct the request and send it again. Raises KeyReused, KeyUnusable.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() and " " not in key):
        raise KeyUnusable(
            "idempotency-key-unusable", _("The key of a request has 1 to 200 letters, digits and signs.")
        )
    digest = sha256(body).digest()
    with transaction.atomic():
        if not _claim(caller, key, digest, at):
            return _stored(caller, key, digest)
        answer = run()
        prepared.run(ANSWERED, [answer.status, answer.body, answer.content_type, caller, key])
        return answer


def _claim(caller: str, key: str, digest: bytes, at: datetime) -> bool:
    """Take the key; when another transaction has it, wait for its end. True if it is ours now."""
    return bool(prepared.rows(CLAIM, [caller, key, digest, at]))


CLAIM = """
    INSERT INTO platform_storedanswer (caller, key, body_hash, body, content_type, created_at)
    VALUES (%s, %s, %s, '', '', %s) ON CONFLICT (caller, key) DO NOTHING RETURNING id
"""
ANSWERED = """
    UPDATE platform_storedanswer SET status = %s, body = %s, content_type = %s WHERE caller = %s AND key = %s
"""


def _stored(caller: str, key: str, digest: bytes) -> Answer:
    found = StoredAnswer.objects.get(caller=caller, key=key)
    if bytes(found.body_hash) != digest:
        raise KeyReused(
            "idempotency-key-reused", _("This key was already used for another request. Send a new key.")
        )
    return Answer(found.status or 500, bytes(found.body), found.content_type)
