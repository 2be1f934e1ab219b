"""The screening form before an injection: ten questions, vital signs, four conclusions (4355/QĐ-BYT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lachan.policy import VaccinationPolicy
from lachan.policy.vaccination import Conclusion, Question, VitalSigns

Outcome = Literal["eligible", "contraindicated", "defer", "hospital", "careful"]
Sex = Literal["male", "female", "unknown"]

# 4355: question 1 refuses, 2, 3 and 4a delay, any of the rest asks for care; the first of these that holds counts.
GRAVEST_FIRST: Final[tuple[Conclusion, ...]] = ("contraindicated", "defer", "hospital", "careful")
ADULT_AGE: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What was measured: °C, a minute, mmHg. None: not measured. `usual_systolic`: what the person knows of."""

    temperature: float | None = None
    pulse: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    breaths: int | None = None
    usual_systolic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The conclusion and the codes that led to it: questions ("4a") and abnormal signs ("pulse")."""

    outcome: Outcome
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """Nothing can be concluded yet: codes of questions without an answer and signs not measured."""

    missing: tuple[str, ...]


def questions_for(policy: VaccinationPolicy, *, age: int, sex: Sex) -> tuple[Question, ...]:
    """The questions that this person is asked; where the sex is not known, those for women are asked too."""

    def concerns(question: Question) -> bool:
        if question.asked == "women":
            return sex != "male"
        return question.asked == "everyone" or age < ADULT_AGE

    return tuple(question for question in policy.questions if concerns(question))


def conclude(
    answers: Mapping[str, bool],
    signs: Signs,
    *,
    age: int,
    sex: Sex,
    pressure_needed: bool = False,
    policy: VaccinationPolicy,
) -> Screening | Incomplete:
    """The gravest conclusion that a yes or an abnormal sign leads to; a sign out of its limits asks for care.

    `pressure_needed`: hypertension or a disease of the heart is known; older people are always measured.
    """
    asked = questions_for(policy, age=age, sex=sex)
    limits = policy.vital_signs
    missing = [q.code for q in asked if q.code not in answers]
    missing += _unmeasured(signs, pressure=pressure_needed or age > limits.pressure_above_age)
    if missing:
        return Incomplete(missing=tuple(missing))
    reasons: dict[Conclusion, list[str]] = {conclusion: [] for conclusion in GRAVEST_FIRST}
    for question in asked:
        if answers[question.code]:
            reasons[question.yes].append(question.code)
    reasons["careful"] += abnormal_signs(signs, limits)
    for conclusion in GRAVEST_FIRST:
        if reasons[conclusion]:
            return Screening(outcome=conclusion, because=tuple(reasons[conclusion]))
    return Screening(outcome="eligible")


def abnormal_signs(signs: Signs, limits: VitalSigns) -> list[str]:
    """Names of the signs that lie outside the limits; the limits themselves are normal."""
    bounds: dict[str, tuple[float | None, float, float]] = {
        "temperature": (signs.temperature, limits.temperature_low, limits.temperature_high),
        "pulse": (signs.pulse, limits.pulse_low, limits.pulse_high),
        "systolic": (signs.systolic, limits.systolic_low, _systolic_high(signs, limits)),
        "diastolic": (signs.diastolic, limits.diastolic_low, limits.diastolic_high),
        "breaths": (signs.breaths, 0, limits.breaths_high),
    }
    return [
        name for name, (value, low, high) in bounds.items() if value is not None and not low <= value <= high
    ]


def _systolic_high(signs: Signs, limits: VitalSigns) -> float:
    if signs.usual_systolic is None:
        return limits.systolic_high
    return min(limits.systolic_high, signs.usual_systolic + limits.systolic_rise)


def _unmeasured(signs: Signs, *, pressure: bool) -> list[str]:
    needed = ["temperature", "pulse", *(["systolic", "diastolic"] if pressure else [])]
    return [name for name in needed if getattr(signs, name) is None]
