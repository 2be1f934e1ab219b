"""Every kind of event has a sentence, in both languages, and every fact in it has a word."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from lachan.core.eventlog import FACTS
from lachan.core.events import KINDS, Event, OrderIssued, ResultReported
from lachan.core.models import IdentifierKind
from lachan.site import words

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PLAIN: dict[Any, Any] = {
    int: 2, float: 23.5, str: "abc", bool: True, datetime: NOON, date: date(2026, 11, 30), UUID: UUID(int=7),
}  # fmt: skip


def values_of(hint: Any) -> list[Any]:
    """Every value worth showing of a type: each word of a Literal, both sides of an optional, one of the rest."""
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return list(typing.get_args(hint))
    if origin in (typing.Union, types.UnionType):
        return [v for part in typing.get_args(hint) for v in values_of(part)]
    if origin is tuple:
        return [tuple(values_of(typing.get_args(hint)[0])), ()]
    return [None] if hint is type(None) else [PLAIN[hint]]


def examples_of(kind: type[Event]) -> Iterator[Event]:
    """Events of a kind that between them have every value of every fact."""
    hints = typing.get_type_hints(kind)
    choices = {name: values_of(hints[name]) for name in FACTS[kind]}
    for turn in range(max(map(len, choices.values()), default=1)):
        facts = {name: options[turn % len(options)] for name, options in choices.items()}
        yield kind(happened_at=NOON, person_id=1, **facts)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_event_has_a_sentence(kind: type[Event]) -> None:
    assert kind in words.WORDS, "add a sentence to lachan/site/words.py"


def test_no_sentence_is_of_a_kind_that_is_gone() -> None:
    assert set(words.WORDS) == set(KINDS.values())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_sentence_reads_whole(kind: type[Event], language: str) -> None:
    with translation.override(language):
        for event in examples_of(kind):
            said = words.sentence(event)
            assert said
            assert not re.search(r"%\(|None|\{|datetime|<|UUID", said), said
            assert words.tone(event) in ("", "ok", "warn", "stop", "accent")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_vietnamese_sentence_says_the_same_facts(kind: type[Event]) -> None:
    facts = {}
    for language in ("vi", "en"):
        with translation.override(language):
            facts[language] = set(re.findall(r"%\((\w+)\)", str(words.WORDS[kind].sentence)))
    assert facts["vi"] == facts["en"] <= set(FACTS[kind])


def words_of_literals() -> set[str]:
    """Every word that a Literal fact may have and a sentence shows."""
    found: set[str] = set()
    for kind in KINDS.values():
        hints = typing.get_type_hints(kind)
        shown = re.findall(r"%\((\w+)\)", str(words.WORDS[kind].sentence))
        for name in shown:
            found |= {v for v in values_of(hints[name]) if isinstance(v, str)} - {PLAIN[str]}
    return found


def test_every_word_of_a_shown_fact_is_a_term() -> None:
    assert words_of_literals() - {"F0", "F1", "F2"} <= set(words.TERMS)


@pytest.mark.parametrize("term", words.TERMS)
def test_terms_are_translated(term: str) -> None:
    with translation.override("vi"):
        vietnamese = str(words.TERMS[term])
    with translation.override("en"):
        english = str(words.TERMS[term])
    assert english == "PCR" or vietnamese != english


def test_times_are_local_and_dates_as_people_write_them() -> None:
    result = ResultReported(
        happened_at=NOON, result_id=1, outcome="positive", assay="antigen", collected_at=NOON
    )
    order = OrderIssued(
        happened_at=NOON, order_id=1, subject="arrival", order_kind="home", starts_on=date(2026, 11, 2),
        ends_on=date(2026, 11, 16), test_dates=(), policy_id="x",
    )  # fmt: skip
    with translation.override("vi"):
        assert words.sentence(result) == "Kết quả xét nghiệm: dương tính (kháng nguyên)"
        assert words.sentence(order) == "Ban hành quyết định cách ly (tại nhà, nhập cảnh) đến ngày 16/11/2026"
    assert words.tone(result) == "stop"


def test_every_sort_of_number_has_a_name() -> None:
    assert set(IdentifierKind.values) == set(words.IDENTIFIERS)
