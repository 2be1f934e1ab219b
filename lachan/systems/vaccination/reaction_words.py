"""Words of reactions after an injection."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.screen import Badge, Tone
from lachan.systems.vaccination.rules.reactions import Clock, Severity

SYMPTOM = {
    "pain": _("pain at the site"), "swelling": _("swelling or redness at the site"), "fever": _("fever"),
    "high_fever": _("fever of 39 °C or more"), "fatigue": _("fatigue"), "headache": _("headache"),
    "muscle_ache": _("muscle ache"), "chills": _("chills"), "nausea": _("nausea or vomiting"),
    "rash": _("rash or itching"), "numb_lips": _("numb lips or tongue"),
    "throat_tightness": _("tight or itching throat"), "breathless": _("breathlessness"),
    "chest_pain": _("chest pain"), "palpitation": _("palpitation"), "dizziness": _("dizziness"),
    "faint": _("fainting"), "stomach_ache": _("stomach ache"), "numb_limbs": _("numb or weak limbs"),
    "bleeding": _("bleeding"), "seizure": _("seizure"),
}  # fmt: skip
CRITERION = {
    "hospital": _("brought into a hospital"),
    "life_threatening": _("life in danger"),
    "disability": _("lasting disability"),
    "death": _("death"),
}
SEVERITY = {"mild": _("mild"), "moderate": _("moderate"), "serious": _("serious")}
TELLER = {
    "person": _("the person or their family"),
    "site": _("the vaccination site"),
    "hospital": _("a hospital"),
    "centre": _("the response centre"),
}
STEP = {
    "assessed": _("Assessed"),
    "investigated": _("Investigation reported"),
    "council": _("The council met"),
    "concluded": _("Concluded"),
}
WAITS = {"investigated": _("to be investigated by"), "council": _("the council is to meet by")}
# WHO, 2018 revision of the causality assessment (from memory).
CAUSE = {
    "A1": _("A1: the vaccine itself"),
    "A2": _("A2: a defect of quality"),
    "A3": _("A3: an error of immunisation"),
    "A4": _("A4: anxiety or stress"),
    "B1": _("B1: in time, but not enough is known"),
    "B2": _("B2: signs for and against"),
    "C": _("C: coincidence"),
    "D": _("D: cannot be classified"),
}
TONES: dict[str, Tone] = {"mild": "", "moderate": "warn", "serious": "stop"}


def severity_badge(severity: Severity) -> Badge:
    return Badge(SEVERITY[severity], TONES[severity])


def listed(codes: Iterable[str]) -> str:
    """Symptoms and criteria, in the order of the lists."""
    given = set(codes)
    return ", ".join(str(word) for code, word in (CRITERION | SYMPTOM).items() if code in given)


def waits(running: Clock | None) -> str:
    """`to be investigated by 14:05 12/11/2026`."""
    if running is None:
        return ""
    return f"{WAITS[running.kind]} {moment(running.due_at)}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
