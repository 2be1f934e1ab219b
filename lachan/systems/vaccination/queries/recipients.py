"""What the rules of courses need to know of people: when they were born, and their doses that stand."""

from collections import defaultdict
from collections.abc import Iterable

from lachan.core import persons, prepared
from lachan.core.models import Person
from lachan.systems.vaccination.rules.courses import Dose as Given
from lachan.systems.vaccination.rules.courses import DoseKind, Recipient


def recipients(person_ids: Iterable[int]) -> dict[int, Recipient]:
    """By person (a root): two queries, whatever their number. Who has no date of birth is not in it."""
    return recipients_of(Person.objects.filter(pk__in=list(person_ids)))


def recipients_of(people: Iterable[Person]) -> dict[int, Recipient]:
    """As `recipients`, of people who are known already: one query."""
    roots = list(people)
    doses = _doses([person.pk for person in roots])
    found = {}
    for person in roots:
        if birth := persons.birth_of(person):
            found[person.pk] = Recipient(born_by=birth.latest, doses=tuple(doses.get(person.pk, ())))
    return found


def recipient(person_id: int) -> Recipient | None:
    """`recipients` for one."""
    return recipients([person_id]).get(person_id)


def _doses(ids: list[int]) -> dict[int, list[Given]]:
    """Also those of records that were joined to these."""
    found: dict[int, list[Given]] = defaultdict(list)
    for root, product, day, kind in prepared.rows(STANDING, {"roots": ids}):
        found[root].append(Given(product=product, on=day, kind=_kind(kind)))
    return found


STANDING = """
    WITH who AS (
        SELECT id, id AS root FROM unnest(%(roots)s::bigint[]) AS given(id)
        UNION ALL
        SELECT id, merged_into_id FROM core_person WHERE merged_into_id = ANY(%(roots)s::bigint[])
    )
    SELECT who.root, d.product, d.given_on, d.kind FROM who JOIN vaccination_dose d ON d.person_id = who.id
    WHERE d.withdrawn_at IS NULL ORDER BY d.id
"""


def _kind(text: str) -> DoseKind:
    kinds: dict[str, DoseKind] = {"primary": "primary", "additional": "additional", "booster": "booster"}
    return kinds[text]
