"""Forms as people fill them in: bounded, forgiving about how a thing is typed, exact about what is wrong."""

from lachan.platform.forms.areas import AreaField
from lachan.platform.forms.base import Form
from lachan.platform.forms.codes import CodeField, ScanField
from lachan.platform.forms.days import BirthDateField, DayField, MomentField
from lachan.platform.forms.text import DigitsField, LineField, PhoneField, ProseField

__all__ = [
    "AreaField", "BirthDateField", "CodeField", "DayField", "DigitsField", "Form", "LineField",
    "MomentField", "PhoneField", "ProseField", "ScanField",
]  # fmt: skip
