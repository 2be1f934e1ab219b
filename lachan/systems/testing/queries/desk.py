"""The work of testing on the home desk of a posting."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.platform import policies
from lachan.systems.testing.models import Result, Tube
from lachan.systems.testing.queries import scope


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """What waits for this posting in testing."""
    items: list[DeskItem] = []
    if access.may(posting, Permission.ORDER_TEST):
        items += _orders(posting, at)
    if access.may(posting, Permission.COLLECT_SAMPLE):
        items.append(_to_send(posting))
    if access.may(posting, Permission.RECEIVE_SAMPLE):
        items.append(_to_receive(posting))
    if access.may(posting, Permission.ENTER_RESULT):
        items.append(_to_test(posting, at))
    if access.may(posting, Permission.VERIFY_RESULT):
        items.append(_to_verify(posting))
    return items


def _orders(posting: Posting, at: datetime) -> Iterator[DeskItem]:
    day, url = clock.local_date(at), reverse("testing:orders")
    orders = scope.open_orders(posting)
    overdue = orders.filter(due_on__lt=day)
    late = overdue.order_by("due_on").values_list("due_on", flat=True).first()
    yield DeskItem(
        _("Tests overdue"), overdue.count(), f"{url}?due=overdue", 75, clock.day_start(late) if late else None
    )
    yield DeskItem(_("Tests due today"), orders.filter(due_on=day).count(), f"{url}?due=today", 45)


def _oldest(tubes: QuerySet[Tube]) -> datetime | None:
    return tubes.values_list("collected_at", flat=True).first()


def _to_send(posting: Posting) -> DeskItem:
    tubes = scope.tubes_to_send(posting)
    return DeskItem(_("Tubes to send"), tubes.count(), reverse("testing:send"), 50, _oldest(tubes))


def _to_receive(posting: Posting) -> DeskItem:
    boxes = scope.batches_to_receive(posting)
    oldest = boxes.values_list("sent_at", flat=True).first()
    return DeskItem(_("Boxes to receive"), boxes.count(), reverse("testing:batches"), 55, oldest)


def _to_test(posting: Posting, at: datetime) -> DeskItem:
    tubes = scope.tubes_to_test(posting)
    oldest = _oldest(tubes)
    limit = timedelta(hours=policies.at(clock.local_date(at)).testing.turnaround_hours)
    late = oldest is not None and at - oldest > limit
    count = tubes.count() + scope.pools_to_test(posting).count()
    return DeskItem(_("Tubes without a result"), count, reverse("testing:bench"), 72 if late else 42, oldest)


def _to_verify(posting: Posting) -> DeskItem:
    waiting: QuerySet[Result] = scope.results_to_verify(posting).exclude(entered_by=posting.actor_id)
    oldest = waiting.values_list("entered_at", flat=True).first()
    return DeskItem(_("Results to verify"), waiting.count(), reverse("testing:verify"), 80, oldest)
