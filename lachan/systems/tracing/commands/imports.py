"""Line lists from elsewhere: cases and who infected or met whom. Importing again changes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from lachan.core import bulk, clock, persons, references
from lachan.core.eventlog import emit
from lachan.core.events import ExposuresRecorded, FindingRecorded
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person
from lachan.core.persons import Identity
from lachan.systems.tracing.commands import assessing, evidence, graph
from lachan.systems.tracing.models import Case, CaseFinding, Exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a list. `reference` is its name there (with the list's own prefix), once a person."""

    reference: str
    identity: Identity
    reported_on: date
    onset_on: date | None = None
    isolated_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureRow:
    """One pair of a list: who met whom, from `starts_on` up to and including `ends_on`, as far as it is known."""

    source: str
    person: str
    starts_on: date | None = None
    ends_on: date | None = None
    setting: str = ""


@dataclass(slots=True)
class Imported:
    """References taken now, those known before, and those of which no person is known."""

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@transaction.atomic
def import_cases(*, rows: Sequence[CaseRow], actor: Actor, at: datetime) -> Imported:
    """A confirmed case for each row whose reference is new, with a person of that name. Raises BadName."""
    graph.hold()
    people = references.known(r.reference for r in rows)
    listed = _listed(people.values())
    done, fresh = Imported(), dict[str, CaseRow]()
    for row in rows:
        person = people.get(row.reference)
        again = row.reference in fresh or (person is not None and person.pk in listed)
        (done.known if again else done.taken).append(row.reference)
        if not again:
            fresh[row.reference] = row
    unknown = {ref: row.identity for ref, row in fresh.items() if ref not in people}
    people |= references.register(unknown, actor=actor, at=at)
    _confirm([(row, people[ref]) for ref, row in fresh.items()], actor, at)
    return done


def _listed(people: Iterable[Person]) -> set[int]:
    """Those of whom a list said before that they are a case."""
    found = CaseFinding.objects.filter(kind="import", case__person__in=list(people))
    return set(found.values_list("case__person", flat=True))


def _confirm(rows: Sequence[tuple[CaseRow, Person]], actor: Actor, at: datetime) -> None:
    """Cases as of the days in the list: an outbreak of ten years ago must not isolate anybody today."""
    roots = persons.roots_locked(person.pk for _, person in rows)
    days = [(roots[person.pk], clock.day_start(row.reported_on)) for row, person in rows]
    cases = assessing.cases_for(days, at=at)
    causes, dated = dict[Case, UUID](), dict[int, datetime]()
    told, findings = list[FindingRecorded](), list[CaseFinding]()
    for (row, _person), case, (_root, day) in zip(rows, cases, days, strict=True):
        event = _told(case, day)
        told.append(event)
        causes[case], dated[case.pk] = event.id, day
        findings += _findings(case, row, event.id, actor, at)
    emit(told, actor=actor)
    bulk.insert(findings)
    evidence.reassess(causes, actor=actor, at=at, dated=dated)


def _told(case: Case, at: datetime) -> FindingRecorded:
    return FindingRecorded(
        person_id=case.root_id,
        case_id=case.pk,
        finding="import",
        happened_at=at,
        ref=f"tracing.case:{case.pk}",
    )


def _findings(case: Case, row: CaseRow, event_id: UUID, actor: Actor, at: datetime) -> list[CaseFinding]:
    def finding(kind: str, day: date, **more: object) -> CaseFinding:
        return CaseFinding(
            case=case,
            kind=kind,
            at=clock.day_start(day),
            recorded_at=at,
            actor=actor,
            event_id=event_id,
            **more,
        )

    found = [finding("import", row.reported_on, note=row.outcome[:500])]
    if row.onset_on:
        found.append(finding("symptoms", row.onset_on, onset_on=row.onset_on))
    if row.isolated_on:
        found.append(finding("isolated", row.isolated_on))
    return found


@transaction.atomic
def import_exposures(*, rows: Sequence[ExposureRow], actor: Actor, at: datetime) -> Imported:
    """An exposure for each pair of persons known by reference. Without days it is put on the day on which the source
    began to infect. References are given in the result as "source person"."""
    graph.hold()
    held = references.known(ref for r in rows for ref in (r.source, r.person))
    roots = persons.roots_locked(p.pk for p in held.values())
    told = {held[r.source].pk: uuid7() for r in rows if r.source in held}
    cases = {case.root_id: case for case in assessing.standing_cases(roots.values())}
    done, wanted = Imported(), dict[tuple[int, int, datetime], tuple[str, Exposure]]()
    for row in rows:
        name, source, person = f"{row.source} {row.person}", held.get(row.source), held.get(row.person)
        if source is None or person is None or roots[source.pk] == roots[person.pk]:
            done.unknown.append(name)
            continue
        starts_at, ends_at = _period(row, cases.get(roots[source.pk]), at)
        key = (source.pk, person.pk, starts_at)
        if key in wanted:
            done.known.append(name)
            continue
        wanted[key] = name, _exposure(row, key, ends_at, roots, told[source.pk], at)
    for key in _known(wanted):
        done.known.append(wanted.pop(key)[0])
    done.taken += [name for name, _ in wanted.values()]
    _write([exposure for _, exposure in wanted.values()], actor, at)
    return done


def _period(row: ExposureRow, case: Case | None, at: datetime) -> tuple[datetime, datetime]:
    starts_on = row.starts_on or row.ends_on
    if starts_on is None:
        begun = case.infectious_from if case and case.infectious_from else at
        starts_on = clock.local_date(begun)
    ends_on = max(starts_on, row.ends_on or starts_on)
    return clock.day_start(starts_on), clock.day_start(ends_on + timedelta(days=1))


def _exposure(
    row: ExposureRow,
    key: tuple[int, int, datetime],
    ends_at: datetime,
    roots: dict[int, int],
    event_id: UUID,
    at: datetime,
) -> Exposure:
    source, person, starts_at = key
    return Exposure(
        source_id=source, person_id=person, source_root_id=roots[source], person_root_id=roots[person],
        starts_at=starts_at, ends_at=ends_at, minutes=(ends_at - starts_at) // timedelta(minutes=1), kind="import",
        setting=row.setting, event_id=event_id, found_at=at,
    )  # fmt: skip


def _known(wanted: Collection[tuple[int, int, datetime]]) -> list[tuple[int, int, datetime]]:
    sources = {source for source, _, _ in wanted}
    rows = Exposure.objects.filter(source__in=sources, kind="import", place__isnull=True)
    return [key for key in rows.values_list("source", "person", "starts_at") if key in wanted]


def _write(exposures: Sequence[Exposure], actor: Actor, at: datetime) -> None:
    """The new edges, an event for each source, and the levels that follow."""
    by_source = Counter((e.source_root_id, e.event_id) for e in exposures)
    told = [
        ExposuresRecorded(id=event_id, person_id=root, people=n, by="import", happened_at=at)
        for (root, event_id), n in by_source.items()
    ]
    emit(told, actor=actor)
    Exposure.objects.bulk_create(exposures, batch_size=5_000)
    if told:
        graph.settle(dict(by_source.keys()), actor=actor, at=at)
