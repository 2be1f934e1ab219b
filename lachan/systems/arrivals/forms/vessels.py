"""Vessels, their lists, and travellers brought on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Place
from lachan.platform.forms import Form, LineField, MomentField
from lachan.systems.arrivals import transfer_words, words
from lachan.systems.arrivals.models import Clearance, ConveyanceKind, Gate, TransferLine
from lachan.systems.arrivals.rules.seats import KNOWN_LAYOUTS, LONGEST_LAYOUT

LARGEST_LIST = 20 * 1024 * 1024
MOST_ROWS = 10_000
"""In the browser, while the officer waits (a few seconds); longer lists go through the command line."""


class VesselForm(Form):
    """A journey that is announced."""

    gate = forms.ChoiceField(label=_("Gate"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ConveyanceKind.choices, widget=forms.RadioSelect)
    number = LineField(
        label=_("Number"), max_length=20, help_text=_("Flight, voyage, train or number plate.")
    )
    from_country = forms.ChoiceField(label=_("From the country"))
    from_place = LineField(label=_("Airport, port or station"), max_length=120, required=False)
    departs_at = MomentField(label=_("Departs at"))
    arrives_at = MomentField(label=_("Arrives at"))
    layout = LineField(
        label=_("Rows of seats"), max_length=LONGEST_LAYOUT, required=False,
        help_text=_("A type ({types}), or cabins from front to back: 1-3 AC-DF; 10-36 ABC-DEF; !13 (no row 13)."),
    )  # fmt: skip

    def __init__(self, *args: Any, gates: Iterable[Gate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gates = {str(gate.pk): gate for gate in gates}
        _choose(self, "gate", [(key, gate.name) for key, gate in self.gates.items()])
        _choose(self, "from_country", [("", "—"), *words.countries()])
        told = self.fields["layout"].help_text
        self.fields["layout"].help_text = str(told).format(types=", ".join(KNOWN_LAYOUTS))

    def given(self) -> dict[str, Any]:
        """For the command."""
        return self.cleaned_data | {"gate": self.gates[self.cleaned_data["gate"]]}


class ListForm(Form):
    """A passenger list as a file."""

    file = forms.FileField(
        label=_("Passenger list (CSV or Excel)"),
        help_text=_(
            "Columns: name, document number; may be nationality, date of birth, sex, seat, crew, cabin. In Vietnamese"
            " or English. At most 20 MB and 10,000 rows."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Raises ValidationError."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_LIST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Send it in parts."))
        return file


class LandingForm(Form):
    """When it really departed and arrived."""

    departed_at = MomentField(label=_("Departed at"))
    landed_at = MomentField(label=_("Arrived at"))


class TransferForm(Form):
    """Whom to bring where."""

    site = forms.ChoiceField(label=_("Quarantine site"))
    vehicle = LineField(label=_("Vehicle"), max_length=20, required=False)
    people = forms.MultipleChoiceField(label=_("Travellers"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, sites: Iterable[Place], waiting: Iterable[Clearance], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {str(place.pk): place for place in sites}
        self.waiting = {str(one.pk): one for one in waiting}
        _choose(self, "site", [("", "—"), *((key, place.name) for key, place in self.sites.items())])
        _choose(self, "people", [(key, _named(one)) for key, one in self.waiting.items()])

    def given(self) -> tuple[Place, list[Clearance], str]:
        data = self.cleaned_data
        return self.sites[data["site"]], [self.waiting[key] for key in data["people"]], data["vehicle"]


class ReceiptForm(Form):
    """Of everybody listed, whether they came; a box each."""

    note = LineField(label=_("Note on the differences"), max_length=500, required=False)

    def __init__(self, *args: Any, lines: Iterable[TransferLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            person = line.person.merged_into or line.person
            self.fields[f"line-{line.pk}"] = forms.ChoiceField(
                label=person.name, required=False, choices=[("", _("came")), *transfer_words.ABSENT.items()]
            )
        self.order_fields([*(f"line-{line.pk}" for line in self.lines), "note"])

    def absent(self) -> dict[int, str]:
        """Line -> why they did not come."""
        told = {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}
        return {pk: reason for pk, reason in told.items() if reason}


def _named(one: Clearance) -> str:
    person = one.declaration.person.merged_into or one.declaration.person
    return " · ".join(part for part in (person.name, one.declaration.vehicle, one.declaration.seat) if part)


def _choose(form: Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices
