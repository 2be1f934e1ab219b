"""The form that every page uses: the shared components, and no text without a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator

from lachan.platform.forms.text import LONGEST_LINE, LONGEST_PROSE, refuse_control

if TYPE_CHECKING:
    from lachan.core.errors import Refusal


class Form(forms.Form):
    """`{{ form }}` shows the error summary and every field; what was typed stays."""

    template_name = "components/form.html"
    required_css_class = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # The summary and the words at the fields do this; the browser's own bubbles stand in its language, not ours.
        self.use_required_attribute = False
        for field in self.fields.values():
            _bound(field)

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a command's refusal like any other error, at `field` or for the whole form."""
        self.add_error(field, forms.ValidationError(str(refusal.message), code=refusal.code))


def _bound(field: forms.Field) -> None:
    field.widget.attrs.setdefault("autocomplete", "off")
    if not isinstance(field, forms.CharField):
        return
    if field.max_length is None:
        prose = isinstance(field.widget, forms.Textarea)
        field.max_length = LONGEST_PROSE if prose else LONGEST_LINE
        field.validators.append(MaxLengthValidator(field.max_length))
        field.widget.attrs["maxlength"] = str(field.max_length)
    if refuse_control not in field.validators:
        field.validators.append(refuse_control)
