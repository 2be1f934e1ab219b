"""Finding a traveller at the counter by whatever they show."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from lachan.core.models import IdentifierKind, Posting
from lachan.core.sealed import blind_index
from lachan.systems.arrivals.models import ArrivalDeclaration
from lachan.systems.arrivals.queries.desk import declarations_of, with_state
from lachan.systems.arrivals.rules.counter import Typed

NEAR = timedelta(days=2)
MOST = 20
KINDS = (IdentifierKind.PASSPORT, IdentifierKind.NATIONAL_ID)


def found(posting: Posting, typed: Typed, *, day: date) -> list[ArrivalDeclaration]:
    """The declarations that hold, for the gates of this posting, of around `day`: not yet decided ones first. A code
    of before leads to the declaration that replaced it."""
    wanted = _wanted(typed)
    if wanted is None:
        return []
    near = Q(arrives_on__gte=day - NEAR, arrives_on__lte=day + NEAR)
    rows = with_state(declarations_of(posting).filter(wanted, near))
    return list(rows.order_by("is_cleared", "-arrives_on", "-pk")[:MOST])


def _wanted(typed: Typed) -> Q | None:
    if typed.kind == "short":
        return Q(short_code=typed.text)
    if typed.kind == "code":
        return (
            Q(pk__in=_last_of(typed.text))
            | Q(person__code=typed.text)
            | Q(person__merged_into__code=typed.text)
        )
    if typed.kind in ("number", "zone"):
        return Q(document_index__in=[blind_index(kind, typed.text) for kind in KINDS])
    return None


def _last_of(code: str) -> list[int]:
    """The declaration of this code, and those that replaced it one after the other."""
    chain = list(ArrivalDeclaration.objects.filter(code=code).values_list("pk", flat=True))
    while chain:
        after = ArrivalDeclaration.objects.filter(amends=chain[-1]).values_list("pk", flat=True).first()
        if after is None:
            break
        chain.append(after)
    return chain
