"""What agents type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.access import Purpose
from lachan.platform.forms import AreaField, CodeField, Form, MomentField, PhoneField, ProseField
from lachan.platform.symptoms import SYMPTOM
from lachan.portals.response_centre import words
from lachan.systems.feedback.queries.policy import NoReportsYet, category_names
from lachan.systems.vaccination import reaction_words

SUBJECTS = [("", "—"), *words.SUBJECT.items()]
PURPOSES = [(p.value, p.label) for p in Purpose if p not in (Purpose.SELF, Purpose.ENTRY)]


class TakeForm(Form):
    phone = PhoneField(label=_("Telephone of the caller"))
    subject = forms.ChoiceField(label=_("What is the call about?"), choices=SUBJECTS)


class WishForm(TakeForm):
    urgent = forms.BooleanField(label=_("Urgent: somebody is unwell"), required=False)
    note = ProseField(label=_("What to know before calling"), required=False, max_length=500)


class NumberForm(Form):
    """The number of somebody who is to be called and has none in their record."""

    phone = PhoneField(label=_("Number at which the person can be reached"))


class OpenForm(Form):
    """Who is on the telephone, and what the record is opened for."""

    person = CodeField(label=_("Code of the person"))
    purpose = forms.ChoiceField(label=_("What for?"), choices=PURPOSES, widget=forms.RadioSelect)


def _categories() -> list[tuple[str, Any]]:
    try:
        return [("", "—"), *category_names(clock.now()).items()]
    except NoReportsYet:
        return [("", "—")]


class EndForm(Form):
    outcome = forms.ChoiceField(
        label=_("How does the call end?"), choices=list(words.ENDING.items()), widget=forms.RadioSelect,
        initial="answered",
    )  # fmt: skip
    write = forms.ChoiceField(
        label=_("What is to be written down?"), choices=list(words.WRITE.items()), widget=forms.RadioSelect,
        initial="nothing", required=False,
    )  # fmt: skip
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms that were told"), choices=list(SYMPTOM.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    felt = forms.MultipleChoiceField(
        label=_("Felt after the injection"), choices=list(reaction_words.SYMPTOM.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    criteria = forms.MultipleChoiceField(
        label=_("The reaction is serious, because of"), choices=list(reaction_words.CRITERION.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    since = MomentField(label=_("The reaction began"), required=False, help_text=_("Empty: now"))
    category = forms.ChoiceField(label=_("The report is about"), choices=_categories, required=False)
    area = AreaField(label=_("Where? Commune or ward, district or province"), required=False)
    urgent = forms.BooleanField(label=_("Call back urgently"), required=False)
    note = ProseField(label=_("What was told and answered"), required=False, max_length=1_000)

    def __init__(self, *args: Any, opened: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not opened:  # what is written to a record waits until one is open
            for name in ("felt", "criteria", "since"):
                del self.fields[name]


class NoteForm(Form):
    text = ProseField(label=_("What does the next shift have to know?"), max_length=2_000)
