"""The declaration before the journey: Form 01, with the zone of a passport in the place of typing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lachan.codecs import mrz
from lachan.codecs.errors import FormatError
from lachan.codecs.mrz import Mrz
from lachan.core import clock
from lachan.core.dates import BirthDate
from lachan.core.errors import Refusal
from lachan.core.persons import Identity
from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    DayField,
    Form,
    LineField,
    MomentField,
    PhoneField,
)
from lachan.systems.arrivals import words
from lachan.systems.arrivals.commands import CannotDeclareEntry, Journey
from lachan.systems.arrivals.models import Document, Gate, GateKind, TestKind, Transport
from lachan.systems.arrivals.queries import evidence, gates

SEXES = [("", "—"), ("m", _("male")), ("f", _("female")), ("x", _("other"))]
SEX_OF = {"M": "m", "F": "f", "X": "x"}
LONGEST_ZONE = 200
ALWAYS = ("name", "birth", "sex", "nationality", "document_number")
"""What the zone of a passport says: typed where there is none."""


def _gates() -> list[tuple[Any, Any]]:
    """Grouped by kind."""
    named: dict[str, list[tuple[str, str]]] = {kind: [] for kind in GateKind.values}
    for gate in gates():
        named[gate.kind].append((gate.code, gate.name))
    return [("", "—"), *((GateKind(kind).label, rows) for kind, rows in named.items() if rows)]


def _countries() -> list[tuple[str, str]]:
    """Of the world, and those that the rules in force name besides."""
    rules = evidence.rules_on(clock.now())
    return (
        words.countries(origin for row in rules.rows for origin in row.origins)
        if rules
        else words.countries()
    )


def _any(choices: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *choices]


class ZoneField(forms.CharField):
    """The machine-readable lines of a passport, scanned or typed; the value is an Mrz or None."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "rows": 2,
            "class": "code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "autocomplete": "off",
        }
        super().__init__(
            max_length=LONGEST_ZONE, required=False, widget=forms.Textarea(attrs=attrs), **kwargs
        )

    def clean(self, value: object) -> Mrz | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return mrz.parse(typed, at=clock.local_date(clock.now()), repair=True)
        except FormatError as error:
            raise ValidationError(_zone_problem(error.code), code=error.code) from error


def _zone_problem(code: str) -> Any:
    if code.endswith("-check"):
        return _(
            "A letter or digit of these lines is wrong. Compare them with the passport, or leave them out."
        )
    return _("These are not the two lines at the foot of a passport. Type them whole, or leave them out.")


class JourneyForm(Form):
    """What is asked of the journey; `sections` in the order of the page."""

    gate = forms.ChoiceField(label=_("Border gate"), choices=_gates)
    transport = forms.ChoiceField(label=_("How you come"), choices=Transport.choices, initial=Transport.PLANE)
    vehicle = LineField(
        label=_("Number of the flight, ship, train or vehicle"), required=False, max_length=20
    )
    seat = LineField(label=_("Seat"), required=False, max_length=6)
    departed_on = DayField(label=_("Day of departure"))
    arrives_on = DayField(label=_("Day of arrival"))
    from_country = forms.ChoiceField(label=_("Country of departure"), choices=lambda: _any(_countries()))
    from_place = LineField(label=_("Province or city of departure"), required=False, max_length=120)
    countries = forms.MultipleChoiceField(
        label=_("Other countries in which you were within the last 14 days"), choices=_countries, required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms within the last 14 days"), choices=lambda: list(words.SYMPTOM.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    exposures = forms.MultipleChoiceField(
        label=_("Within the last 14 days"), choices=lambda: list(words.EXPOSURE.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    doses = forms.TypedChoiceField(
        label=_("Doses of a COVID-19 vaccine"), coerce=int, empty_value=None, required=False,
        choices=[("", "—"), *((n, str(n)) for n in range(6))],
    )  # fmt: skip
    vaccine = LineField(label=_("Vaccine"), required=False, max_length=60)
    last_dose_on = DayField(label=_("Day of the last dose"), required=False)
    recovered_on = DayField(label=_("Recovered from COVID-19 on"), required=False)
    test_kind = forms.ChoiceField(
        label=_("Last negative test"), choices=lambda: _any(TestKind.choices), required=False
    )
    tested_at = MomentField(label=_("When the sample was taken"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    sections: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("Your journey"), ("gate", "transport", "vehicle", "seat", "departed_on", "arrives_on", "from_country",
                             "from_place", "countries")),
        (_("Your health"), ("symptoms", "exposures", "doses", "vaccine", "last_dose_on", "recovered_on", "test_kind",
                            "tested_at")),
    )  # fmt: skip

    def parts(self) -> Iterator[tuple[Any, list[BoundField]]]:
        for title, names in self.sections:
            yield title, [self[name] for name in names if name in self.fields]

    def sent_key(self) -> UUID:
        """The key of the page; a page that lost it gets a new one."""
        try:
            return UUID(self.cleaned_data.get("key") or "")
        except ValueError:
            return uuid4()

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        if isinstance(refusal, CannotDeclareEntry) and refusal.field in self.fields:
            field = refusal.field
        super().refuse(refusal, field)

    def told(self) -> dict[str, Any]:
        """The answers as a Journey takes them."""
        given = self.cleaned_data
        same = ("transport", "vehicle", "seat", "departed_on", "arrives_on", "from_country", "from_place", "doses",
                "vaccine", "last_dose_on", "recovered_on", "test_kind", "tested_at")  # fmt: skip
        return {name: given[name] for name in same} | {
            "gate": Gate.objects.get(code=given["gate"]),
            **{name: tuple(given[name]) for name in ("countries", "symptoms", "exposures")},
        }


class EntryForm(JourneyForm):
    """Form 01 whole."""

    zone = ZoneField(
        label=_("The two lines at the foot of the passport"),
        help_text=_("With them the fields below need not be typed."),
    )
    name = LineField(label=_("Full name as in the passport"), required=False)
    birth = BirthDateField(label=_("Date or year of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    nationality = forms.ChoiceField(
        label=_("Nationality"), choices=lambda: _any(_countries()), required=False
    )
    document_kind = forms.ChoiceField(
        label=_("Document"), choices=Document.choices, initial=Document.PASSPORT
    )
    document_number = LineField(label=_("Number of the document"), required=False, max_length=30)
    area = AreaField(label=_("Commune or ward where you will stay"), least_level=3)
    address = LineField(label=_("House number, street or hotel"), max_length=300)
    phone = PhoneField(label=_("Telephone number"))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    declared_by = LineField(label=_("If you fill this in for somebody else: your own name"), required=False)

    sections = (
        (_("Who enters"), ("zone", "name", "birth", "sex", "nationality", "document_kind", "document_number")),
        *JourneyForm.sections,
        (_("Your stay in Viet Nam"), ("area", "address", "phone", "email", "declared_by")),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        read = given.get("zone")
        if read is not None:
            given |= {name: value for name, value in _said(read).items() if not given.get(name)}
        for name in ALWAYS:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in, or the lines of the passport above."))
        return given

    def identity(self) -> Identity:
        given = self.cleaned_data
        return Identity(name=given["name"], birth=given["birth"], sex=given["sex"])

    def journey(self) -> Journey:
        given = self.cleaned_data
        same = ("document_kind", "document_number", "nationality", "phone", "email")
        return Journey(
            destination_area=given["area"], destination_address=given["address"],
            **{name: given[name] for name in same}, **self.told(),
        )  # fmt: skip


class AmendForm(JourneyForm):
    """The journey anew; what is left empty below stays as it was declared."""

    document_number = LineField(label=_("Number of the document"), required=False, max_length=30)
    area = AreaField(label=_("Commune or ward where you will stay"), least_level=3, required=False)
    address = LineField(label=_("House number, street or hotel"), max_length=300, required=False)
    phone = PhoneField(label=_("Telephone number"), required=False)

    sections = (
        *JourneyForm.sections,
        (_("Only if it changed (not shown here)"), ("document_number", "area", "address", "phone")),
    )

    def amended(self, before: Journey) -> Journey:
        given = self.cleaned_data
        changed = {
            "document_number": given["document_number"], "destination_area": given["area"],
            "destination_address": given["address"], "phone": given["phone"],
        }  # fmt: skip
        return replace(before, **self.told(), **{name: value for name, value in changed.items() if value})


def _said(read: Mrz) -> dict[str, Any]:
    born = read.birth_date
    birth = BirthDate(born.year, born.month, born.day if born.month else None) if born.year else None
    number = read.national_number or read.number
    return {
        "name": read.name, "birth": birth, "sex": SEX_OF.get(read.sex, ""), "nationality": read.nationality,
        "document_number": number,
    }  # fmt: skip


class PhoneCodeForm(Form):
    code = LineField(
        label=_("Code from the text message"), help_text=_("7 digits, like 123 4567"), max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "short", "autocomplete": "one-time-code", "autofocus": ""}
        ),
    )  # fmt: skip
