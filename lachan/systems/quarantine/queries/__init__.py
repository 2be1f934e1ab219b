"""Everything that reads in quarantine, gathered from its parts."""

from lachan.systems.quarantine.queries.desk import desk
from lachan.systems.quarantine.queries.evidence import release_verdicts
from lachan.systems.quarantine.queries.lists import (
    OrderLine,
    OrderNotVisible,
    lines,
    order_for,
    orders,
    orders_of,
    reach,
    with_state,
)
from lachan.systems.quarantine.queries.monitoring import Monitored, monitored, to_measure
from lachan.systems.quarantine.queries.sites import (
    Board,
    RoomBoard,
    best_bed,
    board,
    free_beds,
    site_for,
    sites,
)
from lachan.systems.quarantine.queries.standing import Standing, baseless, standing

__all__ = [
    "Board",
    "Monitored",
    "OrderLine",
    "OrderNotVisible",
    "RoomBoard",
    "Standing",
    "baseless",
    "best_bed",
    "board",
    "desk",
    "free_beds",
    "lines",
    "monitored",
    "order_for",
    "orders",
    "orders_of",
    "reach",
    "release_verdicts",
    "site_for",
    "sites",
    "standing",
    "to_measure",
    "with_state",
]
