"""Forms of arrivals."""

from lachan.systems.arrivals.forms.counter import ArrivalsFilter, FindingForm, TypedForm
from lachan.systems.arrivals.forms.entry import AmendForm, EntryForm, PhoneCodeForm

__all__ = ["AmendForm", "ArrivalsFilter", "EntryForm", "FindingForm", "PhoneCodeForm", "TypedForm"]
