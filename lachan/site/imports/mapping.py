"""The mapping file: which column of a list is which of our fields, and how its cells are written (TOML).

Without one, the columns must have our own names, and the file's name up to its first dot names the dataset.
"""

import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.platform.lists.reading import DELIMITERS
from lachan.platform.lists.rows import BadFile
from lachan.policy import profiles

FIELDS: Final = {
    "cases": (
        "id", "name", "sex", "age", "birth", "onset_on", "reported_on", "confirmed_on", "isolated_on", "outcome",
        "outcome_on", "area",
    ),
    "contacts": ("source", "contact", "setting", "starts_on", "ends_on"),
}  # fmt: skip
REQUIRED: Final = {"cases": ("id",), "contacts": ("source", "contact")}
CODED: Final = {
    "sex": ("m", "f", "x", ""),
    "outcome": ("recovered", "dead", "ill", ""),
    "setting": ("household", "workplace", "school", "friend", "care", "conveyance", "other", ""),
}
KEYS = {"dataset", "policy", "encoding", "delimiter", "dates", "unknown_contacts", "detail"}
TABLES = {"columns", "values", "constants"}
_DAY = date(2015, 6, 21)
_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class BadMapping(BadFile):
    """The mapping file does not fit; nothing was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """`columns`: our field -> the list's column. `values`: field -> (lower-case cell -> our code). `constants` hold
    for all rows. `detail`: columns kept in words with the finding. `dates`: "iso", "days since 1970-01-01" or a
    strptime format. `register_unknown`: contacts whom no list of cases names are registered."""

    dataset: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    detail: tuple[str, ...] = ()
    dates: str = "iso"
    policy: str = ""
    encoding: str = ""
    delimiter: str = ""
    register_unknown: bool = False

    @property
    def wanted(self) -> list[str]:
        """The columns that the file must have."""
        return list(dict.fromkeys((*self.columns.values(), *self.detail)))

    def column(self, field_name: str) -> str:
        """The list's name of a field, for people."""
        return self.columns.get(field_name, field_name)

    def text(self, cells: Mapping[str, str], field_name: str) -> str:
        """The cell of a field, or its constant; "" where there is neither."""
        cell = cells.get(self.columns.get(field_name, ""), "")
        return cell or self.constants.get(field_name, "")


def read_mapping(path: Path, kind: str) -> Mapped:
    """Raises BadMapping with the place that is wrong."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(_("The mapping file is not TOML in UTF-8: {what}"), str(error)) from error
    return mapping_of(told, kind, dataset=_stem(path))


def by_own_names(file: Path, heading: tuple[str, ...], kind: str) -> Mapped:
    """The mapping of a list whose columns have our names."""
    columns = {name: name for name in FIELDS[kind] if name in heading}
    return mapping_of({"columns": columns}, kind, dataset=_stem(file))


def mapping_of(told: dict[str, Any], kind: str, *, dataset: str) -> Mapped:
    """Check a mapping as read from TOML. Raises BadMapping."""
    for name in told.keys() - KEYS - TABLES:
        raise _bad(_("The mapping has an entry that nobody reads: {what}"), name)
    columns, constants = _strings(told, "columns", kind), _strings(told, "constants", kind)
    for name in REQUIRED[kind]:
        if name not in columns:
            raise _bad(_("The mapping names no column for: {what}"), name)
    for name in constants.keys() & set(CODED):
        _check_code(name, constants[name])
    detail = told.get("detail", [])
    if not isinstance(detail, list) or not all(isinstance(d, str) for d in detail):
        raise _bad(_("This entry of the mapping has a value that does not fit: {what}"), "detail")
    words = _words(told, dataset)
    return Mapped(
        columns=columns, constants=constants, values=_values(told, kind), detail=tuple(detail), **words
    )


def _words(told: dict[str, Any], dataset: str) -> dict[str, Any]:
    given: dict[str, Any] = {"dataset": dataset, "dates": "iso", "unknown_contacts": "refuse"}
    given |= {name: told[name] for name in KEYS - {"detail"} if name in told}
    fits: dict[str, Callable[[str], bool]] = {
        "dataset": lambda v: _DATASET.fullmatch(v) is not None,
        "policy": lambda v: v in profiles(),
        "encoding": _is_encoding,
        "delimiter": lambda v: v in DELIMITERS,
        "dates": _is_date_format,
        "unknown_contacts": lambda v: v in ("refuse", "register"),
    }
    for name, value in given.items():
        if not isinstance(value, str) or not fits[name](value):
            raise _bad(_("This entry of the mapping has a value that does not fit: {what}"), name)
    given["register_unknown"] = given.pop("unknown_contacts") == "register"
    return given


def _strings(told: dict[str, Any], table: str, kind: str) -> dict[str, str]:
    found = told.get(table, {})
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise _bad(_("This entry of the mapping has a value that does not fit: {what}"), table)
    for name in found.keys() - set(FIELDS[kind]):
        raise _bad(_("The mapping has an entry that nobody reads: {what}"), f"{table}.{name}")
    return found


def _values(told: dict[str, Any], kind: str) -> dict[str, dict[str, str]]:
    found = told.get("values", {})
    if not isinstance(found, dict):
        raise _bad(_("This entry of the mapping has a value that does not fit: {what}"), "values")
    for name, codes in found.items():
        if name not in CODED or name not in FIELDS[kind] or not isinstance(codes, dict):
            raise _bad(_("The mapping has an entry that nobody reads: {what}"), f"values.{name}")
        for code in codes.values():
            _check_code(name, code)
    return {name: {k.strip().lower(): v for k, v in codes.items()} for name, codes in found.items()}


def _check_code(name: str, code: object) -> None:
    if code not in CODED[name]:
        sentence = _("{name} has no value {code}. Use one of: {codes}")
        codes = ", ".join(c for c in CODED[name] if c)
        raise BadMapping("mapping", format_lazy(sentence, name=name, code=str(code)[:40], codes=codes))


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        return False
    return True


def _is_date_format(dates: str) -> bool:
    """Whether a day, written so, is read as the same day."""
    try:
        if dates == "iso" or dates.startswith("days since "):
            date.fromisoformat(dates.removeprefix("days since ").replace("iso", "2015-06-01"))
            return True
        return datetime.strptime(_DAY.strftime(dates), dates).date() == _DAY  # noqa: DTZ007 - a day
    except (ValueError, re.error):
        return False


def _stem(path: Path) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", path.name.split(".")[0].lower()).strip("-_")[:40]


def _bad(sentence: Promise, what: str) -> BadMapping:
    return BadMapping("mapping", format_lazy(str(sentence), what=what[:200]))
