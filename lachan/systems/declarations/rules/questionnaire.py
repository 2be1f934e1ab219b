"""Questionnaires as dated data, read and checked when they are first needed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from lachan.policy.errors import PolicyError, Spot
from lachan.policy.reading import read_table

Kind = Literal["yes_no", "many", "text", "temperature"]
Outcome = Literal["none", "watch", "test", "call", "emergency"]
OUTCOMES: tuple[Outcome, ...] = ("none", "watch", "test", "call", "emergency")
FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """Something asked about the person; `waived`: marked in the form, but taken here without it."""

    code: str
    required: bool = False
    waived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`told_as`: the symptom as which every other system hears it."""

    code: str
    text_vi: str
    text_en: str
    told_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`contact`: a yes tells of a contact. A temperature is in degrees Celsius."""

    code: str
    kind: Kind
    text_vi: str
    text_en: str
    required: bool = False
    contact: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRule:
    """Fires where at least `at_least` of the facts `any_of` hold, and one of `and_any_of` if there are any.

    A fact is a question answered with yes, `question.option`, or a temperature that is a fever. No fact counts
    against a rule, so that one more symptom never makes the advice milder.
    """

    code: str
    any_of: tuple[str, ...]
    outcome: Outcome
    why_vi: str
    why_en: str
    basis: str
    and_any_of: tuple[str, ...] = ()
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One version of one form; holds from `valid_from` until a later version of the same code."""

    code: str
    version: str
    valid_from: date
    decision: str
    verified: bool
    fields: tuple[FormField, ...]
    questions: tuple[Question, ...]
    rules: tuple[TriageRule, ...]

    def must(self, field: str) -> bool:
        """Whether the declaration is not taken without this field."""
        return any(f.code == field and f.required and not f.waived for f in self.fields)

    def facts(self) -> Iterator[str]:
        """Every fact that answers to this form can tell."""
        for question in self.questions:
            if question.kind == "many":
                yield from (f"{question.code}.{option.code}" for option in question.options)
            elif question.kind != "text":
                yield question.code

    def symptoms(self) -> dict[str, str]:
        """Fact -> symptom code that the other systems know."""
        measured = {q.code: "fever" for q in self.questions if q.kind == "temperature"}
        return measured | {
            f"{q.code}.{o.code}": o.told_as for q in self.questions for o in q.options if o.told_as
        }


def read(path: Path) -> Questionnaire:
    """The questionnaire of one file. Raises PolicyError: what is wrong, where, and what to do."""
    spot = Spot(path.name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(spot, f"it is no TOML: {error}", "Correct the file") from error
    found = read_table(Questionnaire, table, spot)
    for problem in problems(found):
        raise PolicyError(spot.at_version(found.version), problem, "Correct the questionnaire")
    return found


def problems(form: Questionnaire) -> Iterator[str]:
    """What makes a questionnaire unusable."""
    yield from _twice("question", [q.code for q in form.questions])
    yield from _twice("rule", [r.code for r in form.rules])
    known = set(form.facts())
    for rule in form.rules:
        if unknown := {*rule.any_of, *rule.and_any_of} - known:
            yield f"rule {rule.code!r} asks for {sorted(unknown)}, which no answer can tell"
        if not 1 <= rule.at_least <= len(rule.any_of):
            yield f"rule {rule.code!r} can never fire"
    for question in form.questions:
        if (question.kind == "many") != bool(question.options):
            yield f"question {question.code!r} has options and is not for choosing, or the other way round"
        yield from _twice("option", [o.code for o in question.options])
    testing = {
        fact
        for rule in form.rules
        if OUTCOMES.index(rule.outcome) >= OUTCOMES.index("test")
        and rule.at_least == 1
        and not rule.and_any_of
        for fact in rule.any_of
    }
    if untested := set(form.symptoms()) - testing:
        yield f"{sorted(untested)} would be told as symptoms, and no rule says that a test follows"


def _twice(what: str, codes: Sequence[str]) -> Iterator[str]:
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        yield f"{what} {code!r} is there twice"


@cache
def all_versions() -> tuple[Questionnaire, ...]:
    """Every version there is, the oldest first. Raises PolicyError."""
    found = sorted((read(path) for path in FOLDER.glob("*.toml")), key=lambda q: (q.code, q.valid_from))
    for a, b in pairwise(found):
        if (a.code, a.valid_from) == (b.code, b.valid_from) or (a.code, a.version) == (b.code, b.version):
            raise PolicyError(Spot(b.code, b.version), "this version is there twice", "Remove one of the two")
    return tuple(found)


def on(code: str, day: date) -> Questionnaire:
    """The version in force on `day`; before the first one, the first. Raises KeyError for a form that is not known."""
    versions = [q for q in all_versions() if q.code == code]
    if not versions:
        raise KeyError(code)
    return next((q for q in reversed(versions) if q.valid_from <= day), versions[0])


def asked(kind: Kind) -> dict[str, Question]:
    """Questions of this kind in any version of any form, by code; of several with one code the newest."""
    return {q.code: q for form in all_versions() for q in form.questions if q.kind == kind}


def version(code: str, name: str) -> Questionnaire:
    """The form as it was when it was answered. Raises KeyError."""
    found = next((q for q in all_versions() if (q.code, q.version) == (code, name)), None)
    if found is None:
        raise KeyError(code, name)
    return found
