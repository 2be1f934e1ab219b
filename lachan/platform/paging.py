"""Pages of long lists by key: no OFFSET, no COUNT, and a page stays right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter
from typing import Any, Generic, TypeVar

from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from lachan.core.sealed import seal, unseal

LONGEST_CURSOR = 2_000
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Page(Generic[Shown]):
    rows: Sequence[Shown]
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def first(self) -> bool:
        """Nothing stands before it: what waits for a desk is counted there, and not again on each page below."""
        return self.previous_cursor is None


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    descending: bool
    field: Field[Any, Any]


@dataclass(frozen=True, slots=True)
class _Mark:
    """The row at which a page begins: those after it, or before it."""

    backwards: bool
    values: tuple[Any, ...]


def page(
    queryset: QuerySet[Any, Shown], *, key: tuple[str, ...], cursor: str | None, size: int = 50
) -> Page[Shown]:
    """Return the page of `queryset` that `cursor` names, ordered by `key`.

    `key`: names of fields, relations (`case__code`, join them with select_related) or annotations that are
    never null, `-` in front for descending; the last one is unique. A cursor is sealed, because its values can
    be names of people and it stands in the address; one that is not ours, or belongs to another list, gives
    the first page.
    """
    columns = tuple(_column(queryset, name) for name in key)
    kind = f"cursor {queryset.model._meta.label} {','.join(key)}"
    mark = _read(cursor, kind, columns)
    backwards = mark is not None and mark.backwards
    order = ["-" * (column.descending != backwards) + column.name for column in columns]
    ordered = queryset.order_by(*order)
    if mark is not None:
        ordered = ordered.filter(_beyond(columns, mark))
    found = list(ordered[: size + 1])
    more = len(found) > size
    if mark is not None and (not found or (backwards and len(found) < size)):
        return page(queryset, key=key, cursor=None, size=size)
    rows = found[:size][:: -1 if backwards else 1]
    has_next, has_previous = (True, more) if backwards else (more, mark is not None)
    return Page(
        rows,
        _cursor(kind, columns, rows[-1], backwards=False) if has_next else None,
        _cursor(kind, columns, rows[0], backwards=True) if has_previous else None,
    )


def _column(queryset: QuerySet[Any, Any], name: str) -> _Column:
    bare = name.removeprefix("-")
    annotation = queryset.query.annotations.get(bare)
    field = annotation.output_field if annotation is not None else _field(queryset.model, bare)
    return _Column(bare, name.startswith("-"), field)


def _field(model: type[Model], path: str) -> Field[Any, Any]:
    at: Any = model
    field: Field[Any, Any]
    for part in path.split("__"):
        field = at._meta.get_field(at._meta.pk.name if part == "pk" else part)
        if not isinstance(field, Field):
            raise FieldDoesNotExist(f"{path} is not one value a row")
        if field.null:
            raise ValueError(f"{path} may be null, so it cannot order pages")
        at = field.related_model
    return field


def _beyond(columns: tuple[_Column, ...], mark: _Mark) -> Q | GreaterThan | LessThan:
    directions = {column.descending for column in columns}
    if len(directions) > 1:
        return _beyond_mixed(columns, mark)
    # A row-value comparison is one range of an index, however many rows share the first value.
    here = Func(*(F(column.name) for column in columns), function="ROW", output_field=BooleanField())
    there = Func(
        *(
            Value(value, output_field=column.field)
            for column, value in zip(columns, mark.values, strict=True)
        ),
        function="ROW",
        output_field=BooleanField(),
    )
    return (LessThan if directions.pop() != mark.backwards else GreaterThan)(here, there)


def _beyond_mixed(columns: tuple[_Column, ...], mark: _Mark) -> Q:
    """`a > x OR (a = x AND (b < y OR …))`, with `a >= x` in front for the index."""
    pairs = list(zip(columns, mark.values, strict=True))

    def step(rest: Q, pair: tuple[_Column, Any]) -> Q:
        column, value = pair
        return Q(**{f"{column.name}__{_side(column, mark)}": value}) | (Q(**{column.name: value}) & rest)

    last, value = pairs[-1]
    deepest = Q(**{f"{last.name}__{_side(last, mark)}": value})
    chain = reduce(step, reversed(pairs[:-1]), deepest)
    first, value = pairs[0]
    return Q(**{f"{first.name}__{_side(first, mark)}e": value}) & chain


def _side(column: _Column, mark: _Mark) -> str:
    return "lt" if column.descending != mark.backwards else "gt"


def _cursor(kind: str, columns: tuple[_Column, ...], row: object, *, backwards: bool) -> str:
    values = [_text(_value(row, column.name)) for column in columns]
    sealed = seal(kind, json.dumps([int(backwards), *values]))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _value(row: object, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else attrgetter(name.replace("__", "."))(row)


def _text(value: Any) -> str:
    if value is None:
        raise ValueError("a key of pages was null")
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(cursor: str | None, kind: str, columns: tuple[_Column, ...]) -> _Mark | None:
    if not cursor or len(cursor) > LONGEST_CURSOR or not cursor.isascii():
        return None
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, *texts = json.loads(unseal(kind, sealed))
    except (binascii.Error, InvalidTag, ValueError):
        return None
    values = (column.field.to_python(text) for column, text in zip(columns, texts, strict=True))
    return _Mark(bool(backwards), tuple(values))
