"""Lists that renew themselves: the page asks every two seconds (the tag `live`) with the mark of what it shows,
and gets nothing, and notes no read in anybody's log, unless something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from lachan.platform.screen import Row


def mark(rows: Sequence[Row]) -> str:
    """The same for rows that look the same."""
    shown = "\x1e".join("\x1f".join([row.key, str(row.late), *map(str, row.cells)]) for row in rows)
    return hashlib.blake2b(shown.encode(), digest_size=8).hexdigest()


def unchanged(request: HttpRequest, rows: Sequence[Row]) -> HttpResponse | None:
    """204 when the page that asks shows these rows already; None when it is to be rendered."""
    seen = request.headers.get("X-Seen")
    return HttpResponse(status=204) if seen and seen == mark(rows) else None
