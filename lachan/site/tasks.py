"""What happens by the clock."""

import logging

from lachan.core import actors, clock, presences, retention
from lachan.platform import jobs
from lachan.systems.tracing.commands.upkeep import refresh_contacts

log = logging.getLogger(__name__)


@jobs.every("10 1 * * *")
def purge_what_is_too_old() -> None:
    """At night: retention, which says so when something is left."""
    for purged in retention.purge(at=clock.now()):
        if purged.left:
            log.error("retention left %s of %s behind", purged.left, purged.rule.name)


@jobs.every("0 */6 * * *")
def make_days_ahead() -> None:
    """Partitions of the next days exist before the first scan of the day needs them."""
    presences.ensure_days_ahead(at=clock.now())


@jobs.every("20 1 * * *")
def judge_contacts_anew() -> None:
    """At night: follow-up that is over ends, whom contacts met since is found, a decision of today takes force."""
    at = clock.now()
    refresh_contacts(actor=actors.system(at=at), at=at)
