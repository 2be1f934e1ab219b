"""The table and the sample vectors of GS1's own syntax engine, where they lie beside the repository."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1 import (
    Element,
    read,
    read_brackets,
    read_elements,
    read_link,
    require_associations,
    write_elements,
)
from lachan.codecs.gs1.table import RULES

ROOT = Path(__file__).resolve().parents[4]
FOLDER = Path(os.environ.get("LACHAN_SHARED_DATA", ROOT.parent / "shared" / "data")) / "standards" / "gs1"

# Where we differ on purpose, one by one.
DIFFERENT = {
    "]d1": "a DataMatrix without FNC1 carries no GS1 data; the engine passes it through as plain text",
    "]J0\\^TESTING": "a DotCode without FNC1 carries no GS1 data; the engine passes it through as plain text",
}


def shared(name: str) -> str:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path.read_text(encoding="utf-8")


def _associated(text: str) -> tuple[Element, ...]:
    elements = read_brackets(text)
    require_associations(elements)
    return elements


READERS: dict[str, tuple[str, Callable[[str], tuple[Element, ...]]]] = {
    "element_string_fnc1_caret": ("data", lambda text: read_elements(text.replace("^", "\x1d"))),
    "bracketed_to_element_string": ("bracketed", read_brackets),
    "bracketed_linter": ("bracketed", read_brackets),
    "bracketed_association_rules": ("bracketed", _associated),
    "scan_data_with_symbology_id": ("scan", read),
    "digital_link_uri": ("uri", read_link),
}


def _outcome(read_text: Callable[[str], tuple[Element, ...]], text: str) -> str | None:
    try:
        return "^" + write_elements(read_text(text)).replace("\x1d", "^")
    except FormatError:
        return None


def test_all_sample_vectors_agree_but_those_named() -> None:
    vectors: dict[str, list[dict[str, Any]]] = json.loads(shared("gs1_vectors_sample.json"))["vectors"]
    assert set(vectors) == set(READERS)
    disagreeing = set()
    for kind, samples in vectors.items():
        key, read_text = READERS[kind]
        for sample in samples:
            outcome = _outcome(read_text, sample[key])
            expected = sample.get("expect")
            if (outcome is not None) != sample["valid"] or (outcome and expected and outcome != expected):
                disagreeing.add(sample[key])
    assert disagreeing == set(DIFFERENT)


def _rows(text: str) -> Iterator[tuple[str, str, list[str]]]:
    for line in text.splitlines():
        columns = line.split("#")[0].split()
        if not columns:
            continue
        flags = columns[1] if re.fullmatch("[*?]+", columns[1]) else ""
        first, _, last = columns[0].partition("-")
        for ai in range(int(first), int(last or first) + 1):
            yield str(ai).zfill(len(first)), flags, columns[2 if flags else 1 :]


def _specification(ai: str) -> str:
    """Our rule in the dictionary's words."""
    rule = RULES[ai]
    words = []
    for part in rule.parts:
        size = part.most if part.least == part.most else f"..{part.most}"
        bracket = "[{}]" if part.optional else "{}"
        words.append(",".join([bracket.format(f"{part.characters}{size}"), *part.checks]))
    words += ["req=" + ",".join("+".join(choice) for choice in group) for group in rule.required]
    words += ["ex=" + ",".join(rule.excluded)] if rule.excluded else []
    if rule.qualifiers is not None:
        sequences = "|".join(",".join(sequence) for sequence in rule.qualifiers)
        words.append(f"dlpkey={sequences}" if sequences else "dlpkey")
    return " ".join(sorted(words))


def test_the_table_says_what_the_dictionary_says() -> None:
    rows = list(_rows(shared("gs1-syntax-dictionary.txt")))
    assert len(rows) == len(RULES)
    for ai, flags, words in rows:
        assert _specification(ai) == " ".join(sorted(words)), ai
        assert RULES[ai].predefined == ("*" in flags)
        assert RULES[ai].in_query == ("?" in flags)


def test_no_identifier_begins_another() -> None:
    assert not [(a, b) for a in RULES for b in RULES if a != b and b.startswith(a)]
