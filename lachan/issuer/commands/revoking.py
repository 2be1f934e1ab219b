"""Taking back certificates. What was never signed can be revoked too: it will not be signed then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, bulk
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import CertificateRevoked, CertificatesRecalled, SigningKeyCompromised
from lachan.core.models import Actor, Area, Place
from lachan.issuer.commands.gates import RECALLING, close_gate
from lachan.issuer.commands.stops import wake_issuer
from lachan.issuer.models import (
    Compromise,
    Intent,
    Reason,
    Revocation,
    RevocationOrder,
    Scope,
    Signature,
    SignerKey,
)
from lachan.issuer.rules import Kind

AT_ONCE = 5_000


class CannotRevoke(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What an order to revoke says. `cause` is the event that led to it."""

    scope: Scope
    reason: Reason
    evidence: str = ""
    lot: str = ""
    place: Place | None = None
    area: Area | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cause: UUID | None = None


@transaction.atomic
def revoke_certificate(
    *, certificate: Intent, reason: Reason, actor: Actor, at: datetime, evidence: str = "", cause: UUID | None = None
) -> RevocationOrder:  # fmt: skip
    """Take back one certificate, for good. Raises CannotRevoke: revoked-before."""
    why = Recall(scope=Scope.ONE, reason=reason, evidence=evidence, cause=cause or certificate.event_id)
    order = recall(Intent.objects.filter(pk=certificate.pk), why, actor=actor, at=at)
    if not order.certificates:
        raise CannotRevoke("revoked-before", _("This certificate was revoked before."))
    return order


@transaction.atomic
def revoke_lot(
    *, lot: str, actor: Actor, at: datetime, reason: Reason = Reason.LOT_RECALLED, evidence: str = "",
    cause: UUID | None = None, area: Area | None = None,
) -> RevocationOrder:  # fmt: skip
    """Take back what was certified on doses of a lot: everywhere, or on the ground of `area`. Raises CannotRevoke:
    no-lot."""
    if not lot.strip():
        raise CannotRevoke("no-lot", _("Name the lot."))
    close_gate(RECALLING)
    why = Recall(scope=Scope.LOT, reason=reason, evidence=evidence, lot=lot.strip(), area=area, cause=cause)
    there = areas.inside("record__area__", area) if area else Q()
    return recall(Intent.objects.filter(there, record__lot=lot.strip()), why, actor=actor, at=at)


@transaction.atomic
def revoke_place(
    *, place: Place, starts_on: date, ends_on: date, actor: Actor, at: datetime, reason: Reason = Reason.FRAUD,
    evidence: str = "", cause: UUID | None = None,
) -> RevocationOrder:  # fmt: skip
    """Take back what was certified on what happened at a place on days in [starts_on, ends_on); other places go on.

    Raises CannotRevoke: period-backwards.
    """
    if ends_on <= starts_on:
        raise CannotRevoke("period-backwards", _("The period must end after it begins."))
    close_gate(RECALLING)
    why = Recall(
        scope=Scope.PLACE, reason=reason, evidence=evidence, place=place, starts_on=starts_on, ends_on=ends_on,
        cause=cause,
    )  # fmt: skip
    there = Intent.objects.filter(
        record__place=place, record__happened_on__gte=starts_on, record__happened_on__lt=ends_on
    )
    return recall(there, why, actor=actor, at=at)


def recall(certificates: "QuerySet[Intent]", why: Recall, *, actor: Actor, at: datetime) -> RevocationOrder:
    """Revoke those of `certificates` that are not revoked yet, in the caller's transaction."""
    waiting = certificates.filter(revocation__isnull=True).order_by("pk").select_for_update(of=("self",))
    ids = list(waiting.values_list("pk", flat=True))
    ids = sorted(set(ids) - set(Revocation.objects.filter(pk__in=ids).values_list("pk", flat=True)))
    told = CertificatesRecalled(
        scope=why.scope.value, reason=why.reason.value, certificates=len(ids), happened_at=at, caused_by=why.cause,
        place_id=why.place.pk if why.place else None,
    )  # fmt: skip
    emit([told], actor=actor)
    order = RevocationOrder.objects.create(
        scope=why.scope, reason=why.reason, evidence=why.evidence.strip()[:200], lot=why.lot, place=why.place,
        area=why.area, starts_on=why.starts_on, ends_on=why.ends_on, certificates=len(ids), event_id=told.id,
        ordered_by=actor, ordered_at=at,
    )  # fmt: skip
    for start in range(0, len(ids), AT_ONCE):
        _revoke(ids[start : start + AT_ONCE], order, actor, at)
    if ids:
        wake_issuer()
    return order


def _revoke(ids: Sequence[int], order: RevocationOrder, actor: Actor, at: datetime) -> None:
    found = Intent.objects.filter(pk__in=ids).values_list("pk", "person_id", "kind")
    told = [
        CertificateRevoked(
            person_id=person, certificate_id=pk, use=Kind(kind).value, reason=order.reason, happened_at=at,
            caused_by=order.event_id, ref=f"issuer.certificate:{pk}",
        )
        for pk, person, kind in found
    ]  # fmt: skip
    emit(told, actor=actor)
    bulk.insert([Revocation(pk=t.certificate_id, order=order, event_id=t.id, revoked_at=at) for t in told])


@transaction.atomic
def declare_compromised(*, key: SignerKey, reason: str, actor: Actor, at: datetime) -> Compromise:
    """Say that somebody else may have a key. It signs no more, it leaves the trust list, all it signed is void.

    Reissue with `reissue_of_key`. Raises CannotRevoke: no-reason, compromised-before.
    """
    if not reason.strip():
        raise CannotRevoke("no-reason", _("Say why."))
    told = SigningKeyCompromised(
        kid=bytes(key.kid).hex(), certificates=Signature.objects.filter(key=key).count(), happened_at=at,
        ref=f"issuer.key:{key.pk}",
    )  # fmt: skip
    try:
        with transaction.atomic():
            row = Compromise.objects.create(
                key=key, reason=reason.strip()[:200], event_id=told.id, declared_by=actor, declared_at=at
            )
    except IntegrityError as error:
        raise CannotRevoke("compromised-before", _("This key was declared compromised before.")) from error
    emit([told], actor=actor)
    wake_issuer()
    return row
