"""The form that every page uses: the shared components, and no text without a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms.text import LONGEST_LINE, LONGEST_PROSE, refuse_control

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from lachan.core.errors import Refusal


class Form(forms.Form):
    """`{{ form }}` shows the error summary and every field; what was typed stays."""

    template_name = "components/form.html"
    required_css_class = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # The summary does this; the browser's own bubbles speak its language, not ours.
        self.use_required_attribute = False
        for field in self.fields.values():
            _bound(field)

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a command's refusal like any other error, at `field` or for the whole form."""
        self.add_error(field, forms.ValidationError(str(refusal.message), code=refusal.code))


def _missing(field: forms.Field) -> StrOrPromise:
    if isinstance(field, forms.BooleanField):
        return _("Tick this box to go on.")
    return _("Choose one.") if isinstance(field, forms.ChoiceField) else _("Fill this in.")


def _bound(field: forms.Field) -> None:
    field.widget.attrs.setdefault("autocomplete", "off")
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _missing(field)
    if not isinstance(field, forms.CharField):
        return
    if field.max_length is None:
        prose = isinstance(field.widget, forms.Textarea)
        field.max_length = LONGEST_PROSE if prose else LONGEST_LINE
        field.validators.append(MaxLengthValidator(field.max_length))
        field.widget.attrs["maxlength"] = str(field.max_length)
    # `refuse_control` refuses NUL as well, in words; one fault, one sentence.
    field.validators = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]
    if refuse_control not in field.validators:
        field.validators.append(refuse_control)
