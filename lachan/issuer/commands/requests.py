"""The intent: what will be signed is on record before it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.codecs.hcert import uvci
from lachan.core import areas, bulk, prepared
from lachan.core.codes import new_code
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import CertificateRequested
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person
from lachan.issuer import rules
from lachan.issuer.commands.gates import RECALLING, pass_gate
from lachan.issuer.commands.revoking import Recall, recall
from lachan.issuer.commands.stops import wake_issuer
from lachan.issuer.models import (
    Intent,
    Reason,
    Record,
    Revocation,
    RevocationOrder,
    Scope,
    Waiting,
    Withdrawal,
)

SENTENCES = {
    "backwards": _("A certificate must end after it begins."),
    "too-long": _("A certificate is valid for twelve months at most."),
}


class CannotIssue(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A certificate to be: its record, whom it is about, its validity, what it replaces and why it comes about."""

    record: Record
    holder: Person
    issued_at: datetime
    expires_at: datetime
    cause: UUID | None = None
    replaces: Intent | None = None


@transaction.atomic
def request_certificate(
    *, record: Record, actor: Actor, at: datetime, cause: UUID | None = None, validity: timedelta = rules.LONGEST
) -> Intent:  # fmt: skip
    """Ask for the first certificate on a record. The issuer signs it a moment later.

    Raises CannotIssue: record-withdrawn, recalled, issued-before, too-long, backwards.
    """
    held = _held(record)
    _require_first(held)
    wish = Wish(
        record=held,
        holder=_holder(held),
        issued_at=at,
        expires_at=rules.expiry(at, wanted=validity),
        cause=cause,
    )
    return _ask(wish, actor=actor, at=at)


@transaction.atomic
def reissue_certificate(
    *, certificate: Intent, reason: Reason, actor: Actor, at: datetime, record: Record | None = None,
    cause: UUID | None = None, validity: timedelta = rules.LONGEST,
) -> Intent:  # fmt: skip
    """Ask for a certificate in place of another, which is revoked in the same transaction.

    On a corrected `record`, or on the same one (a name was corrected, a year has passed). Raises CannotIssue:
    record-withdrawn, recalled, another-persons, another-record, issued-before (it was replaced already, or the
    corrected record has a certificate), too-long, backwards.
    """
    held = _held(record or certificate.record)
    holder = _holder(held)
    if holder.pk != _holder(certificate.record).pk:
        raise CannotIssue("another-persons", _("The record belongs to another person."))
    if held.pk != certificate.record_id:
        _require_correction(held, certificate.record)
        _require_first(held)
    if not Revocation.objects.filter(pk=certificate.pk).exists():
        why = Recall(scope=Scope.ONE, reason=reason, cause=cause or certificate.event_id)
        recall(Intent.objects.filter(pk=certificate.pk), why, actor=actor, at=at)
    revoked = Revocation.objects.get(pk=certificate.pk)
    wish = Wish(
        record=held, holder=holder, issued_at=at, expires_at=rules.expiry(at, wanted=validity),
        cause=cause or revoked.event_id, replaces=certificate,
    )  # fmt: skip
    return _ask(wish, actor=actor, at=at)


def _held(record: Record) -> Record:
    """The record, held against being withdrawn or recalled until the transaction ends."""
    pass_gate(RECALLING)
    held = Record.objects.select_for_update().select_related(None).get(pk=record.pk)
    if Withdrawal.objects.filter(record=held).exists():
        raise CannotIssue("record-withdrawn", _("What the certificate would stand on was withdrawn."))
    if recalled([held]):
        raise CannotIssue(
            "recalled", _("The certificates of this lot, or of this place and day, were recalled.")
        )
    return held


def recalled(records: Iterable[Record]) -> set[int]:
    """Those of the records whose lot, or whose place and day, an order took back: nothing is certified on them.

    What was entered (or corrected) at a place after the order was entered in knowledge of it, and counts.
    """
    held = list(records)
    lots, places = {r.lot for r in held if r.lot}, {r.place_id for r in held if r.place_id}
    found = prepared.rows(ORDERS, [Scope.LOT.value, list(lots), Scope.PLACE.value, list(places)])
    if not found:
        return set()
    orders = list(RevocationOrder.objects.filter(pk__in=[pk for (pk,) in found]).select_related("area"))
    return {r.pk for r in held if any(_covers(order, r) for order in orders)}


ORDERS = """
    SELECT id FROM issuer_revocationorder
    WHERE (scope = %s AND lot = ANY(%s::text[])) OR (scope = %s AND place_id = ANY(%s::bigint[]))
"""


def _covers(order: RevocationOrder, record: Record) -> bool:
    if order.scope == Scope.LOT:
        there = order.area is None or (record.area is not None and areas.holds(order.area, record.area))
        return there and order.lot == record.lot
    if order.place_id != record.place_id or order.starts_on is None or order.ends_on is None:
        return False
    return order.starts_on <= record.happened_on < order.ends_on and record.recorded_at <= order.ordered_at


def _require_first(held: Record) -> None:
    """Raises CannotIssue unless the record, which is held, has no certificate, be it in place of another."""
    if Intent.objects.filter(record=held).exists():
        raise CannotIssue("issued-before", _("There is a certificate on this already."))


def _require_correction(held: Record, of: Record) -> None:
    """Raises CannotIssue unless `held` came about as `of` was corrected, in one step or several."""
    earlier: Record | None = held
    while earlier is not None and earlier.pk != of.pk:
        earlier = earlier.replaces
    if earlier is None:
        raise CannotIssue(
            "another-record", _("This record is no correction of what the certificate stands on.")
        )


def _holder(record: Record) -> Person:
    """Whose name the certificate bears: after merges, the one that stands for the person."""
    person = record.person
    return person.merged_into or person


def _ask(wish: Wish, *, actor: Actor, at: datetime) -> Intent:
    [intent], [told] = intents([wish], actor=actor, at=at)
    try:
        with transaction.atomic():
            bulk.insert([intent])
    except IntegrityError as error:
        if "intent_first_once_a_record" in str(error) or "replaces_id" in str(error):
            raise CannotIssue("issued-before", _("There is a certificate on this already.")) from error
        raise
    emit([told], actor=actor)
    Waiting.objects.create(intent=intent)
    wake_issuer()
    return intent


def intents(
    wishes: list[Wish], *, actor: Actor, at: datetime
) -> tuple[list[Intent], list[CertificateRequested]]:
    """Intents with keys and payloads, unsaved, and the events that tell of them."""
    ids = bulk.reserve_ids(Intent, len(wishes))
    made = [_intent(pk, wish, actor, at) for pk, wish in zip(ids, wishes, strict=True)]
    told = [
        CertificateRequested(
            id=i.event_id, person_id=i.person_id, happened_at=at, caused_by=w.cause or w.record.event_id,
            ref=f"issuer.certificate:{i.pk}", certificate_id=i.pk, use=rules.Kind(i.kind).value,
            expires_at=i.expires_at, replaces_id=i.replaces_id,
        )
        for i, w in zip(made, wishes, strict=True)
    ]  # fmt: skip
    return made, told


def _intent(pk: int, wish: Wish, actor: Actor, at: datetime) -> Intent:
    if problem := rules.validity_problem(wish.issued_at, wish.expires_at):
        raise CannotIssue(problem, SENTENCES[problem])
    record, certificate_id = wish.record, uvci(settings.ISSUER_COUNTRY, new_code())
    payload = msgspec.json.encode(
        rules.payload_of(
            rules.facts_from(record.kind, record.facts), holder_of(wish.holder), happened_on=record.happened_on,
            country=settings.ISSUER_COUNTRY, issuer=settings.ISSUER_NAME, certificate_id=certificate_id,
        )
    )  # fmt: skip
    return Intent(
        pk=pk, uvci=certificate_id, record=record, person_id=wish.holder.pk, kind=record.kind, payload=payload,
        digest=sha256(payload).digest(), issuer=settings.ISSUER_COUNTRY, event_id=uuid7(),
        issued_at=wish.issued_at.replace(microsecond=0), expires_at=wish.expires_at, replaces=wish.replaces,
        first_of_record=wish.replaces is None or wish.replaces.record_id != record.pk,
        requested_by=actor, requested_at=at,
    )  # fmt: skip


def holder_of(person: Person) -> rules.Holder:
    return rules.Holder(person.name, person.birth_year, person.birth_month, person.birth_day)
