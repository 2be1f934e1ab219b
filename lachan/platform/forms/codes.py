"""A person's or a place's code: scanned, or typed from the paper."""

from __future__ import annotations

from typing import Any, Final, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lachan.codecs.person_qr import PersonCode, Recognised, VenueCode, recognise
from lachan.core.codes import BadCode, parse_code
from lachan.platform.forms.text import LineField

LONGEST_SCAN = 4_000
_UNKNOWN: Final = _("This code is none of the known kinds. Scan it again, or type it from the paper.")
_OTHER: Final = {
    "person": _("This is the code of a place. Scan a person's code."),
    "place": _("This is the code of a person. Scan a place's code."),
}


def _attrs(*, scan: bool) -> dict[str, Any]:
    attrs = {"autocapitalize": "characters", "spellcheck": "false"}
    return attrs | ({"class": "scan code", "data-scan": "", "autofocus": ""} if scan else {"class": "code"})


class ScanField(LineField):
    """The box of a scanner, which keeps the focus; the value is what `recognise` makes of it, Unknown too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=_attrs(scan=True)))
        super().__init__(max_length=LONGEST_SCAN, **kwargs)

    def clean(self, value: object) -> Recognised | None:
        typed: str = super().clean(value)
        return recognise(typed) if typed else None


class CodeField(LineField):
    """The public code of a person or a place, scanned or typed; the value is its stored form or "".

    A bare code tells nothing about its kind, so the caller still has to look it up.
    """

    def __init__(
        self, *, of: Literal["person", "place"] = "person", scan: bool = False, **kwargs: Any
    ) -> None:
        self.of = of
        kwargs.setdefault("widget", forms.TextInput(attrs=_attrs(scan=scan)))
        super().__init__(max_length=LONGEST_SCAN, **kwargs)

    def clean(self, value: object) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        read = recognise(typed)
        wanted = PersonCode if self.of == "person" else VenueCode
        if isinstance(read, wanted):
            return read.code
        if isinstance(read, PersonCode | VenueCode) and ":" in typed:
            raise ValidationError(_OTHER[self.of], code="code-kind")
        return _typed_code(typed)


def _typed_code(typed: str) -> str:
    """A bare code; what is no code at all gets the sentence that says what is wrong with it."""
    if "|" in typed or "/" in typed:
        raise ValidationError(_UNKNOWN, code="code-unknown")
    try:
        return parse_code(typed)
    except BadCode as refusal:
        raise ValidationError(refusal.message, code=refusal.code) from refusal
