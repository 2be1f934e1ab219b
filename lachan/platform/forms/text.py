"""Lines, prose, digits and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lachan.core.phones import BadPhone, parse_phone

LONGEST_LINE = 200
LONGEST_PROSE = 4_000
# Line breaks and tabs belong to prose; in a line they were already made spaces.
_ALLOWED_CONTROLS = frozenset("\n\r\t")


def refuse_control(value: object) -> None:
    """Refuse NUL, other control characters and halves of surrogate pairs, which no keyboard types."""
    if isinstance(value, str) and any(
        unicodedata.category(symbol) in ("Cc", "Cs") and symbol not in _ALLOWED_CONTROLS for symbol in value
    ):
        raise ValidationError(
            _("There are characters in it that cannot be read. Type it again."), code="control"
        )


class LineField(forms.CharField):
    """One line of text, NFC, runs of spaces made one."""

    default_validators = [refuse_control]

    def __init__(self, *, max_length: int = LONGEST_LINE, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        if len(text) > 4 * LONGEST_PROSE:
            return text  # the length check refuses it; no work before
        return " ".join(
            part for part in re.split(r"[ \t\r\n\u00a0]+", unicodedata.normalize("NFC", text)) if part
        )


class ProseField(forms.CharField):
    """Several lines of text, NFC."""

    widget = forms.Textarea
    default_validators = [refuse_control]

    def __init__(self, *, max_length: int = LONGEST_PROSE, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return (
            text
            if len(text) > 4 * LONGEST_PROSE
            else unicodedata.normalize("NFC", text).replace("\r\n", "\n")
        )


class DigitsField(LineField):
    """A number that is a name (citizen ID, insurance): digits in any grouping; the value has digits only."""

    def __init__(self, *, lengths: tuple[int, ...], **kwargs: Any) -> None:
        self.lengths = lengths
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: object) -> str:
        typed: str = super().clean(value)
        digits = re.sub(r"[\s.\-]", "", typed)
        if not digits:
            return ""
        if not re.fullmatch("[0-9]+", digits):
            raise ValidationError(_("Type digits only."), code="digits")
        if len(digits) not in self.lengths:
            raise ValidationError(self._length_sentence(len(digits)), code="length")
        return digits

    def _length_sentence(self, typed: int) -> str:
        wanted = " / ".join(str(length) for length in self.lengths)
        sentence = ngettext(
            "This number has %(wanted)s digits; %(typed)d was typed.",
            "This number has %(wanted)s digits; %(typed)d were typed.",
            typed,
        )
        return sentence % {"wanted": wanted, "typed": typed}


class PhoneField(LineField):
    """A telephone number with any spaces; the value is E.164 (`+84912345678`) or empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "tel", "type": "tel", "class": "short"})
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: object) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return parse_phone(typed)
        except BadPhone as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
