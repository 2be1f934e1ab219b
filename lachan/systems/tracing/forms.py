"""What people type in tracing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    CodeField,
    DayField,
    Form,
    LineField,
    MomentField,
    PhoneField,
    ProseField,
)
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.tracing.models import CallOutcome, Setting

CASE_STATES = [
    ("", _("All open cases")),
    ("confirmed", _("Confirmed")),
    ("open", _("Suspect and probable")),
    ("ended", _("Ended")),
    ("withdrawn", _("Withdrawn")),
]
WORK_STATES = [
    ("", _("To be called")),
    ("late", _("Not reached in time")),
    ("unreached", _("Not reached yet")),
    ("mine", _("Taken on by me")),
    ("all", _("All contacts")),
]
MASKS = [("", _("Not known")), ("yes", _("Both wore masks")), ("no", _("Without masks"))]


def _today() -> Any:
    return clock.local_date(clock.now())


class CaseFilter(Form):
    state = forms.ChoiceField(label=_("State"), choices=CASE_STATES, required=False)
    # By code, not by name: what is typed here stands in the address. Names are looked for on the page of people.
    code = CodeField(label=_("Code of a person"), required=False)


class WorkFilter(Form):
    state = forms.ChoiceField(label=_("Show"), choices=WORK_STATES, required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", _("All")), ("1", "F1"), ("2", "F2")], required=False
    )


class SymptomsField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Symptoms"))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=list(SYMPTOM.items()), required=False, **kwargs)


class ReportForm(Form):
    code = CodeField(label=_("Code of the person"), scan=True)
    symptoms = SymptomsField()
    onset_on = DayField(label=_("Day of onset"), required=False, latest=_today)
    epi_link = forms.BooleanField(
        label=_("Met a case or stayed in an outbreak area within 14 days"), required=False
    )
    diagnosis = forms.BooleanField(label=_("A clinician's diagnosis"), required=False)
    note = ProseField(label=_("Note"), required=False, max_length=500)


class FindingForm(Form):
    """More evidence on a case that is known."""

    symptoms = SymptomsField()
    onset_on = DayField(label=_("Day of onset"), required=False, latest=_today)
    epi_link = forms.BooleanField(label=_("Met a case or stayed in an outbreak area"), required=False)
    isolated_at = MomentField(label=_("Isolated since"), required=False)
    note = ProseField(label=_("Note"), required=False, max_length=500)


class ExposureForm(Form):
    """One person whom the case met: by code, or by name for somebody who is registered now."""

    code = CodeField(label=_("Code of the person met"), required=False)
    name = LineField(label=_("Or full name"), required=False, max_length=200)
    birth = BirthDateField(label=_("Born"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    area = AreaField(label=_("Lives in"), required=False)
    setting = forms.ChoiceField(label=_("Where they met"), choices=Setting.choices)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    masked = forms.ChoiceField(label=_("Masks"), choices=MASKS, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("code") and not given.get("name") and "code" not in self.errors:
            self.add_error("code", forms.ValidationError(_("Give a code or a name."), code="nobody"))
        return given


class CallForm(Form):
    outcome = forms.ChoiceField(label=_("How it went"), choices=CallOutcome.choices, widget=forms.RadioSelect)
    symptoms = SymptomsField()
    onset_on = DayField(label=_("Day of onset"), required=False, latest=_today)
    next_at = MomentField(label=_("Call again"), required=False)
    note = ProseField(label=_("Note"), required=False, max_length=500)


class ReasonForm(Form):
    reason = LineField(label=_("Reason"), max_length=200)


class HandOverForm(Form):
    to_area = AreaField(label=_("To"))
    reason = ProseField(label=_("Reason"), max_length=300)


class DecisionForm(Form):
    """Accept, or decline with a reason."""

    answer = forms.ChoiceField(choices=[("accept", "accept"), ("decline", "decline")])
    reason = ProseField(label=_("Reason"), required=False, max_length=300)


def masked(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)
