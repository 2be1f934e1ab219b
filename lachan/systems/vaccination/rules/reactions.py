"""How bad a reaction after an injection is, and by when what is to be done: pure functions.

Decree 104/2016/NĐ-CP, article 6 (seen in reprints): a serious one is investigated within 24 hours, and the council
meets within 5 working days of the report of that investigation. Severity, causality and what alarms: from memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from lachan.policy import VaccinationPolicy

Severity = Literal["mild", "moderate", "serious"]
StepKind = Literal["assessed", "investigated", "council", "concluded"]
STEP_KINDS: Final = ("assessed", "investigated", "council", "concluded")
CRITERIA: Final = ("death", "life_threatening", "hospital", "disability")
SYMPTOMS: Final = (
    "pain", "swelling", "fever", "high_fever", "fatigue", "headache", "muscle_ache", "chills", "nausea", "rash",
    "numb_lips", "throat_tightness", "breathless", "chest_pain", "palpitation", "dizziness", "faint", "stomach_ache",
    "numb_limbs", "bleeding", "seizure",
)  # fmt: skip
# Any of these is put before somebody who calls at once.
ALARMING: Final = frozenset(
    {
        "numb_lips",
        "throat_tightness",
        "breathless",
        "chest_pain",
        "faint",
        "seizure",
        "bleeding",
        "high_fever",
    }
)
MODERATE: Final = ALARMING | {"rash", "palpitation", "numb_limbs"}
CAUSES: Final = ("A1", "A2", "A3", "A4", "B1", "B2", "C", "D")
CLOSING_HOUR: Final = 17
WEEKEND: Final = (6, 7)


def severity_of(symptoms: Collection[str], criteria: Collection[str]) -> Severity:
    """Serious if it killed, threatened life, brought into a hospital or disabled; else by what is felt."""
    if set(criteria) & set(CRITERIA):
        return "serious"
    return "moderate" if set(symptoms) & MODERATE else "mild"


def is_urgent(symptoms: Collection[str], criteria: Collection[str]) -> bool:
    """Somebody is to call at once."""
    return bool(set(criteria) & set(CRITERIA) or set(symptoms) & ALARMING)


def criteria_now(told: Sequence[str], assessed: Sequence[Sequence[str]]) -> list[str]:
    """What makes it serious, by the last assessment if there was one."""
    return list(assessed[-1] if assessed else told)


@dataclass(frozen=True, slots=True)
class Clock:
    """A step that a serious reaction still waits for, and until when."""

    kind: StepKind
    due_at: datetime


def clock_of(
    severity: Severity,
    told_at: datetime,
    done: Mapping[str, datetime],
    *,
    policy: VaccinationPolicy,
    zone: ZoneInfo,
) -> Clock | None:
    """The step that is due next; None for what is not serious, or when the council has met."""
    if severity != "serious" or "council" in done or "concluded" in done:
        return None
    if (investigated := done.get("investigated")) is None:
        return Clock("investigated", told_at + timedelta(hours=policy.investigate_hours))
    return Clock("council", after_working_days(investigated, policy.council_working_days, zone))


def after_working_days(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of office hours of the last of so many working days, counted from the day after. Holidays are not known
    to these rules, so that the clock never ends later than the decree's."""
    day = start.astimezone(zone).date()
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() not in WEEKEND
    return datetime.combine(day, time(CLOSING_HOUR), zone).astimezone(start.tzinfo)


def refusal_of_step(kind: str, severity: Severity, done: Collection[str]) -> str | None:
    """Why a step may not be written down now: step-unknown, step-done, not-investigated, no-council,
    concluded-before."""
    if kind not in STEP_KINDS:
        return "step-unknown"
    if "concluded" in done:
        return "concluded-before"
    if kind in done and kind != "assessed":
        return "step-done"
    if kind == "council" and "investigated" not in done:
        return "not-investigated"
    if kind == "concluded" and severity == "serious" and "council" not in done:
        return "no-council"
    return None
