"""The certificates of what was corrected: issued anew in the place of the old ones, for as long as those were valid."""

from datetime import datetime

from lachan.core.models import Actor, Person
from lachan.issuer import queries as issued
from lachan.issuer.commands import CannotIssue, record_backing, reissue_certificate
from lachan.issuer.models import Intent, Reason, Record
from lachan.issuer.queries import Standing
from lachan.systems.vaccination.commands.line.certifying import backing_for
from lachan.systems.vaccination.models import Dose
from lachan.systems.vaccination.rules.line import Numbering


def counting(person: Person, at: datetime) -> list[Intent]:
    """Certificates that count, or are about to."""
    return [
        certificate
        for certificate, standing in issued.standings(issued.certificates_of(person), at)
        if standing in (Standing.VALID, Standing.WAITING) and certificate.expires_at > at
    ]


def reissue(certificate: Intent, *, actor: Actor, at: datetime, record: Record | None = None) -> Intent:
    """Raises CannotIssue."""
    left = certificate.expires_at - at.replace(microsecond=0)
    return reissue_certificate(
        certificate=certificate, reason=Reason.CORRECTED, record=record, actor=actor, at=at, validity=left
    )


def certify_anew(
    dose: Dose, counted: Numbering, *, old: Record, before: list[Intent], actor: Actor, at: datetime
) -> int:
    """Back the corrected dose in the place of `old`, and issue what counted of it `before`; how many certificates.

    Where the certificates of its lot, or of its site that day, were recalled, the dose is entered without one.
    """
    backing = backing_for(dose, counted)
    if backing is None:
        return 0
    record = record_backing(
        facts=backing.facts, person=dose.person, happened_on=backing.happened_on, source=backing.source,
        reference=backing.reference, lot=backing.lot, place=backing.place, cause=backing.cause, replaces=old,
        actor=actor, at=at,
    )  # fmt: skip
    try:
        return len([reissue(each, actor=actor, at=at, record=record) for each in before[:1]])
    except CannotIssue as refusal:
        if refusal.code != "recalled":
            raise
        return 0
