"""The payload against schema 1.3: exactly for what we issue, leniently for what the world has issued.

Rules: eHealth Network, EU DCC JSON schema 1.3. What a verifier tolerates, field by field: dcc-quality-assurance,
SpecialCaseHandling.md. Tolerated deviations come back as warnings.
"""

from collections.abc import Container, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from unicodedata import normalize

import cbor2
import jsonschema_rs

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import products

Schema = dict[str, Any]

_LONGEST: Final = 80
_DAY: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = "([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)([.][0-9]+)?)?"
_ZONE: Final = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_VERSION: Final = "^[0-9]+.[0-9]+.[0-9]+$"
_COUNTRY: Final = "^[A-Z]{1,10}$"
_BIRTH: Final = "((19|20)[0-9]{2}(-[0-9]{2}){0,2})?"


def _text(pattern: str | None = None) -> Schema:
    limit: Schema = {"type": "string", "maxLength": _LONGEST}
    return limit | {"pattern": pattern} if pattern else limit


_FREE: Final = _text()
_DATE: Final = _text(f"^{_DAY}$")
_WHOLE: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 1000}

_EXACT_ENTRIES: Final[dict[str, dict[str, Schema]]] = {
    "v": {
        "tg": _FREE, "vp": _FREE, "mp": _FREE, "ma": _FREE, "dn": _WHOLE, "sd": _WHOLE, "dt": _DATE,
        "co": _text(_COUNTRY), "is": _FREE, "ci": _FREE,
    },
    "t": {
        "tg": _FREE, "tt": _FREE, "nm": _FREE, "ma": _FREE, "sc": _text(f"^{_DAY}T{_TIME}{_ZONE}$"), "tr": _FREE,
        "tc": _FREE, "co": _text(_COUNTRY), "is": _FREE, "ci": _FREE,
    },
    "r": {
        "tg": _FREE, "fr": _DATE, "co": _text(_COUNTRY), "is": _FREE, "df": _DATE, "du": _DATE, "ci": _FREE,
    },
}  # fmt: skip
_CODES: Final[Mapping[str, Mapping[str, Container[str]]]] = {
    "v": {
        "tg": products.DISEASES, "vp": products.VACCINES, "mp": products.PRODUCTS, "ma": products.HOLDERS,
        "co": products.COUNTRIES,
    },
    "t": {
        "tg": products.DISEASES, "tt": products.TEST_TYPES, "tr": products.TEST_RESULTS, "co": products.COUNTRIES,
    },
    "r": {"tg": products.DISEASES, "co": products.COUNTRIES},
}  # fmt: skip
_LONGEST_YEAR: Final = 366 * 86_400
_OPTIONAL: Final = frozenset({"nm", "ma", "tc"})  # of a test

_DATED: Final = _text(f"^{_DAY}")
_TOLERATED_FIELDS: Final[dict[str, Schema]] = {
    "dn": {"type": "integer"}, "sd": {"type": "integer"}, "dt": _DATED, "sc": _DATED, "fr": _DATED, "df": _DATED,
    "du": _DATED, "co": _text(_COUNTRY),
}  # fmt: skip


def _entry(kind: str, *, exact: bool) -> Schema:
    fields = _EXACT_ENTRIES[kind]
    return {
        "type": "object",
        "required": [name for name in fields if not (kind == "t" and name in _OPTIONAL)],
        "properties": fields if exact else {name: _TOLERATED_FIELDS.get(name, _FREE) for name in fields},
        "additionalProperties": not exact,
    }


def _schema(*, exact: bool) -> Schema:
    passport = _text("^[A-Z<]*$") if exact else _FREE
    return {
        "type": "object",
        "required": ["ver", "nam", "dob"],
        "oneOf": [{"required": [kind]} for kind in _EXACT_ENTRIES],
        "properties": {
            "ver": _text(_VERSION),
            "nam": {
                "type": "object",
                "properties": {"fn": _FREE, "fnt": passport, "gn": _FREE, "gnt": passport},
                "anyOf": [{"required": ["fnt"]}, {"required": ["gnt"]}],
                "additionalProperties": not exact,
            },
            "dob": _text(f"^{_BIRTH}$" if exact else f"^{_BIRTH}(T.*)?$"),
        }
        | {
            kind: {"type": "array", "minItems": 1, "maxItems": 1, "items": _entry(kind, exact=exact)}
            for kind in _EXACT_ENTRIES
        },
        "additionalProperties": not exact,
    }


_EXACT: Final = jsonschema_rs.Draft202012Validator(_schema(exact=True))
_TOLERATED: Final = jsonschema_rs.Draft202012Validator(_schema(exact=False))

# A certificate with one of these unknown says nothing that could be relied on; products and holders grow.
_CLOSED: Final = frozenset({"tg", "co"})


def require_exact(payload: Mapping[str, Any]) -> None:
    """Raise FormatError `schema` or `value-set` unless the payload is what may be issued: nothing missing or more."""
    if not _is_valid(_EXACT, payload) or not _is_clean(payload):
        found = ", ".join(_deviations(payload)) or "space around a text, or a float"
        raise FormatError("schema", f"The content breaks schema 1.3: {found}.")
    if unknown := _unknown_codes(payload):
        raise FormatError(
            "value-set", f"The content has codes that are not of their set: {', '.join(unknown)}."
        )


def _is_clean(payload: Mapping[str, Any]) -> bool:
    """Tell whether what fits the schema has neither space around a text nor a float for a number of doses."""
    for kind in _CODES:
        if kind in payload:
            for part in (*payload["nam"].values(), *payload[kind][0].values()):
                if part.strip() != part if isinstance(part, str) else type(part) is not int:
                    return False
    return True


def check(payload: Mapping[str, Any], *, issued: float) -> tuple[str, ...]:
    """Return warnings of tolerated deviations: `schema-dob`, `value-set-mp`, `tidied`... `issued`: seconds.

    Raises FormatError: schema (not to be tolerated, or born after the certificate was issued), value-set.
    """
    warnings: tuple[str, ...] = ()
    if not _is_valid(_EXACT, payload) or _unknown_codes(payload):
        warnings = _tolerated(payload)
    _require_born(payload, issued)
    return warnings


def _unknown_codes(payload: Mapping[str, Any]) -> list[str]:
    """Name the codes of a valid payload that no set has; a country of more than two letters is an organisation."""
    unknown: list[str] = []
    for kind, sets in _CODES.items():
        if kind in payload:
            event = payload[kind][0]
            for name, codes in sets.items():
                if event[name] not in codes and not (name == "co" and len(event["co"]) > 2):
                    unknown.append(f"value-set-{name}")
    return unknown


def _is_valid(validator: jsonschema_rs.Draft202012Validator, payload: object) -> bool:
    try:
        return validator.is_valid(payload)
    except ValueError:  # bytes, keys that are no text
        return False


def _tolerated(payload: Mapping[str, Any]) -> tuple[str, ...]:
    tidied = _tidy(payload)
    if not _is_valid(_TOLERATED, tidied):
        raise FormatError("schema", "The certificate's content is not of the European schema 1.3.")
    unknown = _unknown_codes(tidied)
    if any(f"value-set-{name}" in unknown for name in _CLOSED):
        raise FormatError("value-set", "The certificate names a disease or a country that does not exist.")
    found = (*_deviations(tidied), *unknown)
    return found if tidied == payload else ("tidied", *found)


def _deviations(payload: object) -> tuple[str, ...]:
    try:
        errors = list(_EXACT.iter_errors(payload))
    except ValueError:
        return ("schema-type",)
    found = []
    for error in errors:
        kind, path = error.kind, error.instance_path
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
            found.append("schema-more")
            continue
        field = next((part for part in reversed(path) if isinstance(part, str)), "shape")
        found.append(f"schema-{field}")
    return tuple(dict.fromkeys(found))


def _tidy(value: Any) -> Any:
    """Trim and compose texts and drop nulls, as real certificates need before they are judged (2.0 is an integer to
    a schema, and 80 letters are up to 240 characters where each accent is one)."""
    if isinstance(value, str):
        return normalize("NFC", value.strip())
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise FormatError("schema", "The certificate's content has a field without a name.")
        return {key: _tidy(part) for key, part in value.items() if not _is_null(part)}
    if isinstance(value, list):
        return [_tidy(part) for part in value]
    return value


def _is_null(value: object) -> bool:
    return value is None or value is cbor2.undefined


def _require_born(payload: Mapping[str, Any], issued: float) -> None:
    born = payload["dob"].strip()[:10]
    if len(born) < 10 or int(born[:4]) < 1970 + issued // _LONGEST_YEAR:
        return
    if born > datetime.fromtimestamp(issued, UTC).date().isoformat():
        raise FormatError("schema", "The birth date is after the day on which the certificate was issued.")
