"""A person's or a place's code: scanned, or typed from the paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lachan.core.codes import BadCode, parse_code
from lachan.platform.forms.text import LineField

LONGEST_SCAN = 4_000


class CodeField(LineField):
    """An opaque code, typed in groups or not; the value is its stored form (17 symbols) or empty."""

    def __init__(self, *, scan: bool = False, **kwargs: Any) -> None:
        attrs = {"autocapitalize": "characters", "spellcheck": "false"}
        attrs |= {"class": "scan code", "data-scan": "", "autofocus": ""} if scan else {"class": "code"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=LONGEST_SCAN, **kwargs)

    def clean(self, value: object) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return parse_code(typed)
        except BadCode as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
