"""Element strings, as barcodes carry them, and the bracketed form, as people read them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1.content import CHARACTERS, require
from lachan.codecs.gs1.table import RULES, Part, Rule

SEPARATOR: Final = "\x1d"  # FNC1, as scanners transmit it

_BRACKET: Final = re.compile(r"\(([0-9]{2,4})\)")
_AI_LENGTHS: Final = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier and its value."""

    ai: str
    value: str


def checked(ai: str, value: str) -> Element:
    """Return the element. Raises gs1-ai, gs1-format, or what one of its checks refuses."""
    rule = RULES.get(ai)
    if rule is None:
        raise FormatError("gs1-ai", f"There is no application identifier ({ai}).")
    rest = value
    for part in rule.parts:
        if not (part.optional and not rest):
            rest = rest[len(_checked_part(part, rest, ai)) :]
    if rest:
        raise FormatError("gs1-format", f"The value of ({ai}) is too long.")
    return Element(ai, value)


def _checked_part(part: Part, rest: str, ai: str) -> str:
    text = rest[: part.most]
    if len(text) < part.least:
        raise FormatError("gs1-format", f"The value of ({ai}) is too short.")
    if not CHARACTERS[part.characters].issuperset(text):
        raise FormatError("gs1-format", f"The value of ({ai}) has characters that may not stand there.")
    for check in part.checks:
        require(check, text, ai)
    return text


def read_elements(text: str) -> tuple[Element, ...]:
    """Read an element string; a separator at the start or the end is forgiven.

    Raises FormatError: gs1-empty, -ai, -format, -check-digit, -prefix, -date, -country, -currency, -content, -coupon.
    """
    rest = text.removeprefix(SEPARATOR)
    found = []
    while rest:
        rule = _rule_of(rest)
        value, rest = _value(rule, rest[len(rule.ai) :])
        found.append(checked(rule.ai, value))
    if not found:
        raise FormatError("gs1-empty", "There is no element.")
    return tuple(found)


def _rule_of(text: str) -> Rule:
    for length in _AI_LENGTHS:
        if text[:length] in RULES:
            return RULES[text[:length]]
    raise FormatError("gs1-ai", "The data does not begin with an application identifier.")


def _value(rule: Rule, text: str) -> tuple[str, str]:
    """The value and what comes after it and its separator."""
    if not rule.predefined:
        value, _, rest = text.partition(SEPARATOR)
        return value, rest
    length = sum(part.most for part in rule.parts)
    return text[:length], text[length:].removeprefix(SEPARATOR)


def read_brackets(text: str) -> tuple[Element, ...]:
    r"""Read `(01)...(17)...`; a bracket inside a value is written `\(`, spaces around values go.

    Raises FormatError gs1-bracket, and as `read_elements`.
    """
    found, place = [], 0
    while place < len(text):
        opening = _BRACKET.match(text, place)
        if opening is None:
            raise FormatError(
                "gs1-bracket", "An application identifier stands in brackets, and a value follows."
            )
        value, place = _until_bracket(text, opening.end())
        found.append(checked(opening[1], value))
    if not found:
        raise FormatError("gs1-empty", "There is no element.")
    return tuple(found)


def _until_bracket(text: str, start: int) -> tuple[str, int]:
    end = re.compile(r"(?:[^(\\]|\\\(|\\(?!\())*").match(text, start)
    place = end.end() if end else start
    return text[start:place].replace("\\(", "(").strip(" "), place


def write_elements(elements: Iterable[Element]) -> str:
    """Return the element string, with separators where they must be. Raises as `read_elements`."""
    text = ""
    for element in elements:
        checked(element.ai, element.value)
        text += element.ai + element.value + ("" if RULES[element.ai].predefined else SEPARATOR)
    return text.removesuffix(SEPARATOR)


def write_brackets(elements: Iterable[Element]) -> str:
    """Return the bracketed form. Raises as `read_elements`."""
    return "".join(f"({e.ai}){_escaped(checked(e.ai, e.value))}" for e in elements)


def _escaped(element: Element) -> str:
    return element.value.replace("(", "\\(")


def human_readable(elements: Sequence[Element]) -> str:
    """What stands under a barcode: `(01) 0952... (17) 261231` (General Specifications 4.14)."""
    return " ".join(f"({element.ai}) {element.value}" for element in elements)
