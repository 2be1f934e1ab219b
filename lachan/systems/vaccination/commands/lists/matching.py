"""Which row is about whom: a number that the person has claimed before, under the same name and year of birth."""

from collections import defaultdict
from collections.abc import Sequence

from lachan.core.models import Identifier, Person
from lachan.core.names import search_key
from lachan.core.sealed import blind_index
from lachan.systems.vaccination.commands.lists.rows import Asked


def matched(asked: Sequence[Asked]) -> dict[int, int]:
    """Row number -> person, where there is one; two queries. A number alone names nobody: it may be a mistake, or
    that of a family."""
    indexes = {
        each.record.number: [
            blind_index(kind, value) for kind, value in (each.identity.identifiers or {}).items()
        ]
        for each in asked
    }
    holders = _holders({index for found in indexes.values() for index in found})
    matches = {}
    for each in asked:
        candidates = (person for index in indexes[each.record.number] for person in holders[index])
        if person := next((p for p in candidates if _same(p, each)), None):
            matches[each.record.number] = person.pk
    return matches


def _holders(indexes: set[bytes]) -> dict[bytes, list[Person]]:
    found: dict[bytes, list[Person]] = defaultdict(list)
    rows = Identifier.objects.filter(blind_index__in=list(indexes)).select_related("person__merged_into")
    for row in rows.order_by("pk"):
        found[bytes(row.blind_index)].append(row.person.merged_into or row.person)
    return found


def _same(person: Person, asked: Asked) -> bool:
    birth = asked.identity.birth
    same_year = person.birth_year is None or birth is None or person.birth_year == birth.year
    return same_year and person.search_key == search_key(asked.identity.name)
