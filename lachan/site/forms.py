"""Forms of the pages that look across the systems."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    CodeField,
    DigitsField,
    Form,
    LineField,
    PhoneField,
)

SEXES = [("f", _("Female")), ("m", _("Male")), ("x", _("Other")), ("", _("Not known"))]


class RegisterForm(Form):
    name = LineField(label=_("Full name"), max_length=200, help_text=_("As on the papers, in the same order"))
    birth = BirthDateField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False, widget=forms.RadioSelect)
    home_area = AreaField(label=_("Lives in"), least_level=3)
    address = LineField(label=_("House and street"), max_length=300, required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    national_id = DigitsField(label=_("Citizen ID number"), lengths=(9, 12), required=False)
    health_insurance = LineField(label=_("Health insurance number"), max_length=20, required=False)


class NotePhoneForm(Form):
    phone = PhoneField(label=_("Telephone of the person or the family"))


class MergeForm(Form):
    code = CodeField(label=_("Code of the other record"), scan=True)
    reason = LineField(label=_("Why they are one person"), max_length=200)
