"""What happens to alarms: causes found by the clock, and what people did about them."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Event):
    """A cause was found for which no alarm is open. `count`: how many things it is about."""

    alarm_id: int
    alarm_kind: str
    area_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class AlarmVerified(Event):
    """A person looked: it is so."""

    alarm_id: int


@dataclass(frozen=True, kw_only=True)
class AlarmAssigned(Event):
    """It became the task of the offices of an area."""

    alarm_id: int
    area_id: int


@dataclass(frozen=True, kw_only=True)
class AlarmAcknowledged(Event):
    """The area has taken the task on."""

    alarm_id: int
    area_id: int


@dataclass(frozen=True, kw_only=True)
class AlarmEscalated(Event):
    """Nobody acknowledged the task in time: it went one unit up."""

    alarm_id: int
    area_id: int


@dataclass(frozen=True, kw_only=True)
class AlarmClosed(Event):
    """`by_itself`: nobody had taken it up, and its cause is gone."""

    alarm_id: int
    by_itself: bool
