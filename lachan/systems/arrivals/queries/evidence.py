"""What is known of a traveller that counts for the duty: certificates that were scanned, our own records, claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from lachan.core import clock, eventlog
from lachan.core.events import DoseGiven, DoseWithdrawn, Event, PersonReleased, ResultAmended, ResultReported
from lachan.core.models import Person
from lachan.platform import policies
from lachan.policy.arrivals import ArrivalPolicy
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Proof
from lachan.systems.arrivals.rules.duty import (
    Doses,
    Duty,
    Negative,
    Recovered,
    Source,
    Traveller,
    duty_of,
    oldest_age,
    shown_only,
)

KINDS = [DoseGiven, DoseWithdrawn, PersonReleased, ResultReported, ResultAmended]
NO_RULE = "no-rule"


def rules_on(at: datetime) -> ArrivalPolicy | None:
    """The rules of entry in force; None where the profile has none for this day."""
    return policies.at(clock.local_date(at)).arrivals


def traveller(made: ArrivalDeclaration, *, arrives_at: datetime, seen: Collection[str] = ()) -> Traveller:
    """`seen`: which of the claims (vaccination, test, recovery) an officer saw on paper. Two queries."""
    person = made.person
    events: list[Event] = eventlog.of_person(person.root_id, KINDS)
    shown = [c for c in made.certificates.all() if c.valid]
    return Traveller(
        arrives_on=made.arrives_on,
        arrives_at=arrives_at,
        origins=frozenset(made.countries),
        age=_age(person, made),
        doses=(*_doses_shown(shown), *_doses_recorded(events), *_doses_claimed(made, _source("vaccination", seen))),
        recovered=(*_recovered(shown, events), *_recovery_claimed(made, _source("recovery", seen))),
        negatives=(*_tests_shown(shown), *_tests_recorded(events), *_test_claimed(made, _source("test", seen))),
    )  # fmt: skip


def duty(made: ArrivalDeclaration, *, at: datetime, arrives_at: datetime, seen: Collection[str] = ()) -> Duty:
    """By the rules in force at `at`; nothing is asked for where there are none."""
    rules = rules_on(at)
    if rules is None:
        return nothing_asked()
    return duty_of(traveller(made, arrives_at=arrives_at, seen=seen), rules)


def shown_duty(made: ArrivalDeclaration, *, at: datetime, seen: Collection[str] = ()) -> Duty:
    """The duty of who stands at the counter: without what nobody has seen."""
    rules = rules_on(at)
    if rules is None:
        return nothing_asked()
    return duty_of(shown_only(traveller(made, arrives_at=at, seen=seen)), rules)


def nothing_asked() -> Duty:
    return Duty(
        kind="none", within_hours=None, days=0, test_dates=(), negatives_needed=0, home_allowed=False, after_days=0,
        immune=False, reasons=(NO_RULE,), rule_id=NO_RULE, decision="", verified=False,
    )  # fmt: skip


def _source(proof: str, seen: Collection[str]) -> Source:
    return "seen" if proof in seen else "claimed"


def _age(person: Person, made: ArrivalDeclaration) -> int | None:
    root = person.merged_into or person
    return oldest_age(root.birth_year, root.birth_month, root.birth_day, made.arrives_on)


def _doses_shown(shown: Iterable[CertificateSeen]) -> Iterator[Doses]:
    for one in shown:
        if one.proof == Proof.VACCINATION and one.happened_on and one.doses:
            yield Doses(one.doses, one.happened_on, one.complete, "verified")


def _doses_recorded(events: Iterable[Event]) -> Iterator[Doses]:
    told = list(events)
    withdrawn = {e.given_id for e in told if isinstance(e, DoseWithdrawn)}
    for e in told:
        if isinstance(e, DoseGiven) and e.id not in withdrawn:
            whole = e.dose_number >= e.primary_doses
            yield Doses(e.dose_number, clock.local_date(e.happened_at), whole, "verified")


def _doses_claimed(made: ArrivalDeclaration, source: Source) -> Iterator[Doses]:
    if made.doses and made.last_dose_on:
        yield Doses(made.doses, made.last_dose_on, False, source)


def _recovered(shown: Iterable[CertificateSeen], events: Iterable[Event]) -> Iterator[Recovered]:
    for one in shown:
        if one.proof == Proof.RECOVERY and one.happened_on:
            yield Recovered(one.happened_on, "verified")
    for e in events:
        if isinstance(e, PersonReleased) and e.subject == "F0":
            yield Recovered(clock.local_date(e.happened_at), "verified")


def _recovery_claimed(made: ArrivalDeclaration, source: Source) -> Iterator[Recovered]:
    if made.recovered_on:
        yield Recovered(made.recovered_on, source)


def _tests_shown(shown: Iterable[CertificateSeen]) -> Iterator[Negative]:
    for one in shown:
        if one.proof == Proof.TEST and one.tested_at:
            yield Negative(one.test_kind, one.tested_at, "verified")


def _tests_recorded(events: Iterable[Event]) -> Iterator[Negative]:
    """Our own results, as they stand after any correction."""
    results: dict[int, ResultReported] = {}
    outcomes: dict[int, str] = {}
    for e in events:
        if isinstance(e, ResultReported):
            results[e.result_id], outcomes[e.result_id] = e, e.outcome
        elif isinstance(e, ResultAmended):
            outcomes[e.result_id] = e.outcome
    for number, e in results.items():
        if outcomes[number] == "negative":
            yield Negative(e.assay, e.collected_at, "verified")


def _test_claimed(made: ArrivalDeclaration, source: Source) -> Iterator[Negative]:
    if made.test_kind and made.tested_at:
        yield Negative(made.test_kind, made.tested_at, source)
