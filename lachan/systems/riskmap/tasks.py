"""What happens to levels by the clock."""

from lachan.core import actors, areas, clock
from lachan.core.models import Person
from lachan.platform import jobs
from lachan.systems.riskmap import commands
from lachan.systems.riskmap.queries import NoLevelsThen, last_week


@jobs.every("30 2 * * *")
def judge_last_week() -> None:
    """At night: the figures of the week that is over are counted, and levels proposed; what was signed stays."""
    at = clock.now()
    if not Person.objects.exists():
        return
    given = {"root": areas.country(), "week_on": last_week(at), "actor": actors.system(at=at), "at": at}
    try:
        commands.gather_inputs(**given)  # type: ignore[arg-type]
        commands.propose_levels(**given)  # type: ignore[arg-type]
    except NoLevelsThen:
        return
