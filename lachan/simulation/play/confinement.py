"""Beds, readings and releases; and back into the outbreak: who is kept apart infects fewer."""

from datetime import datetime
from decimal import Decimal

import numpy as np

from lachan.core import clock
from lachan.simulation.play.stage import Stage
from lachan.systems.quarantine import commands as quarantine
from lachan.systems.quarantine.commands import CannotRelease
from lachan.systems.quarantine.commands.monitoring import Measured
from lachan.systems.quarantine.models import Order, OrderTerm, Stay
from lachan.systems.quarantine.queries.evidence import release_verdicts

BREAKS_OUT = 0.04
_APART = ("facility", "home")
_READINGS = 40


def house(stage: Stage, at: datetime, share: float = 1.0) -> None:
    """Send those whose order is for a facility to the sites in turn, and give them beds."""
    waiting = OrderTerm.objects.filter(
        superseded_at__isnull=True, kind="facility", order__closed_at__isnull=True, order__stays__isnull=True
    )
    orders = [t.order for t in waiting.select_related("order").order_by("order__person")]
    orders = orders[: int(np.ceil(len(orders) * share))]
    manager = stage.cast.staff["manager"]
    fresh = [o for o in orders if o.site_id is None]
    for number, site in enumerate(stage.cast.sites):
        if mine := fresh[number :: len(stage.cast.sites)]:
            quarantine.send_to_site(orders=mine, site=site, actor=manager, at=at)
        if share == 1.0:
            quarantine.assign_beds_automatically(site=site, actor=manager, at=at)


def measure(stage: Stage, at: datetime) -> None:
    """The morning round at the sites: temperature and oxygen; a few have a complaint."""
    running = Stay.objects.filter(period__endswith__isnull=True, order__closed_at__isnull=True)
    for order in running.order_by("order__person").values_list("order", "order__person")[:_READINGS]:
        order_id, person_id = order
        quarantine.record_reading(
            order=Order(pk=order_id), measured=_measured(stage, person_id, at), actor=stage.cast.staff["manager"],
            at=at,
        )  # fmt: skip


def _measured(stage: Stage, person_id: int, at: datetime) -> Measured:
    key = (int(stage.numbers([person_id])[0]), stage.minute_at(at))
    warm = stage.draws.happens(0.05, "fever", *key)
    usual = 36.7 + 0.2 * float(stage.draws.normal("temperature", *key)[0])
    return Measured(
        taken_at=at, temperature=Decimal("38.1") if warm else Decimal(f"{usual:.1f}"),
        spo2=96 + int(stage.draws.pick((1, 1, 1, 1), "oxygen", *key)[0]), symptoms=("cough",) if warm else (),
    )  # fmt: skip


def release(stage: Stage, at: datetime, share: float = 1.0) -> int:
    """Let those go whose evidence says so; their number."""
    today = clock.local_date(at)
    terms = OrderTerm.objects.filter(
        superseded_at__isnull=True, order__closed_at__isnull=True, ends_on__lte=today
    )
    found = list(terms.select_related("order").order_by("order__person"))
    verdicts = release_verdicts(found, at=at)
    due = [t.order for t in found if verdicts[t.order_id].due]
    due = due[: int(len(due) * share)]
    if not due:
        return 0
    try:
        return len(quarantine.release(orders=due, actor=stage.cast.staff["signer"], at=at).released)
    except CannotRelease:
        return 0


def keep_apart(stage: Stage, at: datetime) -> None:
    """Tell the outbreak who is under an order now; a few of those at home do not keep to it."""
    since = stage.days_at(at)
    open_terms = OrderTerm.objects.filter(
        superseded_at__isnull=True, order__closed_at__isnull=True, kind__in=_APART
    )
    held = set(stage.indices(list(open_terms.values_list("order__person", flat=True))).tolist()) - {-1}
    new = np.array(sorted(held - stage.confined), dtype=np.int64)
    keeps = stage.draws.uniform("keeps to it", int(since), new) >= BREAKS_OUT
    stage.isolation.isolate(new[keeps], since, np.inf)
    freed = np.array(sorted(stage.confined - held), dtype=np.int64)
    stage.isolation.release(freed, since)
    stage.confined = held
