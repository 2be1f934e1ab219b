"""From a TOML table to a frozen dataclass, field by field, by the annotations of the class."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from lachan.policy.errors import PolicyError, Spot

T = TypeVar("T")

LARGEST = 100_000  # above any day, minute or head count in a rule, and so many days stay inside the calendar


def read_table(cls: type[T], table: Mapping[str, object], spot: Spot, **given: object) -> T:
    """An instance of `cls` from `table`; `given` are fields that do not come from the table.

    Raises PolicyError for an unknown field, a missing one, or a value of the wrong type.
    """
    known = {field.name: field for field in _fields_of(cls) if field.name not in given}
    _refuse_unknown(table, known, spot)
    values = {
        name: _value(field, cls, table, spot) for name, field in known.items() if _present(field, table, spot)
    }
    return cls(**given, **values)


def _refuse_unknown(table: Mapping[str, object], known: Mapping[str, object], spot: Spot) -> None:
    for name in table:
        if name not in known:
            raise PolicyError(
                spot.at_field(name),
                "this field is not known",
                f"Remove it, or use one of: {', '.join(known)}",
            )


def _present(field: Field[Any], table: Mapping[str, object], spot: Spot) -> bool:
    if field.name in table:
        return True
    if field.default is MISSING:
        raise PolicyError(
            spot.at_field(field.name), "this field is missing", "Add it; older versions show its form"
        )
    return False


def _value(field: Field[Any], cls: type, table: Mapping[str, object], spot: Spot) -> object:
    return _typed(_hints(cls)[field.name], table[field.name], spot.at_field(field.name))


def _typed(hint: Any, value: object, spot: Spot) -> object:
    origin = get_origin(hint)
    if origin is UnionType:  # written X | None; TOML has no null, so a present value is an X
        return _typed(get_args(hint)[0], value, spot)
    if origin is Literal:
        return _one_of(get_args(hint), value, spot)
    if origin is tuple:
        return _many(get_args(hint)[0], value, spot)
    if is_dataclass(hint):
        return _row(cast(type[object], hint), value, spot)
    return _plain(hint, value, spot)


def _one_of(allowed: tuple[str, ...], value: object, spot: Spot) -> object:
    if isinstance(value, str) and value in allowed:
        return value
    raise PolicyError(spot, f"{value!r} is not a known value", f"Use one of: {', '.join(allowed)}")


def _many(hint: Any, value: object, spot: Spot) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise PolicyError(spot, f"{value!r} is not a list", "Write the values in square brackets")
    return tuple(
        _typed(hint, item, Spot(spot.file, spot.version, f"{spot.field}[{i}]"))
        for i, item in enumerate(value)
    )


def _row(cls: type[object], value: object, spot: Spot) -> object:
    if not isinstance(value, dict):
        raise PolicyError(
            spot, f"{value!r} is not a table", "Write the row in curly brackets or as [[version.rows]]"
        )
    return read_table(cls, value, spot)


def _plain(hint: type, value: object, spot: Spot) -> object:
    wording, accepts = _PLAIN[hint]
    if not accepts(value):
        raise PolicyError(spot, f"{value!r} is not {wording}", f"Write {wording}")
    return value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _is_measure(value: object) -> bool:
    return _is_count(value) or (isinstance(value, float) and math.isfinite(value) and 0 <= value <= LARGEST)


_PLAIN: dict[type, tuple[str, Callable[[object], bool]]] = {
    int: (f"a whole number from 0 to {LARGEST}", _is_count),
    float: (f"a number from 0 to {LARGEST}", _is_measure),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    str: ("a text in quotes", lambda value: isinstance(value, str)),
    date: (
        "a date such as 2021-12-29, without quotes",
        lambda value: isinstance(value, date) and not isinstance(value, datetime),
    ),
}


def _fields_of(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)
