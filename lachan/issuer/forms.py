"""What people fill in at the desk of certificates."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import Area, Place
from lachan.issuer.models import Reason, Scope, SignerKey
from lachan.issuer.queries.affected import Aim
from lachan.platform.forms import CodeField, DayField, Form, LineField

BY_HAND = (Reason.FRAUD, Reason.BY_MISTAKE, Reason.RECORD_WITHDRAWN)
ANEW = (Reason.CORRECTED, Reason.BY_MISTAKE)


def today() -> date:
    return clock.local_date(clock.now())


def _reasons(some: tuple[Reason, ...]) -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in some]


class PersonForm(Form):
    person = CodeField(label=_("Code of the person"))


class RevokeForm(Form):
    reason = forms.ChoiceField(label=_("Why is it taken back?"), choices=_reasons(BY_HAND))
    evidence = LineField(label=_("On what does this rest?"), max_length=200, required=False)


class ReissueForm(Form):
    reason = forms.ChoiceField(label=_("Why is a new one issued?"), choices=_reasons(ANEW))


class StopForm(Form):
    reason = LineField(label=_("Why is issuing stopped?"), max_length=200)


class LotForm(Form):
    lot = LineField(label=_("Lot"), max_length=20, widget=forms.TextInput(attrs={"class": "code short"}))


class PlaceForm(Form):
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), empty_label=None)
    first = DayField(label=_("From"), latest=today)
    last = DayField(label=_("To"), latest=today)

    def __init__(self, *args: Any, places: "QuerySet[Place]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.queryset = places
        field.label_from_instance = lambda place: place.name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period must end after it begins."))
        return given

    def period(self) -> dict[str, Any]:
        """As commands take it: days [starts_on, ends_on)."""
        given = self.cleaned_data
        return {
            "place": given["place"],
            "starts_on": given["first"],
            "ends_on": given["last"] + timedelta(days=1),
        }


class TrustListForm(Form):
    country = LineField(
        label=_("Country, by its two letters"), max_length=2, help_text=_("For example FR"),
        widget=forms.TextInput(attrs={"class": "code short", "autocapitalize": "characters"}),
    )  # fmt: skip
    file = forms.FileField(label=_("List of signers"))
    revoked = forms.FileField(
        label=_("List of what was taken back"), required=False, help_text=_("Only from another Lá Chắn")
    )
    source = LineField(
        label=_("Where it comes from"), max_length=200, help_text=_("An address, a letter, a person")
    )


class _Evidence(Form):
    evidence = LineField(label=_("On what does this rest? A letter, a report"), max_length=200)


class RecallLotForm(_Evidence, LotForm):
    """On the ground of `area`; None is everywhere."""

    field_order = ["lot", "evidence"]

    def __init__(self, *args: Any, area: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = area

    def aim(self) -> Aim:
        given = self.cleaned_data
        return Aim(
            scope=Scope.LOT, reason=Reason.LOT_RECALLED, evidence=given["evidence"], lot=given["lot"].strip(),
            area=self.area,
        )  # fmt: skip


class RecallPlaceForm(_Evidence, PlaceForm):
    field_order = ["place", "first", "last", "evidence"]

    def aim(self) -> Aim:
        return Aim(
            scope=Scope.PLACE, reason=Reason.FRAUD, evidence=self.cleaned_data["evidence"], **self.period()
        )


class RecallKeyForm(_Evidence):
    key = forms.ModelChoiceField(label=_("Key"), queryset=SignerKey.objects.none(), empty_label=None)
    field_order = ["key", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["key"]
        field.queryset = SignerKey.objects.filter(compromise__isnull=True).order_by("pk")
        field.label_from_instance = lambda key: bytes(key.kid).hex()

    def aim(self) -> Aim:
        given = self.cleaned_data
        return Aim(
            scope=Scope.KEY, reason=Reason.KEY_COMPROMISED, evidence=given["evidence"], key=given["key"]
        )
