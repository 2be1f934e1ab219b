from lachan.systems.declarations.models.declarations import (
    CallMade,
    Channel,
    Declaration,
    Provenance,
    Reached,
)
from lachan.systems.declarations.models.diaries import Diary, Reminder

__all__ = ["CallMade", "Channel", "Declaration", "Diary", "Provenance", "Reached", "Reminder"]
