"""What happens on the telephones of a response centre. What was said, and the number, stands in no event."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class CallBackWished(Event):
    """Somebody is to be called about `subject`; their place in the queue is kept from now on."""

    wish_id: int
    subject: str
    urgent: bool


@dataclass(frozen=True, kw_only=True)
class CallEnded(Event):
    """`wrote`: the reference of what the call led to, if it led to something."""

    call_id: int
    subject: str
    outcome: str
    wrote: str = ""


@dataclass(frozen=True, kw_only=True)
class CallBackGivenUp(Event):
    """It was tried as often as the rules ask, and nobody answered."""

    wish_id: int


@dataclass(frozen=True, kw_only=True)
class ShiftHandedOver(Event):
    note_id: int
