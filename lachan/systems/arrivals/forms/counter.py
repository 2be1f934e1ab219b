"""The counter: one box for whatever is scanned or typed, and what the officer found."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import DayField, Form, LineField, ProseField
from lachan.systems.arrivals import words
from lachan.systems.arrivals.commands import Finding
from lachan.systems.arrivals.models import DutyKind
from lachan.systems.arrivals.rules.counter import temperature_of

LONGEST = 8_000
SEEN = [("vaccination", _("vaccination")), ("test", _("negative test")), ("recovery", _("recovery"))]


class TypedForm(Form):
    """`typed`: a QR code, five digits, a passport number, its lines, a certificate (in which two spaces are two), or a
    temperature."""

    typed = ProseField(
        label=_("Scan or type"), max_length=LONGEST, error_messages={"required": _("Scan or type something.")},
        widget=forms.TextInput(
            attrs={"class": "scan code", "data-scan": "", "autofocus": "", "autocomplete": "off", "spellcheck": "false"}
        ),
    )  # fmt: skip


class FindingForm(TypedForm):
    """The temperature stands in the box itself."""

    seen = forms.MultipleChoiceField(
        label=_("I saw on paper"), choices=SEEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    unseen = forms.BooleanField(label=_("The document was not seen"), required=False)
    duty = forms.ChoiceField(
        label=_("Otherwise than the rule"),
        choices=[("", _("as the rule says")), *words.DUTY.items()],
        required=False,
    )
    reason = LineField(label=_("Why otherwise"), required=False, max_length=300)

    def finding(self) -> Finding | None:
        """None where what was typed is no temperature."""
        given = self.cleaned_data
        measured = temperature_of(given["typed"])
        if measured is None:
            return None
        return Finding(
            temperature=measured, seen=tuple(given["seen"]), document_seen=not given["unseen"], duty=given["duty"],
            reason=given["reason"],
        )  # fmt: skip


class ArrivalsFilter(Form):
    """The list of a gate."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("any")), ("expected", _("expected")), ("waiting", _("waiting")), ("cleared", _("cleared"))],
    )  # fmt: skip
    duty = forms.ChoiceField(
        label=_("Duty"),
        required=False,
        choices=[("", _("any")), *((d, words.DUTY[d]) for d in DutyKind.values)],
    )
    day = DayField(label=_("Day of arrival"), required=False, help_text="")
    vehicle = LineField(label=_("Flight, ship, train or vehicle"), required=False, max_length=20)
