"""Everything that writes daily counts, gathered from its parts."""

from lachan.centre.daily_counts.commands.deciding import CannotDecide, reject_count, release_count
from lachan.centre.daily_counts.commands.importing import Outcome, import_counts, take_counts
from lachan.centre.daily_counts.commands.weeks import give_weeks

__all__ = [
    "CannotDecide",
    "Outcome",
    "give_weeks",
    "import_counts",
    "reject_count",
    "release_count",
    "take_counts",
]
