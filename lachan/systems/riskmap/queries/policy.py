"""The decision by which a week is judged."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.platform import policies
from lachan.policy import NoPolicyInForce, RiskPolicy
from lachan.systems.riskmap.rules.weekly import last_day


class NoLevelsThen(Refusal):
    """No decision in force on that day knows levels."""

    def __init__(self) -> None:
        super().__init__("levels-none", _("No decision in force in this week knows epidemic levels."))


def rules_of(week_on: date) -> RiskPolicy:
    """The rules on the last day of the week. Raises NoLevelsThen."""
    try:
        found = policies.at(last_day(week_on)).riskmap
    except NoPolicyInForce as error:
        raise NoLevelsThen from error
    if found is None:
        raise NoLevelsThen
    return found
