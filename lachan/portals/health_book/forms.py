"""Forms of the book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import Form, LineField, PhoneField, ProseField

LONGEST_QUESTION, LONGEST_ANSWER = 500, 1_000
PHONE = {"inputmode": "tel", "type": "tel", "class": "short", "autocomplete": "tel"}
CODE = {"inputmode": "numeric", "class": "short", "autocomplete": "one-time-code", "autofocus": ""}


class PhoneForm(Form):
    phone = PhoneField(
        label=_("Your telephone number"),
        help_text=_("The number that the health station has noted for you or your family."),
        widget=forms.TextInput(attrs=PHONE),
    )


class CodeForm(Form):
    code = LineField(
        label=_("Code from the text message"),
        help_text=_("7 digits, like 123 4567"),
        max_length=20,
        widget=forms.TextInput(attrs=CODE),
    )


class AskForm(Form):
    text = ProseField(label=_("What do you want to know?"), max_length=LONGEST_QUESTION)


class AnswerForm(Form):
    answer = ProseField(label=_("Answer"), max_length=LONGEST_ANSWER)
