"""Texts to people (SMS and the like): queued in the transaction of their cause, sent by a job, once a cause.

The words stand in one table that the site installs, by template code; facts fill them in the reader's
language. Without a gateway nothing is sent and each message says so; the outbox page shows them all.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from lachan.core.bulk import copy_rows
from lachan.core.ids import uuid7
from lachan.core.models import Identifier, IdentifierKind
from lachan.core.persons import identifier_value
from lachan.core.sealed import seal, unseal
from lachan.platform import jobs
from lachan.platform.models import Message, Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 1_000
COLUMNS = ("id", "person_id", "cause_id", "template", "language", "facts", "queued_at", "outcome")


@dataclass(frozen=True)
class NewMessage:
    """A message to queue. Facts are JSON values; `…_on` holds an ISO date, `…_at` an ISO time; no names."""

    person_id: int
    cause_id: UUID
    template: str
    language: str = "vi"
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """What a gateway gets: `id` is its own idempotency key."""

    id: UUID
    phone: str
    text: str


class Gateway(Protocol):
    """A way out. Answers SENT or REFUSED for each message, in order; raises to be tried again."""

    def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]: ...


_words: dict[str, StrOrPromise] = {}


def install(words: Mapping[str, StrOrPromise]) -> None:
    """Called once by the site as it starts: translatable texts with %(fact)s by template code."""
    _words.clear()
    _words.update(words)


def queue_messages(rows: Sequence[NewMessage], *, at: datetime) -> None:
    """Queue in bulk, in the caller's transaction; a message that this cause already queued is left as it is.

    Raises KeyError for a template that has no words.
    """
    if unknown := {row.template for row in rows} - _words.keys():
        raise KeyError(f"no words for message templates {sorted(unknown)}")
    if not rows:
        return
    with transaction.atomic():
        fresh = {(row.cause_id, row.template, row.person_id): row for row in rows}
        queued = Message.objects.filter(cause__in={row.cause_id for row in rows})
        for key in queued.values_list("cause_id", "template", "person_id"):
            fresh.pop(key, None)
        copy_rows(Message, COLUMNS, (_waiting(row, at) for row in fresh.values()))
        from lachan.platform.tasks import send_waiting_messages

        jobs.defer(send_waiting_messages)


def text_of(message: Message) -> str:
    """The words of a message in its language."""
    with translation.override(message.language):
        facts = {name: _shown(name, value) for name, value in message.facts.items()}
        return str(_words[message.template]) % facts


def send_waiting(*, at: datetime) -> int:
    """Hand waiting messages to the gateway, batch by batch, each batch one transaction; how many."""
    total = 0
    while sent := _send_batch(at):
        total += sent
    return total


def queue_text(*, phone: str, text: str, until: datetime) -> None:
    """Queue a text to a number, whoever has it, in the caller's transaction. It is sealed in its job and kept nowhere
    else; after `until` it is not sent any more."""
    from lachan.platform.tasks import send_sealed_text

    packed = json.dumps([str(uuid7()), phone, text, until.isoformat()])
    jobs.defer(send_sealed_text, sealed=base64.b64encode(seal("text", packed)).decode())


def send_text(sealed: str, *, at: datetime) -> Outcome:
    """Hand a sealed text to the gateway, if it is not too late."""
    id_, phone, text, until = json.loads(unseal("text", base64.b64decode(sealed)))
    if not settings.MESSAGE_GATEWAY or at >= datetime.fromisoformat(until):
        return Outcome.NO_GATEWAY
    gateway: Gateway = import_string(settings.MESSAGE_GATEWAY)()
    [outcome] = gateway.send([Outgoing(UUID(id_), phone, text)])
    return outcome


def _waiting(row: NewMessage, at: datetime) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    return (
        uuid7(), row.person_id, row.cause_id, row.template, row.language, dict(row.facts), at, Outcome.WAITING,
    )  # fmt: skip


def _shown(name: str, value: Any) -> Any:
    if name.endswith("_on"):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if name.endswith("_at"):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%H:%M %d/%m/%Y}"
    return value


def _send_batch(at: datetime) -> int:
    with transaction.atomic():
        batch = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(outcome=Outcome.WAITING)
            .order_by("id")[:BATCH]
        )
        for message, outcome in zip(batch, _outcomes(batch), strict=True):
            message.outcome = outcome
            message.sent_at = at if outcome == Outcome.SENT else None
        Message.objects.bulk_update(batch, ["outcome", "sent_at"], batch_size=BATCH)
    return len(batch)


def _outcomes(batch: Sequence[Message]) -> list[Outcome]:
    name = settings.MESSAGE_GATEWAY
    if not name or not batch:
        return [Outcome.NO_GATEWAY] * len(batch)
    phones = _phones({message.person_id for message in batch})
    out = [Outgoing(m.id, phones[m.person_id], text_of(m)) for m in batch if m.person_id in phones]
    gateway: Gateway = import_string(name)()
    answered = dict(zip((o.id for o in out), gateway.send(out), strict=True))
    return [answered.get(message.id, Outcome.NO_PHONE) for message in batch]


def _phones(person_ids: set[int]) -> dict[int, str]:
    """The latest number of each, their own before that of a record that was joined to theirs."""
    known = Identifier.objects.filter(
        Q(person_id__in=person_ids) | Q(person__merged_into_id__in=person_ids), kind=IdentifierKind.PHONE
    ).select_related("person")
    ordered = sorted(known, key=lambda i: (i.person_id in person_ids, i.pk))
    return {
        i.person.root_id if i.person_id not in person_ids else i.person_id: identifier_value(i)
        for i in ordered
    }
