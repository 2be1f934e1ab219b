"""Same-day completeness: what was drawn from vials against what was given and written off."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from lachan.core import clock
from lachan.core.models import Place, Posting
from lachan.systems.vaccination.models import Dose, Movement, Session, Vial
from lachan.systems.vaccination.queries.scope import own, vials
from lachan.systems.vaccination.rules.stock import VialAccount, unexplained

MOST_SESSIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A store's vials of one local day. `missing`: doses drawn of which nobody said what became of them."""

    store: Place
    day: date
    vials: int
    drawn: int
    given: int
    wasted: int
    missing: int


def days_that_do_not_add_up(posting: Posting, *, at: datetime) -> list[Day]:
    """Store by store, newest day first. Only vials whose hours are over count: of the others it may still be said."""
    late = vials(posting).filter(left__gt=0, use_by__lt=at).values_list("store", "opened_at")
    wanted = {(store, clock.local_date(opened_at)) for store, opened_at in late}
    found = [_day(store, day, at) for store, day in wanted]
    return sorted(found, key=lambda d: (d.day, d.missing, d.store.pk), reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAccount:
    """The vials opened for a session: doses drawn, recorded as given to people, and written off."""

    session: Session
    vials: int
    drawn: int
    recorded: int
    wasted: int

    @property
    def missing(self) -> int:
        """Doses of which nobody has said what became of them."""
        return self.drawn - self.recorded - self.wasted


def session_accounts(sessions: Iterable[Session]) -> list[SessionAccount]:
    """One line each, in order: three statements, whatever their number."""
    chosen = list(sessions)
    opened = {
        pk: counted for pk, *counted in Vial.objects.filter(session__in=chosen).order_by("session")
        .values_list("session").annotate(n=Count("pk"), drawn=Sum(F("doses") + F("extra")))
    }  # fmt: skip
    wasted = dict(
        Movement.objects.filter(vial__session__in=chosen, kind__in=("wasted", "found")).order_by("vial__session")
        .values_list("vial__session").annotate(n=Sum(Case(When(kind="found", then=-F("doses")), default=F("doses"))))
    )  # fmt: skip
    standing = Dose.objects.filter(vial__session__in=chosen, withdrawn_at__isnull=True)
    recorded = dict(standing.order_by("vial__session").values_list("vial__session").annotate(n=Count("pk")))
    return [
        SessionAccount(
            session=session, vials=opened.get(session.pk, [0, 0])[0], drawn=opened.get(session.pk, [0, 0])[1],
            recorded=recorded.get(session.pk, 0), wasted=wasted.get(session.pk, 0),
        )
        for session in chosen
    ]  # fmt: skip


def sessions_that_do_not_add_up(posting: Posting, *, at: datetime) -> list[SessionAccount]:
    """Sessions that are over, with doses drawn of which nobody has said what became of them; the newest first."""
    left = Vial.objects.filter(own(posting, "store__"), session__ends_at__lt=at, left__gt=0)
    over = Session.objects.filter(pk__in=left.values("session")).select_related("site")
    found = session_accounts(over.order_by("-starts_at", "-pk")[:MOST_SESSIONS])
    return [account for account in found if account.missing]


def day_of(store: Place, day: date, *, at: datetime) -> Day:
    """What was opened, given and written off on one day at one store."""
    return _day(store.pk, day, at)


def _day(store_id: int, day: date, at: datetime) -> Day:
    start, end = clock.day_bounds(day)
    mine = Vial.objects.filter(store=store_id, opened_at__gte=start, opened_at__lt=end)
    sums: dict[str, int] = defaultdict(int)
    accounts = [_account(vial) for vial in _with_use(mine)]
    for one in accounts:
        for name in ("drawn", "given", "wasted"):
            sums[name] += getattr(one, name)
    return Day(
        store=Place.objects.select_related("area").get(pk=store_id), day=day, vials=len(accounts),
        missing=unexplained(accounts, at), drawn=sums["drawn"], given=sums["given"], wasted=sums["wasted"],
    )  # fmt: skip


def _with_use(found: QuerySet[Vial]) -> QuerySet[Vial]:
    def of(kind: str) -> Sum:
        return Sum("movements__doses", filter=Q(movements__kind=kind), default=0)

    return found.annotate(
        drawn=F("doses") + F("extra"),
        was_given=of("given") - of("taken_back"),
        was_wasted=of("wasted") - of("found"),
    )


def _account(vial: Any) -> VialAccount:
    return VialAccount(drawn=vial.drawn, given=vial.was_given, wasted=vial.was_wasted, use_by=vial.use_by)
