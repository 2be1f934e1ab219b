"""Certificates and where each stands, read from the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Min, Q, QuerySet

from lachan.core.models import Person
from lachan.issuer.models import Intent, Stop, Waiting


class Standing(StrEnum):
    WAITING = "waiting"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_SIGNED = "not-signed"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Intents that wait for the issuer: how many, since when the oldest."""

    waiting: int
    oldest_at: datetime | None


WITH_ALL = ("record", "person", "signature__key__compromise", "revocation__order", "unsigned", "replaced_by")


def certificates_of(person: Person) -> "QuerySet[Intent]":
    """All certificates of a person and of the records merged into theirs, newest first."""
    root = person.root_id
    mine = Q(person=root) | Q(person__merged_into=root)
    return Intent.objects.filter(mine).select_related(*WITH_ALL).order_by("-requested_at", "-pk")


def by_uvci(uvci: str) -> Intent | None:
    return Intent.objects.filter(uvci=uvci).select_related(*WITH_ALL).first()


def persons_of(uvcis: Iterable[str]) -> dict[str, int]:
    """Whom our own certificates are about, by their ids; after merges, who stands for the person. One query."""
    wanted = set(uvcis) - {""}
    if not wanted:
        return {}
    rows = Intent.objects.filter(uvci__in=wanted).values_list("uvci", "person", "person__merged_into")
    return {uvci: root or pk for uvci, pk, root in rows}


def standing(certificate: Intent, at: datetime) -> Standing:
    """Where a certificate stands at `at` (read with `certificates_of` or `by_uvci`: no query)."""
    signature = getattr(certificate, "signature", None)
    compromise = getattr(signature.key, "compromise", None) if signature else None
    if hasattr(certificate, "revocation") or compromise:
        return Standing.REVOKED
    if hasattr(certificate, "unsigned"):
        return Standing.NOT_SIGNED
    if signature is None:
        return Standing.WAITING
    return Standing.VALID if at < certificate.expires_at else Standing.EXPIRED


def standings(certificates: Iterable[Intent], at: datetime) -> list[tuple[Intent, Standing]]:
    return [(certificate, standing(certificate, at)) for certificate in certificates]


def stop_in_force() -> Stop | None:
    return Stop.objects.filter(resumed_at__isnull=True).first()


def backlog() -> Backlog:
    counted = Waiting.objects.aggregate(n=Count("pk"), oldest=Min("intent__requested_at"))
    return Backlog(counted["n"], counted["oldest"])
