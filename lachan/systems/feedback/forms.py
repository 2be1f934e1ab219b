"""What people type in feedback."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.forms import AreaField, CodeField, Form, LineField, PhoneField, ProseField
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.feedback import words
from lachan.systems.feedback.models import MOST_PHOTOS
from lachan.systems.feedback.queries.policy import NoReportsYet, category_names

PHONE = {"inputmode": "tel", "type": "tel", "class": "short", "autocomplete": "tel"}
CODE = {"inputmode": "numeric", "class": "short", "autocomplete": "one-time-code"}
WHOSE = [("", _("With us")), ("late", _("With us, overdue")), ("all", _("All open")), ("ended", _("Ended"))]


def _categories() -> Sequence[tuple[str, str]]:
    try:
        return list(category_names(clock.now()).items())
    except NoReportsYet:
        return []


ABOUT = _("What is it about?")


class CategoryField(forms.ChoiceField):
    """One of the categories of today's rules, by name."""

    def __init__(self, *, label: Any = ABOUT, blank: Any = "", **kwargs: Any) -> None:
        def choices() -> Sequence[tuple[str, Any]]:
            return [("", blank), *_categories()]

        super().__init__(label=label, choices=choices, **kwargs)


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Files, a list; which of them are pictures is for the command to say."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_PHOTOS:
            raise ValidationError(_("At most %(most)d photos. Leave some out.") % {"most": MOST_PHOTOS})
        return [super(PicturesField, self).clean(file, initial) for file in given]


class ReportForm(Form):
    """What a citizen fills in; contact is optional."""

    field_order = ["area", "place", "category", "text", "name", "picture"]
    category = CategoryField()
    area = AreaField(label=_("Where? Commune or ward, district or province"))
    place = LineField(label=_("Place: house number, street, a landmark"), required=False)
    text = ProseField(label=_("What happened, since when, who needs help?"))
    name = LineField(label=_("Your name"), required=False)
    picture = PicturesField(
        label=_("Photos"), required=False,
        help_text=_("Up to four, each at most 12 MB (JPEG, PNG or WebP). Where and when they were taken is removed."),
        widget=PicturesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip

    def pictures(self) -> tuple[bytes, ...]:
        return tuple(file.read() for file in self.cleaned_data["picture"])


class HotlineForm(ReportForm):
    """The same, typed by who answers the telephone."""

    phone = PhoneField(label=_("Telephone of the caller"), required=False)
    field_order = ["phone", "name", "category", "area", "place", "text", "picture"]


class PhoneForm(Form):
    phone = PhoneField(label=_("Your telephone number"), widget=forms.TextInput(attrs=PHONE))


class PhoneCodeForm(Form):
    code = LineField(
        label=_("Code from the text message"), max_length=20, widget=forms.TextInput(attrs=CODE),
        help_text=_("7 digits, like 123 4567"),
    )  # fmt: skip


class FindForm(Form):
    code = CodeField(label=_("Code of the report"))


class ReopenForm(Form):
    text = ProseField(label=_("What is not settled?"), max_length=1_000)


class RatingForm(Form):
    stars = forms.TypedChoiceField(
        label=_("How well was it answered?"), coerce=int, choices=[(str(n), "★" * n) for n in range(5, 0, -1)],
        widget=forms.RadioSelect,
    )  # fmt: skip


class QueueFilter(Form):
    whose = forms.ChoiceField(label=_("Which"), choices=WHOSE, required=False)
    category = CategoryField(label=_("About"), blank=_("Everything"), required=False)
    code = CodeField(label=_("Code of the report"), required=False)


class AnswerForm(Form):
    text = ProseField(label=_("Answer to the reporter"), max_length=2_000)


class RefuseForm(Form):
    text = ProseField(label=_("Why it is not for this office, and whose it is"), max_length=1_000)


class HandOnForm(Form):
    category = CategoryField(label=_("It is about"), required=False, blank=_("as before"))
    to = AreaField(label=_("It is in"), required=False)
    reason = LineField(label=_("Reason"))


class CallForm(Form):
    outcome = forms.ChoiceField(
        label=_("How did the call end?"), choices=list(words.OUTCOME.items()), widget=forms.RadioSelect
    )
    person = CodeField(label=_("Code of the person with symptoms"), required=False)
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms that were told"), choices=list(SYMPTOM.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
