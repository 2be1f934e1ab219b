"""Forms of the gates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import AreaField, BirthDateField, CodeField, DayField, Form, LineField, PhoneField
from lachan.systems.checkpoints.commands.places import KINDS as REGISTERED_KINDS
from lachan.systems.checkpoints.models import Direction, Directions
from lachan.systems.checkpoints.words import KINDS

SPACES = [("", _("Not known")), ("yes", _("Closed rooms")), ("no", _("In the open air"))]


class ByHandForm(Form):
    name = LineField(label=_("Full name"))
    birth = BirthDateField(label=_("Date or year of birth"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Direction, widget=forms.RadioSelect, initial="in"
    )


class CheckInForm(Form):
    name = LineField(label=_("Full name"))
    phone = PhoneField(label=_("Telephone"))
    direction = forms.ChoiceField(
        label=_("You are"), choices=[("in", _("going in")), ("out", _("going out"))], widget=forms.RadioSelect,
        initial="in",
    )  # fmt: skip


class PlaceForm(Form):
    kind = forms.ChoiceField(
        label=_("Kind of place"), choices=[(k.value, KINDS[k]) for k in REGISTERED_KINDS]
    )
    name = LineField(label=_("Name of the place"), help_text=_("As it stands on the door"))
    area = AreaField(label=_("Commune or ward"), least_level=3)
    address = LineField(label=_("House and street"), max_length=300, required=False)
    phone = PhoneField(label=_("Telephone of the owner"), required=False)
    capacity = forms.IntegerField(
        label=_("Most people at once"), min_value=1, max_value=1_000_000, required=False
    )
    closed_space = forms.ChoiceField(label=_("Rooms"), choices=SPACES, required=False)
    default_stay_minutes = forms.IntegerField(
        label=_("Usual stay in minutes"), min_value=1, max_value=960, required=False,
        help_text=_("Counts when nobody scans the exit. Empty: what the policy says."),
    )  # fmt: skip
    directions = forms.ChoiceField(label=_("What is scanned"), choices=Directions, initial=Directions.BOTH)


class PlaceFilter(Form):
    q = LineField(label=_("Name of the place"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of place"),
        choices=[("", _("All")), *((str(k), word) for k, word in KINDS.items())],
        required=False,
    )
    silent = forms.BooleanField(label=_("No scan for 14 days"), required=False)


class DeviceForm(Form):
    device = LineField(
        label=_("Name of the device"), max_length=120, help_text=_("For example: gate 2, tablet 1")
    )


class MatchForm(Form):
    code = CodeField(label=_("Code of the person"), scan=True)


class DayFilter(Form):
    day = DayField(label=_("Day"), required=False)
