"""Symptom codes as people read them: the same at every desk that asks for them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SYMPTOM: Final[Mapping[str, "StrOrPromise"]] = {
    "fever": _("fever"),
    "cough": _("cough"),
    "sore_throat": _("sore throat"),
    "fatigue": _("fatigue"),
    "headache": _("headache"),
    "muscle_ache": _("muscle ache"),
    "runny_nose": _("runny nose"),
    "loss_of_smell": _("loss of smell or taste"),
    "vomiting": _("vomiting"),
    "diarrhoea": _("diarrhoea"),
    "rash": _("rash"),
    "dyspnoea": _("difficult breathing"),
    "chest_pain": _("chest pain"),
    "confusion": _("confusion"),
    "cyanosis": _("blue lips or fingers"),
}
