"""What vaccination does later: lists are read, people are reminded and counted."""

from lachan.core import clock
from lachan.platform import jobs
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.queries.policy import NoVaccinationYet


@jobs.task(queue="imports")
def read_registration_list(number: int) -> None:
    commands.read_list(number, at=clock.now())


@jobs.task()
def tell_of_recall(number: int) -> None:
    commands.finish_round(number, at=clock.now())


@jobs.every("40 2 * * *")
def count_residents() -> None:
    """At night: who lives where, by age, against which coverage is shown."""
    commands.count_residents(at=clock.now())


@jobs.every("0 17 * * *")
def remind_of_tomorrow() -> None:
    """In the afternoon: who is expected tomorrow, and whose next dose may be given."""
    at = clock.now()
    commands.remind_invited(at=at)
    try:
        commands.remind_due(at=at)
    except NoVaccinationYet:
        return
