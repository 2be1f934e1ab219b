"""What is asked of who carries out a recall."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core.access import Purpose
from lachan.platform.forms import Form, LineField

PURPOSES = [(p.value, p.label) for p in (Purpose.VACCINATION, Purpose.CARE)]


class WhyForm(Form):
    purpose = forms.ChoiceField(
        label=_("What are the records shown for?"), choices=PURPOSES, widget=forms.RadioSelect,
        help_text=_("Each person on the list reads in their health book who looked, and what for."),
    )  # fmt: skip


class TakeBackForm(Form):
    sure = forms.BooleanField(label=_("The certificates on doses of this lot are to count no more"))
    evidence = LineField(label=_("On what does this rest? A letter, a report"), max_length=200)
