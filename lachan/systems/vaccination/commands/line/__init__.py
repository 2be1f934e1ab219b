"""The line of a site: received, examined, injected, watched, gone."""

from lachan.systems.vaccination.commands.line.arriving import leave, people_who_came, receive, who_came
from lachan.systems.vaccination.commands.line.closing import close_session
from lachan.systems.vaccination.commands.line.elsewhere import give_elsewhere
from lachan.systems.vaccination.commands.line.examining import Examined, screen
from lachan.systems.vaccination.commands.line.injecting import inject
from lachan.systems.vaccination.commands.line.recording import LineRecord, record_doses
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.commands.line.watching import end_observation, strike, withdraw_dose

__all__ = [
    "CannotServe",
    "Examined",
    "LineRecord",
    "close_session",
    "end_observation",
    "give_elsewhere",
    "inject",
    "leave",
    "people_who_came",
    "receive",
    "record_doses",
    "screen",
    "strike",
    "who_came",
    "withdraw_dose",
]
