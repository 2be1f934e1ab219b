"""Codes of the line as people read them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone
from lachan.policy import VaccinationPolicy
from lachan.policy.vaccination import Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STEP: Final[Mapping[str, "StrOrPromise"]] = {
    "screening": _("Waiting for examination"),
    "injection": _("Waiting for injection"),
    "observation": _("Being watched"),
    "leaving": _("May go"),
    "gone": _("Gone"),
}
OUTCOME: Final[Mapping[str, tuple["StrOrPromise", Tone]]] = {
    "eligible": (_("Fit for vaccination"), "ok"),
    "contraindicated": (_("Must not be given the same vaccine"), "stop"),
    "defer": (_("To be put off"), "warn"),
    "hospital": (_("To be vaccinated in a hospital"), "warn"),
    "careful": (_("Vaccination with care"), "warn"),
}
KIND: Final[Mapping[str, "StrOrPromise"]] = {
    "primary": _("Primary dose %(number)s of %(of)s"),
    "additional": _("Additional dose"),
    "booster": _("Booster %(number)s"),
}
SOURCE: Final[Mapping[str, "StrOrPromise"]] = {
    "paper": _("Vaccination slip or book"),
    "certificate": _("Health certificate"),
    "list": _("List of another program"),
}
SIGN: Final[Mapping[str, "StrOrPromise"]] = {
    "temperature": _("temperature"),
    "pulse": _("pulse"),
    "systolic": _("upper blood pressure"),
    "diastolic": _("lower blood pressure"),
    "breaths": _("breaths a minute"),
}


def outcome(code: str) -> Badge:
    return Badge(*OUTCOME[code])


def kind(of: str, number: int, primary: int) -> str:
    """Which dose it is, for people."""
    return str(KIND[of]) % {"number": number, "of": primary}


def earlier(of: str, number: int) -> str:
    """As `kind`, of a course whose length is not known yet."""
    return gettext("Primary dose %(number)s") % {"number": number} if of == "primary" else kind(of, number, 0)


def question(asked: Question) -> str:
    """Its text in the reader's language."""
    return asked.text_vi if (get_language() or "vi").startswith("vi") else asked.text_en


def because(codes: Iterable[str], policy: VaccinationPolicy) -> list[str]:
    """Why it was concluded so: questions answered with yes, and signs out of their limits."""
    asked = {q.code: question(q) for q in policy.questions}
    return [
        asked[c] if c in asked else gettext("%(sign)s out of its limits") % {"sign": SIGN[c]} for c in codes
    ]
