"""Whatever happens in whatever order, stored levels are those of the plain search in `rules.levels`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lachan.core import actors, clock, persons
from lachan.core.events import CaseConfirmed, PersonReleased, PersonsMerged, PersonsSplit, ResultReported
from lachan.core.models import Person, PersonMerge
from lachan.platform import policies
from lachan.systems.tracing import handlers, rules
from lachan.systems.tracing.commands import interviews, upkeep
from lachan.systems.tracing.models import Case, Contact, Exposure, NegativeTest
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

PEOPLE = 6
who = st.integers(0, PEOPLE - 1)
day = st.integers(-9, 0)
meeting = st.tuples(who, who, day, st.sampled_from((10, 40)), st.sampled_from((True, False, None)))
STEPS = st.one_of(
    st.tuples(st.just("positive"), who, day),
    st.tuples(st.just("negative"), who, day),
    st.tuples(st.just("amend"), who, st.sampled_from(("positive", "negative", "invalid"))),
    st.tuples(st.just("release"), who, day),
    st.tuples(st.just("merge"), who, who),
    st.tuples(st.just("split"), who, who),
    st.tuples(st.just("withdraw"), who, who),
    st.tuples(st.just("meet"), who, who),
    st.tuples(st.just("pass"), st.integers(1, 6), who),
)


def expected(at: datetime) -> dict[int, rules.Place]:
    """The plain search over all that is stored as evidence."""
    live = Case.objects.filter(closed_at__isnull=True, joined_to__isnull=True, classification="confirmed")
    cases, ended = dict[int, rules.Window](), list[rules.Ended]()
    for c in live:
        assert c.infectious_from
        window = c.infectious_from, c.infectious_until
        if c.ended_at:
            ended.append(rules.Ended(c.root_id, window, c.ended_at))
        else:
            cases[c.root_id] = window
    negatives = defaultdict[int, list[datetime]](list)
    for test in NegativeTest.objects.filter(voided_by__isnull=True).select_related("person"):
        negatives[test.person.root_id].append(test.collected_at)
    policy = policies.at(clock.local_date(at)).tracing
    return rules.levels(cases, [_edge(e) for e in _exposures()], negatives, policy, at, ended)


def _exposures() -> Any:
    return Exposure.objects.select_related("source", "person")


def _edge(e: Exposure) -> rules.Edge:
    kind: Any = e.kind
    return rules.Edge(
        source=e.source.root_id, person=e.person.root_id, starts_at=e.starts_at, ends_at=e.ends_at, minutes=e.minutes,
        kind=kind, setting=e.setting, masked=e.masked, closed_space=e.closed_space,
        withdrawn=e.withdrawn_at is not None,
    )  # fmt: skip


def stored() -> dict[int, rules.Place]:
    return {
        c.person_id: rules.Place(c.level, c.first_exposed_at, c.exposed_at, c.source_id)
        for c in Contact.objects.filter(ended_at__isnull=True)
    }


class Outbreak:
    """Six people, what happens to them, and the handlers that the loop would call."""

    def __init__(self) -> None:
        self.people = world.people(PEOPLE)
        self.venue = world.venue()
        self.results: dict[int, list[Any]] = defaultdict(list)
        self.told = set[Any]()
        self.at = AT
        self.actor = actors.system(at=AT)

    def meet(self, meetings: Sequence[tuple[int, int, int, int, bool | None]]) -> None:
        for a, b, on, minutes, masked in meetings:
            if a != b:
                pair = [self.people[a], self.people[b]]
                since = AT + on * DAY + a * HOUR
                world.visit(self.venue, pair, since=since, hours=minutes / 60, masked=masked)

    def step(self, name: str, first: int, second: Any) -> None:
        getattr(self, f"_{name}")(first, second)
        cases = [e for e in world.log(CaseConfirmed) if e.id not in self.told]
        self.told |= {e.id for e in cases}
        if cases:
            handlers.find_contacts(cases, self.at)

    def _result(self, who: int, on: int, outcome: str) -> ResultReported:
        found = world.result(self.people[who], outcome, collected=self.at + on * DAY)
        self.results[who].append(found)
        return found

    def _positive(self, who: int, on: int) -> None:
        handlers.confirm_cases([self._result(who, on, "positive")], self.at)

    def _negative(self, who: int, on: int) -> None:
        handlers.note_negatives([self._result(who, on, "negative")], self.at)

    def _amend(self, who: int, outcome: str) -> None:
        if not self.results[who]:
            return
        changed = world.amended(self.results[who][-1], outcome)
        self.results[who][-1] = changed
        handlers.confirm_cases([changed], self.at)
        handlers.withdraw_cases([changed], self.at)
        handlers.note_negatives([changed], self.at)

    def _release(self, who: int, on: int) -> None:
        told = PersonReleased(
            person_id=self.people[who].pk,
            order_id=1,
            early=False,
            subject="F0",
            happened_at=self.at + on * DAY,
        )
        handlers.end_cases(world.told(told), self.at)

    def _merge(self, kept: int, merged: int) -> None:
        pair = Person.objects.filter(pk__in=[self.people[kept].pk, self.people[merged].pk])
        if kept == merged or pair.filter(merged_into__isnull=False).exists():
            return
        before = {e.id for e in world.log(PersonsMerged)}
        persons.merge(
            kept=self.people[kept], merged=self.people[merged], reason="same", actor=self.actor, at=self.at
        )
        handlers.reunite([e for e in world.log(PersonsMerged) if e.id not in before], self.at)

    def _split(self, one: int, _other: int) -> None:
        done = PersonMerge.objects.filter(undone_at__isnull=True)
        done = done.filter(Q(kept=self.people[one]) | Q(merged=self.people[one]))
        if not done:
            return
        before = {e.id for e in world.log(PersonsSplit)}
        persons.undo_merge(done[0], actor=self.actor, at=self.at)
        handlers.separate([e for e in world.log(PersonsSplit) if e.id not in before], self.at)

    def _withdraw(self, source: int, person: int) -> None:
        stands = Exposure.objects.filter(withdrawn_at__isnull=True, source=self.people[source]).order_by("pk")
        if exposure := stands.filter(person=self.people[person]).first():
            interviews.withdraw_exposure(exposure=exposure, reason="mistaken", actor=self.actor, at=self.at)

    def _meet(self, source: int, person: int) -> None:
        case = Case.objects.filter(root=self.people[source], closed_at__isnull=True).first()
        roots = {p.pk: p.root_id for p in Person.objects.all()}
        if case is None or roots[self.people[source].pk] == roots[self.people[person].pk]:
            return
        named = interviews.NamedContact(
            person=self.people[person], setting="friend", starts_at=AT - DAY + person * HOUR, ends_at=AT
        )
        interviews.add_exposures(case=case, contacts=[named], actor=self.actor, at=self.at)

    def _pass(self, days: int, _who: int) -> None:
        self.at += timedelta(days=days)
        upkeep.refresh_contacts(actor=self.actor, at=self.at)


class Levels(TestCase):
    @given(meetings=st.lists(meeting, min_size=4, max_size=20), steps=st.lists(STEPS, min_size=2, max_size=7))
    @settings(
        max_examples=60,
        report_multiple_bugs=False,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def test_stored_levels_are_those_of_the_plain_search(self, meetings: list[Any], steps: list[Any]) -> None:
        outbreak = Outbreak()
        outbreak.meet(meetings)
        for step in [("positive", 0, -8), *steps]:
            outbreak.step(*step)
            assert stored() == expected(outbreak.at), step
