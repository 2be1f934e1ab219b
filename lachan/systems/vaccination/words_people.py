"""States of people and sessions as people read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.screen import Badge, Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Toned = Mapping[str, tuple["StrOrPromise", Tone]]

STATE: Final[Toned] = {
    "registered": (_("Waits for the province"), ""),
    "rejected": (_("Rejected"), "stop"),
    "withdrawn": (_("Withdrawn"), ""),
    "joined": (_("Joined with another registration"), ""),
    "allocated": (_("Approved, waits for an invitation"), "accent"),
    "invited": (_("Invited"), "accent"),
    "accepted": (_("Invited, comes"), "ok"),
    "no_show": (_("Did not come"), "warn"),
    "checked_in": (_("At the site"), "accent"),
    "deferred": (_("Postponed after screening"), "warn"),
    "contraindicated": (_("Contraindicated"), "stop"),
    "referred": (_("Referred to a hospital"), "warn"),
    "observing": (_("Vaccinated, being watched"), "accent"),
    "completed": (_("Vaccinated"), "ok"),
    "left": (_("Left without a dose"), "warn"),
}
RUNNING: Final[Toned] = {
    "planned": (_("Planned"), ""),
    "running": (_("Running"), "accent"),
    "over": (_("Over"), "ok"),
    "cancelled": (_("Cancelled"), "stop"),
}
GUEST: Final[Toned] = {
    "asked": (_("No answer yet"), ""),
    "accepted": (_("Comes"), "accent"),
    "declined": (_("Cannot come"), "warn"),
    "cancelled": (_("Invitation cancelled"), ""),
    "came": (_("Came"), "accent"),
    "vaccinated": (_("Vaccinated"), "ok"),
    "missing": (_("Did not come"), "stop"),
}
SOURCE: Final[Mapping[str, "StrOrPromise"]] = {
    "citizen": _("by themselves"),
    "commune": _("at the commune"),
    "organisation": _("by an organisation"),
}


def state_badge(state: str) -> Badge:
    return Badge(*STATE[state])


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """`08:00–11:00 11/11/2026`."""
    zone = clock.zone()
    return f"{starts_at.astimezone(zone):%H:%M}–{ends_at.astimezone(zone):%H:%M %d/%m/%Y}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
