"""Asking for a correction, at a desk or in the health book: the form for a person, and what is sent with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lachan.core.models import Actor, Person
from lachan.systems.vaccination.commands import ask_correction
from lachan.systems.vaccination.correction_forms import WrongForm
from lachan.systems.vaccination.correction_words import dose_line
from lachan.systems.vaccination.models import CorrectionRequest, Dose
from lachan.systems.vaccination.queries.corrections import correctable
from lachan.systems.vaccination.queries.policy import vaccine_name


def wrong_form(data: Mapping[str, Any] | None, *, kind: str, person: Person, at: datetime) -> WrongForm:
    doses = [(dose.pk, dose_line(dose, vaccine_name(dose))) for dose in correctable(person, at=at)]
    return WrongForm(data, kind=kind, doses=doses)


def ask(form: WrongForm, *, kind: str, person: Person, actor: Actor, at: datetime) -> CorrectionRequest:
    """Of a form that is valid. Raises CannotCorrect; BadName, BadDate."""
    given = form.cleaned_data
    dose = Dose.objects.filter(pk=given["dose"]).first() if "dose" in given else None
    return ask_correction(
        person=person, kind=kind, wanted=given["wanted"], words=given["words"], dose=dose, actor=actor, at=at
    )
