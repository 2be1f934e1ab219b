"""Long lists of keys in a query travel as one array, not as a parameter each.

`pk__in=[…2,000 keys…]` otherwise becomes 2,000 placeholders, which Django writes, the driver splits and fills, and
PostgreSQL parses one by one. What is asked, and the plan, are the same.
"""

from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, IntegerField, UUIDField
from django.db.models.expressions import ColPairs
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

FEW = 20
TYPES = {int: "bigint[]", UUID: "uuid[]"}
LARGEST = 2**63
KEYS = (IntegerField, UUIDField, ForeignObject)


class _AsArray:
    """For `In` and its kin: keys of one kind that PostgreSQL has an array for, where there are many."""

    lhs: Any
    rhs: Any

    def get_prep_lookup(self) -> Any:
        """Keys for a column of keys are what they are; Django would prepare one after the other, twice."""
        lookup: Any = super()
        keys = isinstance(self.lhs.output_field, KEYS) and _array_of(self.rhs)
        return keys or lookup.get_prep_lookup()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        lookup: Any = self
        array = None if isinstance(self.lhs, ColPairs) else _array_of(self.rhs)
        if array is None:
            return lookup.as_sql(compiler, connection)
        sql, params = lookup.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s::{TYPES[type(array[0])]})", (*params, array)


def _array_of(given: Any) -> list[Any] | None:
    if not isinstance(given, list | tuple | set | frozenset) or len(given) <= FEW:
        return None
    keys = [key for key in given if key is not None]  # NULL is equal to nothing
    kinds = {type(key) for key in keys}
    if len(kinds) != 1 or not kinds <= TYPES.keys():
        return None
    if kinds == {int} and not -LARGEST <= min(keys) <= max(keys) < LARGEST:
        return None
    return keys


class InArray(_AsArray, In):
    pass


class RelatedInArray(_AsArray, RelatedIn):
    pass


def register() -> None:
    """Let every `…__in` of the ORM ask this way; called once as the site starts."""
    Field.register_lookup(InArray)
    ForeignObject.register_lookup(RelatedInArray)
