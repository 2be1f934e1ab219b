"""What counting takes from the policy and the clock of the installation."""

from datetime import date
from functools import cache

from lachan.centre.situation.rules.counting import Terms
from lachan.core import clock
from lachan.platform import policies
from lachan.policy import NoPolicyInForce


def terms() -> Terms:
    """Made for each batch: a policy that changes holds from the next one on."""
    return Terms(local_date=clock.local_date, call_hours=cache(_call_hours))


def _call_hours(day: date) -> int | None:
    try:
        return policies.at(day).tracing.first_call_hours
    except NoPolicyInForce:
        return None
