"""Who may be invited next: approved, allocated here, without an open invitation, in the order of priority."""

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from lachan.core import areas, clock
from lachan.core.models import Area
from lachan.core.streams import stream
from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.models import Invitation, Registration, ScreeningForm, Session, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipients
from lachan.systems.vaccination.rules.courses import Offer, next_dose

CHUNK = 500
LAST = 1_000


def allocated_to(area: Area) -> "QuerySet[Any]":
    """Open registrations that the health centres of this area invite; `root` is the person after merges."""
    standing = areas.inside("decisions__allocated__", area)
    found = Registration.objects.filter(
        standing,
        closed_at__isnull=True,
        decisions__replaced_at__isnull=True,
        decisions__allocated__isnull=False,
    )
    rooted: QuerySet[Any] = found.annotate(root=Coalesce("person__merged_into_id", "person_id"))
    return rooted


def waiting(area: Area, *, at: datetime) -> "QuerySet[Any]":
    """Those of `allocated_to` whom nobody has invited, by rank of their group, then the elder, then the earlier."""
    invited = Invitation.objects.filter(
        person=OuterRef("root"), closed_at__isnull=True, session__ends_at__gt=at
    )
    here = of_root(Visit.objects.filter(left_at__isnull=True), "person")
    never = of_root(ScreeningForm.objects.filter(outcome="contraindicated"), "visit__person")
    found = allocated_to(area).filter(~Exists(invited), ~here, ~never)
    born = [F(f"person__birth_{part}").asc(nulls_last=True) for part in ("year", "month", "day")]
    ranked: QuerySet[Any] = found.annotate(rank=_rank(rules_at(at)))
    return ranked.order_by("rank", *born, "registered_at", "pk")


def of_root(found: "QuerySet[Any]", path: str) -> Q:
    """That there is one of the person `root`, or of a record that was joined to it."""
    own, joined = ({f"{path}{step}": OuterRef("root")} for step in ("", "__merged_into"))
    return Q(Exists(found.filter(**own))) | Q(Exists(found.filter(**joined)))


def _rank(policy: VaccinationPolicy) -> Case:
    rows = [When(group=group.code, then=Value(group.rank)) for group in policy.groups]
    return Case(*rows, default=Value(LAST), output_field=IntegerField())


def _put_off(session: Session) -> Q:
    """Those whom a screening told to wait until after the session's day."""
    day = clock.local_date(session.starts_at)
    return of_root(ScreeningForm.objects.filter(defer_until__gt=day), "visit__person")


def invitable(
    session: Session, area: Area, *, at: datetime, near: Area | None = None
) -> Generator[tuple[int, int]]:
    """(registration, person) of those to whom the rules of its day allow the session's vaccine, in order; in a
    transaction, and closed by who has enough. `near`: of those only who want it there."""
    asked = of_root(Invitation.objects.filter(session=session), "person")
    found = waiting(area, at=at).filter(~asked, ~_put_off(session))
    if near is not None:
        found = found.filter(areas.inside("area__", near))
    seen: set[int] = set()
    chunk: list[tuple[int, int]] = []
    with stream(found.values_list("pk", "root"), size=CHUNK) as rows:
        for pk, root in rows:
            if root not in seen:
                seen.add(root)
                chunk.append((pk, root))
            if len(chunk) == CHUNK:
                yield from _allowed(chunk, session)
                chunk = []
    yield from _allowed(chunk, session)


def _allowed(chunk: Iterable[tuple[int, int]], session: Session) -> Iterator[tuple[int, int]]:
    day = clock.local_date(session.starts_at)
    policy = rules_at(session.starts_at)
    known = recipients(root for _, root in chunk)
    for pk, root in chunk:
        offer = next_dose(known[root], on=day, policy=policy) if root in known else None
        choice = offer.choice(session.product) if isinstance(offer, Offer) else None
        if choice is not None and choice.from_on <= day:
            yield pk, root
