"""Where every dose of a lot is, whether the lot may be used, and whether its account adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from lachan.core.models import Posting
from lachan.systems.vaccination.models import Lot, LotHold, Movement, Stock, Transfer
from lachan.systems.vaccination.queries.scope import stocks
from lachan.systems.vaccination.rules.stock import refusal_of_lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All doses of a lot, everywhere: what came is what is somewhere or was used."""

    received: int
    adjusted: int
    in_stores: int
    in_transit: int
    given: int
    wasted: int

    @property
    def adds_up(self) -> bool:
        return self.received + self.adjusted == self.in_stores + self.in_transit + self.given + self.wasted


def account(lot: Lot) -> Account:
    """The account of one lot."""
    return accounts([lot.pk])[lot.pk]


ACCOUNTS = """
    SELECT l.id, coalesce(s.received, 0), coalesce(s.adjusted, 0), coalesce(s.on_hand, 0), coalesce(t.doses, 0),
        coalesce(s.given, 0), coalesce(s.wasted, 0)
    FROM unnest(%s::bigint[]) AS l(id)
    LEFT JOIN LATERAL (
        SELECT sum(received) AS received, sum(adjusted) AS adjusted, sum(sealed + opened) AS on_hand,
            sum(given) AS given, sum(wasted) AS wasted FROM vaccination_stock WHERE lot_id = l.id
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT sum(doses) AS doses FROM vaccination_transfer WHERE lot_id = l.id AND received_at IS NULL
    ) t ON true
"""


def accounts(lot_ids: Iterable[int]) -> dict[int, Account]:
    """One statement, so all of one moment, whoever writes meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, [list(lot_ids)])
        rows = [[int(n) for n in row] for row in cursor.fetchall()]
    return {
        pk: Account(received=r, adjusted=a, in_stores=s, in_transit=t, given=g, wasted=w)
        for pk, r, a, s, t, g, w in rows
    }


def standing_holds(lot_ids: Iterable[int]) -> dict[int, LotHold]:
    """By lot, the hold that is in force."""
    found = LotHold.objects.filter(lot__in=list(lot_ids), released_at__isnull=True)
    return {hold.lot_id: hold for hold in found.select_related("held_by", "recalled_by")}


def refusals(lots: Iterable[Lot], *, on: date) -> dict[int, str]:
    """By lot, why it may not be used on this day; lots that may be used are not in it."""
    chosen = list(lots)
    holds = standing_holds([lot.pk for lot in chosen])
    found = {}
    for lot in chosen:
        hold = holds.get(lot.pk)
        recalled = hold is not None and hold.recalled_at is not None
        why = refusal_of_lot(expires_on=lot.expires_on, held=hold is not None, recalled=recalled, on=on)
        if why:
            found[lot.pk] = why
    return found


def whereabouts(posting: Posting, lot: Lot) -> list[Stock]:
    """The stores of the posting that have had doses of the lot, most on hand first."""
    mine = stocks(posting).filter(lot=lot).select_related("store__area")
    return list(mine.order_by(-(F("sealed") + F("opened")), "store__name", "pk"))


def movements(posting: Posting, lot: Lot) -> QuerySet[Movement]:
    """The lines of the ledger of this lot in the posting's stores, newest first."""
    here = stocks(posting).filter(lot=lot).values("store")
    found = Movement.objects.filter(lot=lot, store__in=here)
    return found.select_related("store", "recorded_by", "transfer__origin", "transfer__destination").order_by(
        "-happened_at", "-pk"
    )


def out_of_account() -> list[int]:
    """Lots whose ledger, added up anew, is not their balance or does not add up: none, ever (the nightly recount)."""
    signed = {kind: Sum("doses", filter=Q(kind=kind), default=0) for kind in ("received", "sent", "arrived", "given",
              "taken_back", "wasted", "found", "adjusted", "extra")}  # fmt: skip
    told = {row["lot"]: row for row in Movement.objects.values("lot").annotate(**signed).order_by("lot")}
    waiting = Transfer.objects.filter(received_at__isnull=True).values("lot").annotate(n=Sum("doses"))
    transit = {row["lot"]: row["n"] for row in waiting.order_by("lot")}
    found = accounts(told)
    return [pk for pk, row in told.items() if not _agrees(found[pk], row, transit.get(pk, 0))]


def _agrees(account: Account, row: Mapping[str, Any], transit: int) -> bool:
    return (
        account.adds_up
        and account.received == row["received"]
        and account.adjusted == row["adjusted"] + row["extra"]
        and account.given == row["given"] - row["taken_back"]
        and account.wasted == row["wasted"] - row["found"]
        and account.in_transit == row["sent"] - row["arrived"] == transit
    )
