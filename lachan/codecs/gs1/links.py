"""GS1 Digital Link: the same elements in a web address of any domain."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1.digits import GTIN_LENGTHS
from lachan.codecs.gs1.elements import Element, checked
from lachan.codecs.gs1.table import RULES

RESOLVER: Final = "https://id.gs1.org"

_LINK: Final = re.compile(r"(?i:https?)://([^/?#\s]+)(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_DOMAIN: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_COMPRESSED: Final = re.compile("[A-Za-z0-9_-]{8,}")
_PADDED: Final = frozenset({"01", "02"})


def is_link(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def read_link(text: str) -> tuple[Element, ...]:
    """Read a Digital Link: key and qualifiers from the path, then the attributes of the query.

    Parameters that are no numbers belong to the web site and are passed over.
    Raises FormatError: gs1-link-address, -link-key, -link-compressed, -link-order, -link-query, -link-escape, and as
    `read_elements`.
    """
    match = _LINK.fullmatch(text)
    if match is None or not _ADDRESS.fullmatch(text) or not _DOMAIN.fullmatch(match[1]):
        raise FormatError("gs1-link-address", "This is no web address.")
    return (*_from_path((match[2] or "")[1:].split("/")), *_from_query(match[3] or ""))


def _from_path(segments: Sequence[str]) -> tuple[Element, ...]:
    pairs = _pairs(segments)
    key, *qualifiers = (ai for ai, _ in pairs)
    _require_order(key, qualifiers)
    return tuple(_element(ai, _unescaped(value)) for ai, value in pairs)


def _pairs(segments: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs from the end back to the key; what stands before the key is the web site's."""
    pairs: list[tuple[str, str]] = []
    for place in range(len(segments) - 2, -1, -2):
        rule = RULES.get(segments[place])
        if rule is None:
            break
        pairs.insert(0, (rule.ai, segments[place + 1]))
        if rule.qualifiers is not None:
            return pairs
    if _COMPRESSED.fullmatch(segments[-1]) and not segments[-1].isdecimal():
        raise FormatError("gs1-link-compressed", "No key is in clear; compressed links are not read.")
    raise FormatError("gs1-link-key", "The address has no key such as /01/.")


def _require_order(key: str, qualifiers: Sequence[str]) -> None:
    for sequence in RULES[key].qualifiers or ():
        following = iter(sequence)
        if all(qualifier in following for qualifier in qualifiers):
            return
    raise FormatError("gs1-link-order", f"What follows ({key}) in the path may not, or not in this order.")


def _from_query(query: str) -> Iterator[Element]:
    for parameter in filter(None, query.split("&")):
        ai, sign, value = parameter.partition("=")
        if not ai.isdecimal():
            continue
        if not sign or ai not in RULES or not RULES[ai].in_query:
            raise FormatError("gs1-link-query", f"({ai}) may not stand in the query.")
        yield _element(ai, _unescaped(value, plus=True))


def _element(ai: str, value: str) -> Element:
    short = ai in _PADDED and len(value) in GTIN_LENGTHS
    return checked(ai, value.zfill(GTIN_LENGTHS[-1]) if short else value)


def _unescaped(text: str, *, plus: bool = False) -> str:
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise FormatError("gs1-link-escape", "A percent sign is not followed by two hexadecimal digits.")
    try:
        return unquote_plus(text, errors="strict") if plus else unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise FormatError("gs1-link-escape", "The address is no UTF-8.") from error


def write_link(elements: Sequence[Element], base: str = RESOLVER) -> str:
    """Return the link: the first key with its qualifiers in the path, the rest in the query.

    Raises FormatError: gs1-link-key, gs1-link-query, and as `read_elements`.
    """
    values = {element.ai: checked(element.ai, element.value).value for element in elements}
    key = next((ai for ai in values if RULES[ai].qualifiers is not None), None)
    if key is None:
        raise FormatError("gs1-link-key", "None of the elements is a key.")
    sequences = [[ai for ai in sequence if ai in values] for sequence in RULES[key].qualifiers or ()]
    path = [key, *max(sequences, key=len)]
    rest = [ai for ai in values if ai not in path]
    if any(not RULES[ai].in_query for ai in rest):
        raise FormatError("gs1-link-query", "An element may stand neither in the path nor in the query.")
    query = "&".join(f"{ai}={quote(values[ai], safe='')}" for ai in rest)
    steps = "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in path)
    return base.rstrip("/") + steps + (f"?{query}" if query else "")
