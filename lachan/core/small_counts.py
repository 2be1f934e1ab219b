"""Which counts may be published, so that none points at somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def published(counts: Mapping[Key, int], *, least: int) -> dict[Key, int | None]:
    """Each count, or None where it is 1 to `least` - 1. Where only one would be hidden, the next smallest is hidden as
    well: else the total, published elsewhere, would give it away."""
    small = {key for key, count in counts.items() if 0 < count < least}
    if len(small) == 1:
        rest = [(count, str(key), key) for key, count in counts.items() if key not in small and count]
        small |= {min(rest, key=lambda found: found[:2])[2]} if rest else set()
    return {key: None if key in small else count for key, count in counts.items()}
