"""The chain of causes as a tree: from the scan or the swab to every order that followed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lachan.core import access, eventlog
from lachan.core.codes import BadCode, parse_code
from lachan.core.errors import Refusal
from lachan.core.events import Event
from lachan.core.models import EventRow, Person, Posting

REFS = {
    "case": "tracing.case",
    "order": "quarantine.order",
    "test": "testing.testorder",
    "contact": "tracing.contact",
}
LIKE_EFFECTS = 12
MOST_EVENTS = 20_000

Effects = dict[UUID | None, list[Event]]


class CannotTrace(Refusal):
    status = 404


@dataclass(frozen=True, slots=True)
class Node:
    """An event in the tree; `more` counts like effects of the same cause that are not spelled out."""

    event: Event
    depth: int
    person_code: str
    wanted: bool
    more: int = 0


def tree(wanted: str) -> list[Node]:
    """What led to the thing asked for, and all that followed from it; causes first.

    `wanted` is a person's code, `case:12`, `order:34`, `test:56` or `contact:78`. Raises CannotTrace.
    """
    found = _wanted(wanted)
    events = {e.id: e for e in (*eventlog.with_causes(found), *_that_followed(found))}
    effects: Effects = defaultdict(list)
    for event in sorted(events.values(), key=lambda e: (e.happened_at, e.id)):
        effects[event.caused_by if event.caused_by in events else None].append(event)
    codes = _codes(events.values())
    asked = {e.id for e in found}
    return [
        Node(event, depth, codes.get(event.person_id or 0, ""), event.id in asked, more)
        for root in effects[None]
        for event, depth, more in _walk(root, effects, 0, asked)
    ]


def persons_of(nodes: Iterable[Node]) -> set[int]:
    return {n.event.person_id for n in nodes if n.event.person_id is not None}


def check_visible(nodes: Sequence[Node], posting: Posting) -> None:
    """A posting may follow a chain if it may see somebody of whom it was asked. Raises CannotTrace as if there
    were nothing."""
    asked = persons_of(n for n in nodes if n.wanted)
    if not access.visible(posting).filter(pk__in=asked).exists():
        raise CannotTrace("nothing-to-trace", _("Nothing is recorded under this code."))


def _wanted(wanted: str) -> list[Event]:
    word, _colon, number = wanted.strip().partition(":")
    if word in REFS and number.isdecimal() and len(number) < 19:
        rows = EventRow.objects.filter(ref=f"{REFS[word]}:{int(number)}")
    else:
        rows = EventRow.objects.filter(person__in=_group(wanted))
    found = [eventlog.from_row(r) for r in rows.order_by("happened_at", "id")]
    if not found:
        raise CannotTrace("nothing-to-trace", _("Nothing is recorded under this code."))
    return found


def _group(code: str) -> list[int]:
    """The person with this code and all records that stand for the same person."""
    try:
        person = Person.objects.filter(code=parse_code(code)).first()
    except BadCode as error:
        raise CannotTrace(
            "trace-code-unknown", _("Give the code of a person, or case:12, order:34, test:56, contact:78.")
        ) from error
    if person is None:
        raise CannotTrace("nothing-to-trace", _("Nothing is recorded under this code."))
    root = person.root_id
    return [root, *Person.objects.filter(merged_into=root).values_list("pk", flat=True)]


def _that_followed(events: Sequence[Event]) -> list[Event]:
    sql = """
        WITH RECURSIVE effects AS (
            SELECT e.* FROM core_event e WHERE e.caused_by_id = ANY(%s)
            UNION
            SELECT e.* FROM core_event e JOIN effects f ON e.caused_by_id = f.id
        ) SELECT * FROM effects LIMIT %s
    """
    return [eventlog.from_row(r) for r in EventRow.objects.raw(sql, [[e.id for e in events], MOST_EVENTS])]


def _codes(events: Iterable[Event]) -> dict[int, str]:
    ids = {e.person_id for e in events if e.person_id is not None}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "code"))


def _walk(
    event: Event, effects: Effects, depth: int, asked: set[UUID], more: int = 0
) -> Iterator[tuple[Event, int, int]]:
    yield event, depth, more
    for effect, left in _few(effects.get(event.id, []), asked):
        yield from _walk(effect, effects, depth + 1, asked, left)


def _few(like: list[Event], asked: set[UUID]) -> Iterator[tuple[Event, int]]:
    """The first of each kind, and what was asked for; the last one spelled out counts those that are not."""
    total, shown = Counter(e.kind for e in like), Counter[str]()
    for event in like:
        shown[event.kind] += 1
        if shown[event.kind] <= LIKE_EFFECTS:
            yield event, max(0, total[event.kind] - LIKE_EFFECTS) if shown[event.kind] == LIKE_EFFECTS else 0
        elif event.id in asked:
            yield event, 0
