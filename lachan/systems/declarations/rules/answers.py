"""What may be answered, and the facts that answers tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lachan.policy.signs import SignsPolicy
from lachan.systems.declarations.rules.questionnaire import Question, Questionnaire

COLDEST: Final = 30.0
HOTTEST: Final = 45.0
LONGEST_TEXT: Final = 300

Answer = bool | float | str | list[str]
Answers = dict[str, Answer]


class BadAnswers(ValueError):
    """`problems` maps a question to missing, unknown-question, unknown-option, kind, range or length."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{code}: {problem}" for code, problem in problems.items()))
        self.problems = dict(problems)


def checked(form: Questionnaire, given: Mapping[str, object]) -> Answers:
    """The answers in the form in which they are kept; what was left empty is left out. Raises BadAnswers."""
    questions = {q.code: q for q in form.questions}
    problems = {str(code)[:40]: "unknown-question" for code in given if code not in questions}
    taken: Answers = {}
    for code, question in questions.items():
        value = given.get(code)
        if value is None or value == "" or value == []:
            if question.required:
                problems[code] = "missing"
            continue
        if problem := _problem(question, value):
            problems[code] = problem
        else:
            taken[code] = _kept(question, value)
    if problems:
        raise BadAnswers(problems)
    return taken


def facts(form: Questionnaire, answers: Mapping[str, Answer], limits: SignsPolicy) -> frozenset[str]:
    """What of these answers a rule can ask for; `limits` say what a fever is."""
    told: set[str] = set()
    for question in form.questions:
        value = answers.get(question.code)
        if question.kind == "many" and isinstance(value, list):
            told |= {f"{question.code}.{code}" for code in value}
        elif value is True or (isinstance(value, float) and limits.is_fever(value)):
            told.add(question.code)
    return frozenset(told)


def symptoms(form: Questionnaire, told: frozenset[str]) -> tuple[str, ...]:
    """Symptom codes as the other systems know them, each once, in the order of the form."""
    return tuple(dict.fromkeys(code for fact, code in form.symptoms().items() if fact in told))


def has_contact(form: Questionnaire, told: frozenset[str]) -> bool:
    return any(q.contact and q.code in told for q in form.questions)


def _problem(question: Question, value: object) -> str:
    if question.kind == "yes_no":
        return "" if isinstance(value, bool) else "kind"
    if question.kind == "text":
        return _text_problem(value)
    if question.kind == "temperature":
        return _temperature_problem(value)
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        return "kind"
    return "" if set(value) <= {option.code for option in question.options} else "unknown-option"


def _text_problem(value: object) -> str:
    if not isinstance(value, str) or any(not c.isprintable() and c not in "\n\r\t" for c in value):
        return "kind"
    return "" if len(value) <= LONGEST_TEXT else "length"


def _temperature_problem(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "kind"
    return "" if COLDEST <= value <= HOTTEST else "range"


def _kept(question: Question, value: object) -> Answer:
    if question.kind == "many" and isinstance(value, list):
        return [option.code for option in question.options if option.code in value]
    if question.kind == "temperature" and isinstance(value, int | float):
        return round(float(value), 1)
    return value if isinstance(value, bool | str) else str(value)
