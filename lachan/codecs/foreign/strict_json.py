"""JSON of strangers: bounded, without duplicate names, without numbers and characters that break things later.

The standard library keeps the last of two equal names, reads NaN, and builds integers of any length; msgspec
keeps the last of two equal names too and ends deep nesting with a RecursionError.
"""

import json
import re
from typing import Final

from lachan.codecs.foreign.unpacked import refuse, require

DEEPEST: Final = 16
LARGEST: Final = 65_536  # bytes
LONGEST_NUMBER: Final = 15  # digits: what a double holds exactly

# Strings are passed over whole, closed or not, so that the scan is linear and their brackets do not count.
_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def read_json(source: bytes | str) -> dict[str, object]:
    """Read a JSON object of at most 64 KiB and depth 16; a byte order mark is passed over.

    Raises FormatError: json, json-depth, json-duplicate, json-number, json-text.
    """
    text = (_decode(source) if isinstance(source, bytes) else source).removeprefix("\ufeff")
    require(len(text) <= LARGEST, "json")
    require(_depth(text) <= DEEPEST, "json-depth")
    try:
        read = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
        json.dumps(read, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        refuse("json-text")
    except ValueError:
        refuse("json")
    return table(read) or refuse("json")


def _decode(source: bytes) -> str:
    require(len(source) <= LARGEST, "json")
    try:
        return source.decode()
    except UnicodeDecodeError:
        refuse("json-text")


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in _NESTING.findall(text):
        if found in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif found in ("]", "}"):
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    require(len(read) == len(pairs), "json-duplicate")
    return read


def _integer(digits: str) -> int:
    require(len(digits.lstrip("-")) <= LONGEST_NUMBER, "json-number")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    require(len(digits) <= 2 * LONGEST_NUMBER and abs(number) < 10**LONGEST_NUMBER, "json-number")
    return number


def _constant(name: str) -> object:
    refuse("json-number")


def table(value: object) -> dict[str, object]:
    """Return a JSON object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, object]]:
    """Return the objects of a JSON array; a lone object counts as an array of one."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)]


def at_path(value: object, *names: str) -> object:
    """Follow names into nested objects; None where the way ends."""
    for name in names:
        value = table(value).get(name)
    return value
