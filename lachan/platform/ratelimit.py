"""So many times in so long, counted in PostgreSQL: one guarded statement takes and counts, whatever comes at once.

The time runs from the first use; afterwards it is counted anew. Keys are kept as a blind index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.sealed import blind_index
from lachan.platform.models import Counter

# A household has a /64 of IPv6, and may use another address of it for each request.
IPV6_BITS = 64
TAKE = """
    INSERT INTO platform_counter AS c (name, key, count, starts_at, ends_at)
    VALUES (%(name)s, %(key)s, 1, %(at)s, %(ends_at)s)
    ON CONFLICT (name, key) DO UPDATE SET
        count = CASE WHEN c.ends_at <= %(at)s THEN 1 ELSE c.count + 1 END,
        starts_at = CASE WHEN c.ends_at <= %(at)s THEN excluded.starts_at ELSE c.starts_at END,
        ends_at = CASE WHEN c.ends_at <= %(at)s THEN excluded.ends_at ELSE c.ends_at END
    WHERE c.ends_at <= %(at)s OR c.count < %(most)s
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` (1 or more) within a period that begins at the first."""

    name: str
    most: int
    within: timedelta


class TooMany(Refusal):
    """The limit is reached; `until` is when it is counted anew."""

    status = 429

    def __init__(self, limit: Limit, until: datetime, at: datetime) -> None:
        local = timezone.localtime(until)
        today = clock.local_date(at) == clock.local_date(until)
        facts = {"time": f"{local:%H:%M}" if today else f"{local:%H:%M %d/%m/%Y}"}
        super().__init__(limit.name, _("Too many attempts. Please try again after %(time)s.") % facts)
        self.until = until


def take(limit: Limit, key: str, *, at: datetime) -> None:
    """Count one use under `key`. Raises TooMany, and then counts nothing.

    To be called outside the transaction of what it guards: rolled back, the use would not have been counted.
    """
    index = blind_index(limit.name, key)
    given: dict[str, Any] = {
        "name": limit.name, "key": index, "most": limit.most, "at": at, "ends_at": at + limit.within,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        taken = bool(cursor.rowcount)
    if not taken:
        until = Counter.objects.values_list("ends_at", flat=True).get(name=limit.name, key=index)
        raise TooMany(limit, until, at)


def forgive(limit: Limit, key: str) -> None:
    """Start anew: what was counted were mistakes of somebody who has shown to be entitled."""
    Counter.objects.filter(name=limit.name, key=blind_index(limit.name, key)).delete()


def address_of(request: HttpRequest) -> str:
    """The address that asks: what the proxy in front noted last, if there is one; of IPv6 the household."""
    noted = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    text = noted.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, IPV6_BITS), strict=False))
    return str(address)
