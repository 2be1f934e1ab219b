"""Daily monitoring: what is written down, what alarms (danger signs of 4038/QĐ-BYT, 21 Aug 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

FEVER_ABOVE: Final = 37.5
SPO2_BELOW: Final = 96
PULSE: Final = (50, 120)
BREATHS_ABOVE: Final = 20

DANGER: Final = ("dyspnoea", "chest_pain", "confusion", "cyanosis")
SYMPTOMS: Final = (
    "fever", "cough", "sore_throat", "fatigue", "headache", "muscle_ache", "runny_nose", "loss_of_smell",
    "vomiting", "diarrhoea", "rash", *DANGER,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Degrees Celsius, percent, beats and breaths a minute; None where not measured."""

    taken_at: datetime
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
    signs: list[str] = [code for code in DANGER if code in reading.symptoms]
    if reading.spo2 is not None and reading.spo2 < SPO2_BELOW:
        signs.append("low-spo2")
    if reading.pulse is not None and not PULSE[0] <= reading.pulse <= PULSE[1]:
        signs.append("pulse")
    if reading.breaths is not None and reading.breaths > BREATHS_ABOVE:
        signs.append("fast-breathing")
    return tuple(signs)


def _feverish(reading: Reading) -> bool:
    return reading.temperature is not None and reading.temperature > FEVER_ABOVE
