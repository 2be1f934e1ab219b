"""The writes of the response centre."""

from lachan.portals.response_centre.commands.calls import (
    CannotCall,
    call_back,
    end_call,
    open_record,
    take_call,
)
from lachan.portals.response_centre.commands.outcomes import Ending, finish_call
from lachan.portals.response_centre.commands.shifts import CannotHandOver, take_over, write_note
from lachan.portals.response_centre.commands.wishes import (
    CannotWish,
    call_recipients,
    call_urgently,
    end_wish,
    wish_call_back,
)

__all__ = [
    "CannotCall",
    "CannotHandOver",
    "CannotWish",
    "Ending",
    "call_back",
    "call_recipients",
    "call_urgently",
    "end_call",
    "end_wish",
    "finish_call",
    "open_record",
    "take_call",
    "take_over",
    "wish_call_back",
    "write_note",
]
