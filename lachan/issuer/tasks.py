"""What the issuer's desk does later."""

from lachan.core import clock
from lachan.platform import jobs


@jobs.task()
def carry_on_batch(number: int) -> None:
    from lachan.issuer.commands import ordering
    from lachan.issuer.models import BatchOrder

    order = BatchOrder.objects.select_related("key", "place", "ordered_by").get(pk=number)
    if order.finished_at is None:
        ordering.carry_on(order, at=clock.now())
