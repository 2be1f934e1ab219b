"""Forms of accounts."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import Place, Role
from lachan.platform.forms import AreaField, CodeField, DayField, Form, LineField, PhoneField
from lachan.platform.staff.commands import Wanted

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]{2,39}$",
    _("3 to 40 small letters without marks, digits, points and hyphens, like an.tran"),
)


class PostingForm(Form):
    """A role over an area or at a place."""

    role = forms.ChoiceField(label=_("Role"), choices=Role)
    area = AreaField(label=_("Over the area"), required=False)
    place = CodeField(
        label=_("Or at one place"),
        of="place",
        required=False,
        help_text=_("Code of the place, from its poster"),
    )
    from_on = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    until_on = DayField(
        label=_("Until and including"), required=False, help_text=_("Empty: until it is ended")
    )

    def clean_place(self) -> Place | None:
        code = self.cleaned_data["place"]
        found = Place.objects.filter(code=code).select_related("area").first() if code else None
        if code and found is None:
            raise ValidationError(_("No place has this code."), code="place-unknown")
        return found

    def wanted(self, at: datetime) -> Wanted:
        given = self.cleaned_data
        first, last = given["from_on"], given["until_on"]
        starts = datetime.combine(first, time.min, tzinfo=clock.zone()) if first else at
        ends = datetime.combine(last, time.min, tzinfo=clock.zone()) + timedelta(days=1) if last else None
        return Wanted(
            role=given["role"],
            area=given["area"],
            place=given["place"],
            starts_at=max(starts, at),
            ends_at=ends,
        )


class EnrolForm(PostingForm):
    """A new account with its first posting."""

    name = LineField(label=_("Full name"), max_length=120)
    username = LineField(label=_("Name to sign in with"), max_length=40, validators=[USERNAME])
    field_order = ("name", "username", "role", "area", "place", "from_on", "until_on")


class LinkForm(Form):
    phone = PhoneField(
        label=_("Send it to the telephone"), required=False, help_text=_("Empty: hand it over on paper only")
    )
