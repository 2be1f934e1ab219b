"""Codes as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lachan.codecs.mrz.countries import ISO_3166
from lachan.platform.screen import Badge, Tone
from lachan.platform.symptoms import SYMPTOM as KNOWN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]
_SHORT: Final[Mapping[str, list[str]]] = get_global("territory_aliases")  # FRA: [FR]

SYMPTOM: Final[Words] = {
    **{
        code: KNOWN[code]
        for code in ("fever", "cough", "dyspnoea", "sore_throat", "vomiting", "diarrhoea", "rash")
    },
    "haemorrhage": _("bleeding under the skin"),
}
EXPOSURE: Final[Words] = {
    "animals": _("I was at a farm, a slaughterhouse or a market with live animals"),
    "close_contact": _("I was closer than 2 metres to somebody who has the disease"),
}
DUTY: Final[Words] = {
    "none": _("No duty"),
    "test": _("Test"),
    "home": _("Stay at home"),
    "facility": _("Quarantine at a site"),
}
TONE: Final[Mapping[str, Tone]] = {"none": "ok", "test": "accent", "home": "warn", "facility": "stop"}
REASON: Final[Words] = {
    "everybody": _("the rule is for everybody who comes"),
    "variant": _("comes from a country with a new variant"),
    "child": _("below two years of age"),
    "test-shown": _("a valid negative test was shown"),
    "no-test": _("no valid negative test was shown"),
    "immune": _("vaccinated or recovered within the limits"),
    "not-immune": _("neither vaccinated nor recovered within the limits"),
    "immune-and-test": _("vaccinated or recovered, with a valid negative test"),
    "immune-no-test": _("vaccinated or recovered, without a valid negative test"),
    "tested": _("has a valid negative test"),
    "claimed": _("rests on what nobody has seen yet"),
    "no-rule": _("no rule of entry is in force"),
    "officer": _("decided by the officer"),
}
OTHER_COUNTRIES: Final[Words] = {"UTO": _("Utopia (exercises)")}
NOT_VALID: Final[Words] = {
    "other-name": _("It names another person."),
    "other-birth": _("It has another date of birth."),
    "shown-by-another": _("Another traveller showed the same certificate."),
    "nothing-counts": _("It tells of no dose, negative test or recovery."),
}


def country(code: str) -> str:
    """The name of a country by its ISO 3166-1 alpha-3 code, in the reader's language; without a name the code."""
    names = Locale.parse((get_language() or "vi").split("-")[0]).territories
    known = (names[short] for short in _SHORT.get(code, ()) if short in names)
    return next(known, str(OTHER_COUNTRIES.get(code, code)))


def countries(others: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Every country as a choice, by name, and the `others` that the rules in force name."""
    return sorted(((code, country(code)) for code in ISO_3166 | {*others}), key=lambda pair: pair[1])


def duty_badge(duty: str) -> Badge:
    return Badge(DUTY[duty], TONE[duty])


def reasons(codes: Sequence[str]) -> list[StrOrPromise]:
    return [REASON.get(code, code) for code in codes]
