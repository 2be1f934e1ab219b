"""What several pages of supply share."""

from datetime import datetime

from lachan.core import clock
from lachan.core.models import Place
from lachan.platform import policies
from lachan.platform.pages import Answers
from lachan.policy import NoPolicyInForce, Product
from lachan.systems.vaccination import queries
from lachan.systems.vaccination.forms import Choices, lot_choices

_answers = Answers("vaccination")
go, done, refused = _answers.go, _answers.done, _answers.refused
MOST_LOTS = 200  # in one list to choose from


def products(at: datetime) -> tuple[Product, ...]:
    """What the rules of the day know; nothing before the first of them."""
    try:
        rules = policies.at(clock.local_date(at)).vaccination
    except NoPolicyInForce:
        return ()
    return rules.products if rules else ()


def product_names(at: datetime) -> dict[str, str]:
    """By code, how the vaccine is called."""
    return {product.code: product.name for product in products(at)}


def lots_on_shelf(store: Place, at: datetime) -> Choices:
    """Lots with closed vials: what may be used first, and of that what expires first."""
    names = product_names(at)
    found = [line for line in queries.lines(store, at=at) if line.stock.sealed][:MOST_LOTS]
    found.sort(key=lambda line: line.refusal is not None)
    return lot_choices(
        (
            line.stock.lot,
            names.get(line.stock.lot.product, line.stock.lot.product),
            line.stock.sealed,
            line.refusal,
        )
        for line in found
    )
