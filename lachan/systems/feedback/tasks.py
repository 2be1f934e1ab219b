"""What happens to reports by the clock."""

from lachan.core import actors, clock
from lachan.platform import jobs
from lachan.systems.feedback import commands
from lachan.systems.feedback.queries import NoReportsYet


@jobs.every("* * * * *")
def escalate_overdue_reports() -> None:
    """Each minute: what was not done in time goes to the unit above."""
    at = clock.now()
    commands.escalate_overdue(actor=actors.system(at=at), at=at)


@jobs.every("40 1 * * *")
def close_answers_without_reply() -> None:
    """At night: what could not be reopened any more is closed."""
    at = clock.now()
    try:
        commands.close_silent(actor=actors.system(at=at), at=at)
    except NoReportsYet:
        return
