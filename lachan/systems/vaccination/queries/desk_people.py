"""What waits for a posting between registration and session."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.vaccination.queries.registrations import in_state, registrations
from lachan.systems.vaccination.queries.sessions import sessions


def items(posting: Posting, at: datetime) -> Iterator[DeskItem]:
    """As far as the posting may act on them."""
    here = registrations(posting)
    if access.may(posting, Permission.DECIDE_REGISTRATIONS):
        waiting = in_state(here, "undecided", at=at)
        oldest = waiting.order_by("registered_at").values_list("registered_at", flat=True).first()
        where = reverse("vaccination:registrations") + "?state=undecided"
        yield DeskItem(
            _("registrations for vaccination wait for a decision"), waiting.count(), where, 42, oldest
        )
    if access.may(posting, Permission.PLAN_SESSIONS):
        found = in_state(here, "waiting", at=at)
        where = reverse("vaccination:registrations") + "?state=waiting"
        yield DeskItem(_("people wait for an invitation to be vaccinated"), found.count(), where, 38)
    if access.may(posting, Permission.VIEW_REGISTRATIONS):
        start, end = clock.day_bounds(clock.local_date(at))
        today = sessions(posting).filter(starts_at__gte=start, starts_at__lt=end, cancelled_at__isnull=True)
        yield DeskItem(_("vaccination sessions today"), today.count(), reverse("vaccination:sessions"), 36)
