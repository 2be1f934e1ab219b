"""The graph of exposures: finding edges, and keeping every contact at the level that `rules.levels` gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from lachan.core import clock
from lachan.core.bulk import copy_rows, refresh_statistics, reserve_ids
from lachan.core.copresence import Crowd, Interval, gather, run
from lachan.core.eventlog import emit
from lachan.core.events import BedAssigned, ContactChanged, ContactCleared, ContactFound, Event
from lachan.core.models import Actor, EventRow
from lachan.platform import policies
from lachan.policy import TracingPolicy
from lachan.systems.tracing.commands import graph_sql as sql
from lachan.systems.tracing.models import Case, Contact, Exposure
from lachan.systems.tracing.rules.levels import Place, expired

BATCH = 10_000
MANY_EDGES = 1_000
FOUND = (
    "id", "person_id", "level", "source_id", "first_exposed_at", "exposed_at", "found_at", "found_event", "end_reason",
)  # fmt: skip
Reason = Literal["case-withdrawn", "source-cleared", "became-case", "follow-up-ended", "no-exposure"]
Causes = Mapping[int, UUID]
"""Root person -> the event because of which they are looked at."""


def hold() -> None:
    """Wait until nobody else writes the graph; until the transaction ends.

    Levels are read, computed and written, and depend on edges of others: with two writers at once each would miss
    what the other adds. Asked for before any row is written, so that nobody waits for whom they keep waiting.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lachan.tracing.graph'))")


def policy_at(at: datetime) -> TracingPolicy:
    return policies.at(clock.local_date(at)).tracing


@dataclass(frozen=True, slots=True)
class Stored:
    """A live contact's row."""

    contact_id: int
    place: Place
    found_event: UUID


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is stored of a person is not what holds now; None: no contact. `origin`: the seed that led here."""

    person: int
    origin: int
    was: Stored | None
    now: Place | None
    is_case: bool

    @property
    def opens(self) -> bool:
        """Whether onward exposures are to be looked for: for the first time, or further back."""
        if self.now is None or self.was is None:
            return self.now is not None
        was = self.was.place
        return self.now.level < was.level or self.now.first_exposed_at < was.first_exposed_at


@dataclass(slots=True)
class Settlement:
    """One recomputation as it is written down: events by person, so that an F2's cause is its F1's event."""

    causes: Mapping[int, UUID]
    policy: TracingPolicy
    at: datetime
    told: dict[int, UUID] = field(default_factory=dict)
    reasons: dict[int, Reason] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def cause(self, d: Difference) -> UUID | None:
        """The nearest event that led here: of the source, of the change that reached this person, of the finding."""
        places = (d.now, d.was.place if d.was else None)
        for person in (*(p.source for p in places if p), d.person, d.origin):
            found = self.told.get(person) or self.causes.get(person)
            if found is not None:
                return found
        return d.was.found_event if d.was else None

    def tell(self, d: Difference, event: Event) -> None:
        self.told[d.person] = event.id
        self.events.append(event)


def settle(causes: Causes, *, actor: Actor, at: datetime) -> None:
    """Bring all contacts up to date after what happened to these persons (by the events given): recompute levels,
    look for the onward exposures of new F1, and again, down to the policy's last level."""
    policy = policy_at(at)
    told: dict[int, UUID] = dict(causes)
    for depth in range(policy.max_level):
        settled, differences = _recompute(told, policy, steps=policy.max_level - depth, actor=actor, at=at)
        told = {
            d.person: event
            for d in differences
            if d.opens and d.now and d.now.level < policy.max_level
            if (event := settled.told.get(d.person) or settled.cause(d))
        }
        if not told:
            return
        first = {d.person: d.now.first_exposed_at for d in differences if d.now and d.person in told}
        _find_onward(first, told, policy, at)


def look_onward(contacts: Iterable[Contact], causes: Causes, *, at: datetime) -> None:
    """Write down whom these contacts met since they could infect, up to now."""
    policy = policy_at(at)
    first = {c.person_id: c.first_exposed_at for c in contacts if c.level < policy.max_level}
    if first:
        _find_onward(first, {person: causes[person] for person in first}, policy, at)


def _find_onward(
    first_exposed: Mapping[int, datetime], causes: Causes, policy: TracingPolicy, at: datetime
) -> None:
    """Whom these contacts met since they could infect, until they were isolated."""
    wait = timedelta(days=policy.secondary_from_days)
    beds = _beds_since(first_exposed)
    intervals = [
        Interval(person, first + wait, min(at, beds.get(person, at)))
        for person, first in first_exposed.items()
    ]
    find_edges(intervals, causes, policy=policy, at=at, place_kinds=policy.secondary_settings)


def _beds_since(first: Mapping[int, datetime]) -> dict[int, datetime]:
    """When each of these persons was first given a bed in a quarantine site after their exposure."""
    rows = EventRow.objects.filter(kind=BedAssigned.__name__, person__in=list(first)).order_by("-happened_at")
    return {
        person: happened_at
        for person, happened_at in rows.values_list("person", "happened_at")
        if happened_at >= first[person]
    }


def find_edges(
    intervals: Sequence[Interval],
    causes: Causes,
    *,
    policy: TracingPolicy,
    at: datetime,
    place_kinds: Sequence[str] = (),
) -> list[Crowd]:
    """Write down whom these persons met in these intervals; what is known already stays as it is. Returns the
    stays in crowds, of which no edges are made."""
    crowds = gather(
        intervals,
        crowd_limit=policy.crowd_limit,
        shortest=timedelta(minutes=min(policy.close_minutes_masked, policy.close_minutes_unmasked)),
        place_kinds=place_kinds or None,
        rows_apart=policy.seat_rows,
    )
    _keep_edges(causes, at)
    return crowds


def _keep_edges(causes: Causes, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.EXPOSURES, {"roots": list(causes), "events": list(causes.values()), "at": at})
        refresh_statistics(Exposure, changed=cursor.rowcount, least=MANY_EDGES)


def _recompute(
    causes: Causes, policy: TracingPolicy, *, steps: int, actor: Actor, at: datetime
) -> tuple[Settlement, list[Difference]]:
    differences = _differences(list(causes), policy, steps=steps, at=at)
    settled = Settlement(causes, policy, at)
    for chunk in _chunks(differences):
        _write(chunk, settled)
    for events in _chunks(settled.events):
        emit(events, actor=actor)
    return settled, differences


def _chunks(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[i : i + BATCH] for i in range(0, len(rows), BATCH))


def _differences(
    seeds: Sequence[int], policy: TracingPolicy, *, steps: int, at: datetime
) -> list[Difference]:
    """Persons within `steps` of the seeds whose stored place differs from what holds now; nearest levels first."""
    given = _given(policy, at) | {"seeds": list(seeds)}
    run(sql.TABLES)
    run(sql.SEEDS, given)
    for step in range(1, steps + 1):
        run(sql.DOWNSTREAM, given | {"step": step})
    run(sql.INCOMING, given)
    for level in range(1, policy.max_level + 1):
        run(sql.LEVEL, given | {"level": level})
    with connection.cursor() as cursor:
        cursor.execute(sql.DIFFERENCES)
        return [_difference(*row) for row in cursor.fetchall()]


def _difference(person: int, origin: int, contact_id: int, found_event: UUID, *row: Any) -> Difference:
    is_case, *places = row
    was = Stored(contact_id, Place(*places[:4]), found_event) if contact_id else None
    return Difference(person, origin, was, Place(*places[4:]) if places[4] else None, is_case)


def _given(policy: TracingPolicy, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "follow_up_days": policy.follow_up_days,
        "minutes_masked": policy.close_minutes_masked,
        "minutes_unmasked": policy.close_minutes_unmasked,
        "wait_days": policy.secondary_from_days,
        "settings": list(policy.secondary_settings) or None,
    }


def _write(differences: Sequence[Difference], settled: Settlement) -> None:
    """Rows and events of one chunk."""
    _find([(d, d.now) for d in differences if d.was is None and d.now], settled)
    moved = [(d, d.was, d.now) for d in differences if d.was and d.now]
    for d, was, now in moved:
        if (now.level, now.exposed_at) != (was.place.level, was.place.exposed_at):
            settled.tell(d, _changed(d, was, now, settled))
    run(sql.UPDATE, {"ids": [was.contact_id for _, was, _ in moved]})
    _clear([(d, d.was) for d in differences if d.was and d.now is None], settled)


def _find(fresh: Sequence[tuple[Difference, Place]], settled: Settlement) -> None:
    rows: list[tuple[Any, ...]] = []
    for (d, now), key in zip(fresh, reserve_ids(Contact, len(fresh)), strict=True):
        event = ContactFound(
            person_id=d.person, contact_id=key, level=now.level, exposed_at=now.exposed_at, source_id=now.source,
            happened_at=settled.at, caused_by=settled.cause(d), ref=f"tracing.contact:{key}",
        )  # fmt: skip
        settled.tell(d, event)
        exposed = (now.level, now.source, now.first_exposed_at, now.exposed_at)
        rows.append((key, d.person, *exposed, settled.at, event.id, ""))
    copy_rows(Contact, FOUND, rows)


def _changed(d: Difference, was: Stored, now: Place, settled: Settlement) -> ContactChanged:
    return ContactChanged(
        person_id=d.person, contact_id=was.contact_id, level=now.level, previous_level=was.place.level,
        exposed_at=now.exposed_at, source_id=now.source, happened_at=settled.at, caused_by=settled.cause(d),
        ref=f"tracing.contact:{was.contact_id}",
    )  # fmt: skip


def _clear(gone: Sequence[tuple[Difference, Stored]], settled: Settlement) -> None:
    live_cases = _confirmed(was.place.source for _, was in gone)
    for d, was in gone:
        reason = settled.reasons[d.person] = _reason(d, was.place, settled, live_cases)
        event = ContactCleared(
            person_id=d.person, contact_id=was.contact_id, level=was.place.level, reason=reason,
            happened_at=settled.at, caused_by=settled.cause(d), ref=f"tracing.contact:{was.contact_id}",
        )  # fmt: skip
        settled.tell(d, event)
    reasons = [settled.reasons[d.person] for d, _ in gone]
    run(sql.END, {"at": settled.at, "ids": [was.contact_id for _, was in gone], "reasons": reasons})


def _confirmed(roots: Iterable[int]) -> set[int]:
    live = Case.objects.filter(root__in=list(roots), closed_at__isnull=True, classification="confirmed")
    return set(live.values_list("root", flat=True))


def _reason(d: Difference, was: Place, settled: Settlement, live_cases: set[int]) -> Reason:
    if d.is_case:
        return "became-case"
    if expired(was.exposed_at, settled.policy, settled.at):
        return "follow-up-ended"
    if was.level == 1:
        return "no-exposure" if was.source in live_cases else "case-withdrawn"
    behind = settled.reasons.get(was.source)
    return behind if behind in ("case-withdrawn", "no-exposure") else "source-cleared"
