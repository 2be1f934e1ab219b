"""The certificate of a dose: entered with the issuer and asked for as the dose is recorded."""

from collections.abc import Sequence
from datetime import datetime

from lachan.codecs.hcert.products import PRODUCTS
from lachan.core.events import Event
from lachan.core.models import Actor
from lachan.issuer import commands as issuer
from lachan.issuer.commands import Backing, certify
from lachan.issuer.models import Reason, Record
from lachan.issuer.rules import Dose as Certified
from lachan.systems.vaccination.models import Dose
from lachan.systems.vaccination.queries.policy import rules_on
from lachan.systems.vaccination.rules.line import Numbering

SOURCE = "vaccination"


def certify_doses(
    doses: Sequence[tuple[Dose, Numbering]], *, told: Sequence[Event], actor: Actor, at: datetime
) -> list[Record]:
    """Tell the events, back each dose and ask for its certificate; products that no certificate knows are left out."""
    backings = [backing for dose, counted in doses if (backing := backing_for(dose, counted))]
    return certify(backings=backings, told=told, actor=actor, at=at)


def backing_for(dose: Dose, counted: Numbering) -> Backing | None:
    """What stands on a certificate of it; None where the product is on no list of certificates."""
    rules = rules_on(dose.given_on).product(dose.product)
    listed = PRODUCTS.get(rules.mp) if rules else None
    if rules is None or listed is None:
        return None
    facts = Certified(
        vaccine=listed.vaccine, product=rules.mp, manufacturer=listed.holder, number=counted.ordinal,
        of=counted.certified_of,
    )  # fmt: skip
    return Backing(
        facts=facts, person=dose.person, happened_on=dose.given_on, source=SOURCE, reference=reference(dose),
        lot=dose.lot_number, place=dose.site, cause=dose.event_id,
    )  # fmt: skip


def reference(dose: Dose) -> str:
    return f"dose:{dose.pk}"


def backing_of(dose: Dose) -> Record | None:
    """What the dose is certified on."""
    return Record.objects.filter(source=SOURCE, reference=reference(dose)).first()


def withdraw_certificates(
    dose: Dose, *, reason: str, actor: Actor, at: datetime, revoked_as: Reason = Reason.RECORD_WITHDRAWN
) -> None:
    """Say that the dose does not hold: what was certified on it is revoked."""
    record = backing_of(dose)
    if record is not None and not hasattr(record, "withdrawal"):
        issuer.withdraw_backing(record=record, reason=reason[:40], actor=actor, at=at, revoked_as=revoked_as)
