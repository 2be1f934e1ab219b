"""What people type in quarantine."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import Place
from lachan.platform.forms import CodeField, DayField, Form, LineField, MomentField, ProseField
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.quarantine import words
from lachan.systems.quarantine.commands.monitoring import LIMITS, Measured

STATES = [
    ("open", _("In force")),
    ("waiting", _("Waiting for a bed")),
    ("in-facility", _("In a facility")),
    ("home", _("At home")),
    ("over", _("End reached")),
    ("ended", _("Ended")),
]
MOST_BEDS = 60


class OrderFilter(Form):
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    subject = forms.ChoiceField(
        label=_("Who"), choices=[("", _("Everybody")), *words.SUBJECT.items()], required=False
    )
    # By code, not by name: what is typed here stands in the address. Names are looked for on the page of people.
    code = CodeField(label=_("Code of a person"), required=False)


class DayFilter(Form):
    day = DayField(label=_("Day"), required=False)


class NewOrder(Form):
    code = CodeField(label=_("Code of the person"), scan=True)
    subject = forms.ChoiceField(
        label=_("Why"),
        choices=[(s, words.SUBJECT[s]) for s in ("arrival", "returnee", "F1", "F2")],
        widget=forms.RadioSelect,
    )
    exposed_on = DayField(
        label=_("Day 0"), latest=lambda: clock.local_date(clock.now()),
        help_text=_("The day of arrival, or of the last contact. For example 5/3/2021"),
    )  # fmt: skip


class NewRoom(Form):
    name = LineField(label=_("Name of the room"), max_length=60)
    beds = forms.IntegerField(
        label=_("Beds"),
        min_value=1,
        max_value=MOST_BEDS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class ArrivalScan(Form):
    code = CodeField(label=_("Scan the person's code, or type it"), scan=True)


class ReadingForm(Form):
    """One measurement. What was not measured stays empty."""

    temperature = forms.DecimalField(
        label=_("Temperature (°C)"), required=False, max_digits=3, decimal_places=1, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )  # fmt: skip
    spo2 = forms.IntegerField(
        label=_("SpO2 (%)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    pulse = forms.IntegerField(
        label=_("Pulse (a minute)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    breaths = forms.IntegerField(
        label=_("Breaths (a minute)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"),
        required=False,
        choices=list(SYMPTOM.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    taken_at = MomentField(
        label=_("When"), required=False, help_text=_("Leave empty for now. For example 08:42 5/3/2021")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in LIMITS.items():
            field = self.fields[name]
            field.validators.append(MinValueValidator(least))
            field.validators.append(MaxValueValidator(most))

    def measured(self) -> Measured:
        given = self.cleaned_data
        return Measured(
            taken_at=given["taken_at"] or clock.now(), symptoms=tuple(given["symptoms"]),
            **{name: given[name] for name in LIMITS},
        )  # fmt: skip


class EarlyRelease(Form):
    reason = ProseField(
        label=_("Reason for early release"), max_length=500,
        help_text=_("A second person has to agree before anybody goes."),
    )  # fmt: skip


class SendToSite(Form):
    """Which people (order numbers) go to which site."""

    site = forms.ChoiceField(label=_("Send to"))

    def __init__(self, *args: Any, sites: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(str(s.pk), s.name) for s in sites]  # type: ignore[attr-defined]
