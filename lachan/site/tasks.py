"""What happens by the clock."""

import logging

from lachan.core import clock, presences, retention
from lachan.platform import jobs

log = logging.getLogger(__name__)


@jobs.every("10 18 * * *")
def purge_what_is_too_old() -> None:
    """At night (18:10 UTC is 01:10 in Viet Nam): retention, which says so when something is left."""
    for purged in retention.purge(at=clock.now()):
        if purged.left:
            log.error("retention left %s of %s behind", purged.left, purged.rule.name)


@jobs.every("0 */6 * * *")
def make_days_ahead() -> None:
    """Partitions of the next days exist before the first scan of the day needs them."""
    presences.ensure_days_ahead(at=clock.now())
