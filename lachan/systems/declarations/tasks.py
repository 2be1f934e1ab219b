"""What happens to diaries by the clock."""

from lachan.core import actors, clock
from lachan.platform import jobs
from lachan.systems.declarations import commands


@jobs.every("0 19 * * *")
def remind_of_diaries() -> None:
    """In the evening: who is under an order and has told nothing today gets a text."""
    at = clock.now()
    commands.remind_silent(actor=actors.system(at=at), at=at)
