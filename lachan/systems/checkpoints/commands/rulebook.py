"""The policies that a batch of scans needs: each by the day on which its scan happened."""

from datetime import date, datetime, timedelta

from lachan.core import clock
from lachan.core.models import Place
from lachan.platform import policies
from lachan.policy import NoPolicyInForce, Policy
from lachan.systems.checkpoints.models import Checkpoint
from lachan.systems.checkpoints.rules import Limits


class Rulebook:
    """Policies and the place's own usual stay, read once."""

    def __init__(self, place: Place, *, at: datetime) -> None:
        self.place, self.at = place, at
        self._policies: dict[date, Policy] = {}
        self._stay: int | None = None
        self._asked = False

    def on(self, moment: datetime) -> Policy:
        """The policy of that day; before the first one, what holds now (a scan is never refused)."""
        day = clock.local_date(moment)
        if day not in self._policies:
            try:
                self._policies[day] = policies.at(day)
            except NoPolicyInForce:
                self._policies[day] = policies.at(clock.local_date(self.at))
        return self._policies[day]

    def limits(self, moment: datetime) -> Limits:
        policy = self.on(moment)
        stay = self.usual_stay() or policy.tracing.default_stay_minutes
        return Limits(timedelta(minutes=stay), timedelta(minutes=policy.checkpoints.duplicate_minutes))

    def usual_stay(self) -> int | None:
        if not self._asked:
            self._stay = (
                Checkpoint.objects.filter(place=self.place)
                .values_list("default_stay_minutes", flat=True)
                .first()
            )
            self._asked = True
        return self._stay
