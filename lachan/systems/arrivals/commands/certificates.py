"""A certificate that a traveller shows at the counter: its check is kept, never the code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lachan.codecs.foreign import Unpacked
from lachan.core.models import Actor
from lachan.core.sealed import blind_index
from lachan.issuer import judging
from lachan.issuer.judging import Judged
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Proof
from lachan.systems.arrivals.rules.certificates import Said, names, said_by

MARK = "arrival-certificate"
NOTHING = Said("vaccination")


@transaction.atomic
def note_certificate(
    *, declaration: ArrivalDeclaration, text: str, judged: Judged, actor: Actor, at: datetime
) -> CertificateSeen:
    """Keep what the check of `text` said for this traveller; shown again it is checked again. Told by no event: it
    counts when the officer decides, and stands among the evidence then."""
    said = said_by(judged.found)
    mark = blind_index(MARK, "".join(text.split()))
    reason = _reason(declaration, judged, said, mark)
    found = said or NOTHING
    return CertificateSeen.objects.update_or_create(
        declaration=declaration,
        mark=mark,
        defaults={
            "form": str(judged.found.kind)[:20], "proof": Proof(found.proof), "valid": not reason, "reason": reason,
            "issuer": _issuer(judged.found), "doses": found.doses, "complete": found.complete,
            "happened_on": found.on, "test_kind": found.test_kind, "tested_at": found.tested_at, "checked_at": at,
            "checked_by": actor,
        },
    )[0]  # fmt: skip


def _issuer(found: Unpacked) -> str:
    country = next((entry.country for entry in found.entries if entry.country), "")
    return (country or found.issuer)[:120]


def _reason(declaration: ArrivalDeclaration, judged: Judged, said: Said | None, mark: bytes) -> str:
    """Why it does not count, or an empty text."""
    if judged.level != "valid":
        return judging.reason(judged)[:60]
    if said is None:
        return "nothing-counts"
    person = declaration.person.merged_into or declaration.person
    born = (person.birth_year, person.birth_month, person.birth_day)
    if problem := names(judged.found.holder, person.name, born):
        return problem
    others = CertificateSeen.objects.filter(mark=mark, valid=True).exclude(declaration__person=person)
    return "shown-by-another" if others.exists() else ""
