"""Daily monitoring: what is written down, what alarms by the limits of the policy (part `signs`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lachan.policy.signs import SignsPolicy

DANGER: Final = ("dyspnoea", "chest_pain", "confusion", "cyanosis")
SYMPTOMS: Final = (
    "fever", "cough", "sore_throat", "fatigue", "headache", "muscle_ache", "runny_nose", "loss_of_smell",
    "vomiting", "diarrhoea", "rash", *DANGER,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Degrees Celsius, percent, beats and breaths a minute; None where not measured. `limits`: those of its day."""

    taken_at: datetime
    limits: SignsPolicy
    temperature: float | None = None
    spo2: int | None = None
    pulse: int | None = None
    breaths: int | None = None
    symptoms: tuple[str, ...] = ()


def is_clean(reading: Reading) -> bool:
    """No symptom, no fever, nothing that alarms."""
    return not reading.symptoms and not alarms(reading) and not _feverish(reading)


def declared(reading: Reading) -> tuple[str, ...]:
    """The symptoms that a reading tells of; a measured fever is one."""
    fever = ("fever",) if _feverish(reading) else ()
    return tuple(dict.fromkeys((*fever, *reading.symptoms)))


def alarms(reading: Reading) -> tuple[str, ...]:
    """Codes of what asks for a doctor now."""
    limits = reading.limits
    signs: list[str] = [code for code in DANGER if code in reading.symptoms]
    if reading.spo2 is not None and reading.spo2 < limits.spo2_below:
        signs.append("low-spo2")
    if reading.pulse is not None and not limits.pulse_low <= reading.pulse <= limits.pulse_high:
        signs.append("pulse")
    if reading.breaths is not None and reading.breaths > limits.breaths_above:
        signs.append("fast-breathing")
    return tuple(signs)


def _feverish(reading: Reading) -> bool:
    return reading.limits.is_fever(reading.temperature)
