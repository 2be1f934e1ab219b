"""Which postings one person may not give alone. Pure: no database, no clock."""

from typing import Final

# Area levels: 0 the country, 1 a province. Whoever may make others administrators there decides over everybody.
WIDE: Final = 1
ADMINISTRATOR: Final = "administrator"


def needs_second(role: str, level: int | None) -> bool:
    """Whether a second administrator has to agree: administrators of the country or of a province. `level` is that
    of the area, None for a posting at a place."""
    return role == ADMINISTRATOR and level is not None and level <= WIDE


def covers(administrator_path: str, other_path: str) -> bool:
    """Whether an area (chain of ids from the country down) lies within that of the administrator."""
    return bool(administrator_path) and other_path.startswith(administrator_path)
