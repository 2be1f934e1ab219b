"""From answers to what follows; the rule that fired is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lachan.systems.declarations.rules.questionnaire import OUTCOMES, Outcome, Questionnaire, TriageRule


@dataclass(frozen=True, slots=True)
class Triage:
    """`rule` is None where nothing fired."""

    outcome: Outcome
    rule: TriageRule | None
    form: Questionnaire

    @property
    def rank(self) -> int:
        """0 mildest to 4."""
        return OUTCOMES.index(self.outcome)

    @property
    def rule_code(self) -> str:
        return self.rule.code if self.rule else ""

    @property
    def tests(self) -> bool:
        return self.rank >= OUTCOMES.index("test")

    @property
    def calls_back(self) -> bool:
        return self.rank >= OUTCOMES.index("call")


def triage(form: Questionnaire, told: frozenset[str]) -> Triage:
    """Exactly one: the gravest rule that fires, of two as grave the first in the form."""
    fired = [rule for rule in form.rules if fires(rule, told)]
    if not fired:
        return Triage("none", None, form)
    gravest = max(fired, key=lambda rule: (OUTCOMES.index(rule.outcome), -fired.index(rule)))
    return Triage(gravest.outcome, gravest, form)


def fires(rule: TriageRule, told: frozenset[str]) -> bool:
    enough = len(told & {*rule.any_of}) >= rule.at_least
    return enough and (not rule.and_any_of or bool(told & {*rule.and_any_of}))


def reports_due(starts_on: date, ends_on: date, today: date) -> bool:
    """Whether a diary is to be kept today: from the order's first day until the day on which it ends (not included)."""
    return starts_on <= today < ends_on


def days_silent(starts_on: date, last_on: date | None, today: date) -> int:
    """Whole days without a report, today included; counted from the order's first day, not from any registration."""
    return max(0, (today - (last_on or starts_on - timedelta(days=1))).days)
