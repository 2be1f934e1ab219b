"""Kinds, states and steps of alarms as people read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.screen import Badge, Tone
from lachan.policy.alarms import AlarmPolicy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

KIND: Final[Words] = {
    "serious-reaction": _("Serious reaction after a vaccination"),
    "stock-out": _("Vaccine store runs out"),
    "full-site": _("Quarantine site is full"),
    "silent-area": _("Area sends no numbers any more"),
    "overdue-tests": _("Tests are overdue"),
    "overdue-orders": _("Quarantine orders past their end"),
    "overdue-reports": _("Reports of citizens are overdue"),
    "report-cluster": _("Many citizens report the same kind of thing"),
    "held-counts": _("Daily numbers wait for a person"),
    "parked-events": _("Events were set aside"),
    "counter-difference": _("Counters differed from the events"),
}
# With the limits of the policy, by the names of its fields.
_WHY: Final[Words] = {
    "serious-reaction": _("A serious reaction was reported; the clocks of the investigation run."),
    "stock-out": _(
        "What may be used lasts fewer than %(supply_days)s days at the pace of %(pace_days)s days. Counted: vaccines."
    ),
    "full-site": _("Every bed that is in use is taken. Counted: beds."),
    "silent-area": _(
        "It sent numbers on at least %(habit_days)s of %(habit_of)s days, and none for %(silent_days)s days or more."
        " Counted: missing days."
    ),
    "overdue-tests": _(
        "At least %(least)s ordered tests are past their day by %(age_hours)s hours and not taken. Counted: tests."
    ),
    "overdue-orders": _(
        "At least %(least)s orders came to their end %(age_hours)s hours ago or more, and nobody has ended them."
        " Counted: orders."
    ),
    "overdue-reports": _(
        "The time limit of the category has been over for %(age_hours)s hours or more. Counted: reports."
    ),
    "report-cluster": _(
        "So many reports of one kind came from this area within hours as the rules on reports call a sign. Counted:"
        " reports."
    ),
    "held-counts": _(
        "Numbers that cannot be right have been held back for %(age_hours)s hours or more. Counted: rows."
    ),
    "parked-events": _("A handler could not take them: what should have followed has not. Counted: events."),
    "counter-difference": _(
        "The recount of the night found other figures, and set them right. Counted: figures."
    ),
}
STATE: Final[Mapping[str, tuple["StrOrPromise", Tone]]] = {
    "raised": (_("to be verified"), "warn"),
    "verified": (_("verified"), "accent"),
    "assigned": (_("not acknowledged yet"), "warn"),
    "acknowledged": (_("in hand"), "accent"),
    "done": (_("done, to be closed"), "ok"),
    "closed": (_("closed"), ""),
}
STEP: Final[Words] = {
    "verified": _("Verified: it is so"),
    "assigned": _("Given as a task"),
    "escalated": _("Not acknowledged in time: handed to the unit above"),
    "acknowledged": _("Acknowledged"),
    "done": _("Reported as done"),
    "closed": _("Closed"),
    "gone": _("The cause is gone: ended by itself"),
}


def why(kind: str, policy: AlarmPolicy) -> str:
    """When a cause of this kind is an alarm, by the limits of the policy."""
    limit = policy.limit(kind)
    names = ("supply_days", "pace_days", "silent_days", "habit_days", "habit_of")
    numbers = {name: getattr(policy, name) for name in names}
    return str(_WHY[kind]) % (numbers | {"least": limit.least, "age_hours": limit.age_hours})


def state_badge(state: str) -> Badge:
    word, tone = STATE[state]
    return Badge(word, tone)


def by_when(due: datetime, at: datetime) -> Badge:
    """The time until which something is to be done; marked when it has passed."""
    local = due.astimezone(clock.zone())
    return Badge(f"{local:%H:%M %d/%m}", "stop" if due <= at else "")
