"""What is asked about a reaction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import CodeField, Form, MomentField, ProseField
from lachan.systems.vaccination import reaction_words as words

BOXES = forms.CheckboxSelectMultiple


class FeltForm(Form):
    """What somebody says of themselves."""

    symptoms = forms.MultipleChoiceField(
        label=_("What do you feel?"), choices=list(words.SYMPTOM.items()), required=False, widget=BOXES
    )
    criteria = forms.MultipleChoiceField(
        label=_("Did it go as far as this?"),
        choices=list(words.CRITERION.items())[:2],
        required=False,
        widget=BOXES,
    )
    began_at = MomentField(label=_("Since when?"), required=False)
    words = ProseField(label=_("In your words"), required=False, max_length=1_000)


class ReactionForm(Form):
    """The same as staff write it down."""

    person = CodeField(label=_("Code of the person"))
    told_by = forms.ChoiceField(
        label=_("Who tells it?"), choices=list(words.TELLER.items()), initial="site", widget=forms.RadioSelect
    )
    symptoms = forms.MultipleChoiceField(
        label=_("What was felt or seen?"), choices=list(words.SYMPTOM.items()), required=False, widget=BOXES
    )
    criteria = forms.MultipleChoiceField(
        label=_("Serious, because of"), choices=list(words.CRITERION.items()), required=False, widget=BOXES
    )
    began_at = MomentField(label=_("Since when?"), required=False)
    words = ProseField(label=_("What happened and what was done"), required=False, max_length=1_000)


class StepForm(Form):
    """What was done about a reaction."""

    kind = forms.ChoiceField(
        label=_("What was done?"), choices=list(words.STEP.items()), widget=forms.RadioSelect
    )
    criteria = forms.MultipleChoiceField(
        label=_("Serious, because of"), choices=list(words.CRITERION.items()), required=False, widget=BOXES
    )
    cause = forms.ChoiceField(
        label=_("Cause found"), choices=[("", "—"), *words.CAUSE.items()], required=False
    )
    note = ProseField(label=_("What was found out"), max_length=2_000)
