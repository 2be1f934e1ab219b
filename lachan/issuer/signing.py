"""The issuer's work: read what is logged, sign, store. For its own process and its own database role.

A batch is one transaction: signatures, events and the emptied queue are kept together or not at all. Killed at any
instant, the issuer leaves intents that the next one signs, or that are revoked unsigned.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Request, Signer, Trust, TrustedKey, encode_many, verify
from lachan.core import actors, bulk, clock
from lachan.core.eventlog import emit
from lachan.core.events import CertificateIssued, CertificateNotIssued, Event
from lachan.core.ids import uuid7
from lachan.core.subscribers import listen
from lachan.issuer import queries, rules
from lachan.issuer.commands.gates import ISSUING, pass_gate
from lachan.issuer.commands.stops import CHANNEL
from lachan.issuer.models import Signature, SignerKey, Unsigned, Waiting
from lachan.issuer.notices import Notice
from lachan.issuer.queries.trust import key_of
from lachan.issuer.vault import Keyring

log = logging.getLogger(__name__)

BATCH = 1_000
IDLE_SECONDS = 5.0
SIGNED = ("intent_id", "key_id", "text", "signature", "event_id", "signed_at")
UNSIGNED = ("intent_id", "code", "event_id", "decided_at")


class NoKey(RuntimeError):
    """No key may sign now: publish one (`lachan issuer key publish`). What is requested waits."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An intent as logged, beside the record that backs it."""

    id: int
    person_id: int
    kind: str
    payload: bytes
    digest_holds: bool
    issuer: str
    issued_at: datetime
    expires_at: datetime
    event_id: Any
    facts: str
    happened_on: Any
    uvci: str
    withdrawn: bool
    revoked: bool
    answered: bool


EARLY = timedelta(minutes=5)
"""How far ahead of our clock the clock of the web may be. What is dated later waits until then."""

TAKE = """
    SELECT i.id, i.person_id, i.kind, i.payload, i.digest = sha256(i.payload), i.issuer, i.issued_at, i.expires_at,
        i.event_id, r.facts::text, r.happened_on, i.uvci,
        EXISTS (SELECT FROM issuer_withdrawal w WHERE w.record_id = r.id),
        EXISTS (SELECT FROM issuer_revocation v WHERE v.intent_id = i.id),
        EXISTS (SELECT FROM issuer_signature s WHERE s.intent_id = i.id)
            OR EXISTS (SELECT FROM issuer_unsigned u WHERE u.intent_id = i.id)
    FROM issuer_waiting q JOIN issuer_intent i ON i.id = q.intent_id JOIN issuer_record r ON r.id = i.record_id
    WHERE i.kind = ANY(%s) AND i.issued_at <= %s
    ORDER BY q.intent_id LIMIT %s FOR UPDATE OF q SKIP LOCKED
"""


@dataclass
class Pen:
    """A key at hand: what it may sign, and the raw signatures that it makes, in order."""

    row: SignerKey
    signer: Signer
    country: str
    made: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, row: SignerKey, signer: Signer) -> "Pen":
        country = TrustedKey.of_certificate(bytes(row.certificate)).country
        pen = cls(row, signer, country)

        def sign(message: bytes) -> bytes:
            pen.made.append(signer.sign(message))
            return pen.made[-1]

        pen.signer = Signer(signer.kid, signer.algorithm, sign)
        return pen


class Pens:
    """Which key signs a certificate of a kind that ends at a moment; each is opened once."""

    def __init__(self, keyring: Keyring, at: datetime) -> None:
        self._keyring, self._at = keyring, at
        self._rows = {bytes(row.kid): row for row in queries.signer_keys()}
        self._keys = [key_of(row) for row in self._rows.values()]
        self._open: dict[bytes, Pen] = {}

    @property
    def kinds(self) -> list[str]:
        """The kinds that some key may sign now."""
        return [kind.value for kind in rules.Kind if self._key(kind.value, self._at)]

    def pen(self, kind: str, ends: datetime) -> Pen | None:
        key = self._key(kind, ends)
        if key is None:
            return None
        if key.kid not in self._open:
            row = self._rows[key.kid]
            self._open[key.kid] = Pen.of(row, self._keyring.signer(row))
        return self._open[key.kid]

    def _key(self, kind: str, ends: datetime) -> rules.Key | None:
        fit = [k for k in self._keys if not self._rows[k.kid].uses or kind in self._rows[k.kid].uses]
        return rules.key_to_use(fit, self._at, lasting=ends - self._at)


def sign_batch(*, keyring: Keyring, at: datetime, size: int = BATCH) -> int:
    """Sign and store up to `size` of what waits; how many were answered. Nothing while issuing is stopped.

    Raises NoKey when something waits and no key may sign it, after all that some key may sign is stored.
    """
    with transaction.atomic():
        pass_gate(ISSUING)
        if queries.stop_in_force():
            return 0
        pens = Pens(keyring, at)
        answers = _Answers(at).of(_take(size, at, pens.kinds), pens)
        if answers.done:
            _store(answers)
    if not answers.done and (answers.left or _others_wait(at, pens.kinds)):
        raise NoKey("no key in use may sign what waits")
    return len(answers.done)


def _take(size: int, at: datetime, kinds: Sequence[str]) -> list[Logged]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(kinds), at + EARLY, size])
        return [Logged(*row) for row in cursor.fetchall()]


def _others_wait(at: datetime, kinds: Sequence[str]) -> bool:
    due = Waiting.objects.filter(intent__issued_at__lte=at + EARLY)
    return due.exclude(intent__kind__in=kinds).exists()


@dataclass
class _Answers:
    """What a batch comes to: rows of signatures, rows of refusals, events. `done`: what leaves the queue."""

    at: datetime
    signed: list[tuple[Any, ...]] = field(default_factory=list)
    unsigned: list[tuple[Any, ...]] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    left: int = 0

    def of(self, waiting: Sequence[Logged], pens: Pens) -> "_Answers":
        fit: dict[int, tuple[Pen, list[tuple[Logged, Request]]]] = {}
        for intent in waiting:
            pen = pens.pen(intent.kind, intent.expires_at)
            if intent.answered:
                self.done.append(intent.id)
            elif isinstance(checked := checked_request(intent, self.at), str):
                self._refuse(intent, checked)
            elif pen is None:
                self.left += 1
            elif pen.country != intent.issuer:
                self._refuse(intent, "another-country")
            else:
                fit.setdefault(pen.row.pk, (pen, []))[1].append((intent, checked))
        for pen, work in fit.values():
            self._sign(pen, work)
        return self

    def _sign(self, pen: Pen, work: "list[tuple[Logged, Request]]") -> None:
        pen.made.clear()
        texts = list(encode_many((request for _intent, request in work), signer=pen.signer))
        made, last = iter(pen.made), None
        for (intent, request), text in zip(work, texts, strict=True):
            if isinstance(text, FormatError):
                self._refuse(intent, text.code)
            else:
                self._keep(intent, pen, text, next(made))
                last = text, request
        if last:
            self._read_back(pen, *last)

    def _keep(self, intent: Logged, pen: Pen, text: str, signature: bytes) -> None:
        event = CertificateIssued(
            person_id=intent.person_id, happened_at=self.at, caused_by=intent.event_id,
            ref=f"issuer.certificate:{intent.id}", certificate_id=intent.id, use=rules.Kind(intent.kind).value,
            kid=pen.signer.kid.hex(),
        )  # fmt: skip
        self.signed.append((intent.id, pen.row.pk, text, signature, event.id, self.at))
        self.told.append(event)
        self.done.append(intent.id)

    def _refuse(self, intent: Logged, code: str) -> None:
        event = CertificateNotIssued(
            id=uuid7(), person_id=intent.person_id, happened_at=self.at, caused_by=intent.event_id,
            ref=f"issuer.certificate:{intent.id}", certificate_id=intent.id, use=rules.Kind(intent.kind).value,
            reason=code,
        )  # fmt: skip
        self.unsigned.append((intent.id, code, event.id, self.at))
        self.told.append(event)
        self.done.append(intent.id)

    def _read_back(self, pen: Pen, text: str, request: Request) -> None:
        """One of each key is verified as the world will: a wrong key or a broken token is noticed here."""
        trust = Trust([TrustedKey.of_certificate(bytes(pen.row.certificate))])
        verdict = verify(text, trust=trust, at=max(self.at, request.issued_at))
        if not verdict.ok:
            raise RuntimeError(f"what was signed does not verify: {verdict.code}")


def checked_request(intent: Logged, at: datetime) -> Request | str:
    """What to sign, or the code of why an intent is not signed. The web's word is not enough: the entry must be the
    one that its record makes."""
    if intent.revoked:
        return "revoked-before"
    if intent.withdrawn:
        return "record-withdrawn"
    if at >= intent.expires_at:
        return "expired-before"
    payload = _payload_of_record(intent) if intent.digest_holds else None
    if payload is None:
        return "payload-not-of-record"
    if problem := rules.validity_problem(intent.issued_at, intent.expires_at):
        return problem
    return Request(payload, intent.issuer, intent.issued_at, intent.expires_at)


def _payload_of_record(intent: Logged) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = msgspec.json.decode(intent.payload)
        [entry] = said[intent.kind]
        facts = rules.facts_from(intent.kind, msgspec.json.decode(intent.facts))
        backed = rules.entry_of(
            facts, happened_on=intent.happened_on, country=intent.issuer, issuer=entry["is"], certificate_id=intent.uvci
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    return said if entry == backed and said.keys() <= {"ver", "nam", "dob", intent.kind} else None


def _store(answers: _Answers) -> None:
    bulk.copy_rows(Signature, SIGNED, answers.signed)
    bulk.copy_rows(Unsigned, UNSIGNED, answers.unsigned)
    emit(answers.told, actor=actors.system(at=answers.at))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM issuer_waiting WHERE intent_id = ANY(%s)", [answers.done])


def run(*, keyring: Keyring, stop: threading.Event, also: Callable[[datetime], object] | None = None) -> None:
    """Sign until `stop` is set; `also` is called whenever there is a pause (lists are published there)."""

    notice = Notice(log)

    def work() -> None:
        try:
            while not stop.is_set() and sign_batch(keyring=keyring, at=clock.now()):
                pass
            notice.say("")
        except NoKey as error:
            notice.say(f"{error}; certificates wait (lachan issuer key list)")
        except (
            IntegrityError
        ):  # revoked, withdrawn or compromised since the batch was read: nothing of it is stored
            log.warning("something changed while a batch was signed; it is read anew")
        if also is not None:
            also(clock.now())

    listen(CHANNEL, work, patience=lambda: IDLE_SECONDS, stop=stop)
