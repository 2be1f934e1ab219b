"""Day after day: people live and fall ill, are swabbed; the laboratory reads; the loop reacts; orders hold apart."""

from dataclasses import dataclass
from datetime import datetime

from lachan.core import clock, subscribers
from lachan.core.bulk import refresh_statistics
from lachan.simulation.loading import Loaded, load_day
from lachan.simulation.outbreak import Isolation, Truth
from lachan.simulation.outbreak.contacts import MINUTES
from lachan.simulation.play import confinement, gates, laboratory, sampling, tracers
from lachan.simulation.play.laboratory import Night
from lachan.simulation.play.stage import Stage
from lachan.simulation.progress import Steps, silent
from lachan.systems.tracing.models import Case, Contact, Exposure

ALERT_DAY = 6  # nobody is tested before: the outbreak spreads unseen
DAYS_WITHOUT_BEDS = 2  # orders of the last days wait for a bed, half of them without a site
DAYS_MEASURED = 3
OPENS = 7.0
SCANS_AT_POSTS = 40
LAST_RELEASED = 0.5
LAST_NIGHT = Night(boxes=0.6, pools=0.7, verified=0.7)
STORED_TESTED, GATES_SEND, VERIFIED, NIGHT = 6.0, 21.5, 22.0, 22.5
A_MOMENT = 0.1  # hours


@dataclass(frozen=True, slots=True)
class Played:
    """The outbreak as it really was, and when the play ended."""

    loaded: Loaded
    truth: Truth
    ended_at: datetime
    presences: int
    handled: int

    def index_of(self, person_id: int) -> int:
        """The index in the population of a person or of their second record; -1 for anybody else."""
        return self.loaded.index_of(person_id)


def play(loaded: Loaded, *, days: int, ends_at: datetime, steps: Steps = silent, imports: int = 6) -> Played:
    """Play `days` whole days and the morning until `ends_at`; the desks of the last day are left with work."""
    isolation = Isolation(len(loaded.country.population))
    outbreak = loaded.country.outbreak(isolation, imports)
    stage = Stage.of(loaded, outbreak, isolation, ends_at)
    presences = handled = 0
    for day in range(days):
        with steps(f"Day {day + 1} of {days}", len(outbreak.truth)):
            outbreak.step(day)
            stage.lately.append((day, outbreak.today))
            presences += load_day(loaded, day, outbreak.today)
            if day >= ALERT_DAY:
                handled += _working_day(stage, day, left=days - 1 - day)
                _count_the_graph()
    presences += _this_morning(stage, days)
    return Played(loaded, outbreak.truth, ends_at, presences, handled)


def _count_the_graph() -> None:
    """What autovacuum does in the night of a real day: days here are shorter than its patience."""
    for model in (Case, Contact, Exposure):
        refresh_statistics(model, changed=model._default_manager.count())


def _working_day(stage: Stage, day: int, *, left: int) -> int:
    """One day at all desks; every step at its hour, the loop after each."""
    last, handled = left == 0, 0
    share = 0.5 if left < DAYS_WITHOUT_BEDS else 1.0
    with stage.hour(day, STORED_TESTED) as at:
        laboratory.read_stored(stage, at)
    handled += _verified(stage, day, STORED_TESTED, 1.0)
    with stage.hour(day, OPENS) as at:
        sampling.order_for_the_ill(stage, day)
        confinement.release(stage, at, LAST_RELEASED if last else 1.0)
        if last:
            laboratory.amend(stage, at)
        handled += subscribers.drain(at=at)
    with stage.hour(day, 10) as at:
        confinement.house(stage, at, share)
        if left < DAYS_MEASURED:
            confinement.measure(stage, at)
        tracers.interview_new_cases(stage, at)
        tracers.call_contacts(stage, at)
        handled += subscribers.drain(at=at)
    with stage.hour(day, 16.25) as at:
        laboratory.send(stage, sampling.collect_due(stage, day), at)
        handled += subscribers.drain(at=at)
    laboratory.work(stage, day, LAST_NIGHT if last else Night())
    with stage.hour(day, GATES_SEND) as at:
        gates.send_readings(stage, day, at)
        handled += subscribers.drain(at=at)
    if left == 1:
        with stage.hour(day, VERIFIED) as at:
            laboratory.mix_up(stage, at)
    handled += _verified(stage, day, VERIFIED, LAST_NIGHT.verified if last else 1.0)
    with stage.hour(day, NIGHT) as at:
        confinement.house(stage, at, share)
        handled += subscribers.drain(at=at)
        confinement.keep_apart(stage, at)
    return handled


def _verified(stage: Stage, day: int, hour: float, share: float) -> int:
    """One kind of result after the other, the loop after each; the number of events handled."""
    handled = 0
    for number, results in enumerate(laboratory.to_verify(share)):
        with stage.hour(day, hour + number * A_MOMENT) as at:
            laboratory.verify(stage, results, at)
            handled += subscribers.drain(at=at)
    return handled


def _this_morning(stage: Stage, day: int) -> int:
    """Until the present: people come to the stations, and the visits that are over are known."""
    if stage.ends_at <= stage.loaded.moment(day):
        return 0
    stage.outbreak.step(day)
    over = stage.outbreak.today.end <= (stage.days_at(stage.ends_at) - day) * MINUTES
    known = load_day(stage.loaded, day, stage.outbreak.today.only(over))
    if stage.ends_at > stage.loaded.moment(day + OPENS / 24):
        with stage.hour(day, OPENS) as at:
            sampling.order_for_the_ill(stage, day)
            tracers.hand_over(stage, at)
            subscribers.drain(at=at)
    _at_the_posts(stage)
    return known


def _at_the_posts(stage: Stage) -> None:
    with clock.frozen(stage.ends_at):
        gates.guard_posts(stage, stage.ends_at, SCANS_AT_POSTS)
        subscribers.drain(at=stage.ends_at)
