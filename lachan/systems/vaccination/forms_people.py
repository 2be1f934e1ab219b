"""What people type to register, to decide, to plan and to invite."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import IdentifierKind, Place
from lachan.core.persons import Identity
from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    CodeField,
    DigitsField,
    Form,
    LineField,
    MomentField,
    PhoneField,
    ProseField,
)
from lachan.policy import Product
from lachan.systems.vaccination.forms import Choices, choose
from lachan.systems.vaccination.queries.policy import group_names

SEXES = [("", "—"), ("m", _("male")), ("f", _("female")), ("x", _("other"))]
STATES = [
    ("", _("All open ones")), ("undecided", _("Waits for the province")), ("waiting", _("Waits for an invitation")),
    ("invited", _("Invited")), ("missed", _("Did not come")), ("closed", _("Rejected or withdrawn")),
]  # fmt: skip
PHONE = {"inputmode": "tel", "type": "tel", "class": "short", "autocomplete": "tel"}
CODE = {"inputmode": "numeric", "class": "short", "autocomplete": "one-time-code"}


class GroupField(forms.ChoiceField):
    """The priority groups of today's rules, by rank and name."""

    def __init__(self, *, blank: Any = "—", **kwargs: Any) -> None:
        def choices() -> Sequence[tuple[str, Any]]:
            named = [(code, f"{code}. {name}") for code, name in group_names(clock.now()).items()]
            return [("", blank), *named]

        kwargs.setdefault("label", _("Group"))
        super().__init__(choices=choices, **kwargs)


class WhoForm(Form):
    """Who asks for it, and where."""

    name = LineField(label=_("Full name"))
    birth = BirthDateField(label=_("Date of birth"))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    national_id = DigitsField(label=_("Citizen ID number"), lengths=(9, 12), required=False)
    group = GroupField(help_text=_("Who belongs to several groups chooses the first of them."))
    area = AreaField(label=_("Commune or ward in which you want to be vaccinated"), least_level=3)
    address = LineField(label=_("House number and street"), required=False)
    note = LineField(label=_("What the health centre should know"), required=False)

    def identity(self) -> Identity:
        """As claimed, with the ID number if one was given."""
        given = self.cleaned_data
        number = given["national_id"]
        kind = IdentifierKind.OLD_ID if len(number) == 9 else IdentifierKind.NATIONAL_ID
        return Identity(
            name=given["name"], birth=given["birth"], sex=given["sex"], home_area=given["area"],
            address=given["address"], identifiers={kind: number} if number else {},
        )  # fmt: skip


class RegisterForm(WhoForm):
    """A citizen's own; a code is sent to the telephone."""

    phone = PhoneField(
        label=_("Telephone"), widget=forms.TextInput(attrs=PHONE),
        help_text=_("A code is sent to it. The invitation comes to it as well."),
    )  # fmt: skip


class DeskRegisterForm(WhoForm):
    """At the commune's desk; with the person's code nothing else about them is needed."""

    person = CodeField(label=_("Code of the person, if they have one"), scan=True, required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    field_order = [
        "person",
        "name",
        "birth",
        "sex",
        "national_id",
        "phone",
        "group",
        "area",
        "address",
        "note",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["birth"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("person"):
            for name in ("name", "birth"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, _("Fill this in, or scan the code of the person."))
        return given

    def identity(self) -> Identity:
        claimed = super().identity()
        phone = self.cleaned_data["phone"]
        numbers = dict(claimed.identifiers or {}) | ({IdentifierKind.PHONE: phone} if phone else {})
        return Identity(
            name=claimed.name, birth=claimed.birth, sex=claimed.sex, home_area=claimed.home_area,
            address=claimed.address, identifiers=numbers,
        )  # fmt: skip


class CodeForm(Form):
    code = LineField(
        label=_("Code from the text message"), max_length=20, widget=forms.TextInput(attrs=CODE),
        help_text=_("7 digits, like 123 4567"),
    )  # fmt: skip


class InvitationForm(Form):
    code = CodeField(label=_("Code of the invitation"), help_text=_("It stands in the text message."))


class RegistrationFilter(Form):
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    group = GroupField(blank=_("All"), required=False)
    area = AreaField(label=_("Wanted in"), required=False)
    organisation = LineField(label=_("Organisation"), max_length=100, required=False)


class ApproveForm(Form):
    to = AreaField(
        label=_("Allocate to the health centre of"), required=False,
        help_text=_("Empty: the district of each one's commune"),
    )  # fmt: skip


class RejectForm(Form):
    reason = LineField(label=_("Reason, for the person to read"))


class SessionForm(Form):
    site = forms.ChoiceField(label=_("Vaccination site"))
    product = forms.ChoiceField(label=_("Vaccine"))
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    tables = forms.IntegerField(
        label=_("Tables"), min_value=1, max_value=200, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    places = forms.IntegerField(
        label=_("Number of places"), min_value=1, max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    lot = forms.ChoiceField(label=_("Lot"), required=False)

    def __init__(
        self, *args: Any, sites: Sequence[Place], products: Sequence[Product], lots: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", [("", "—"), *((str(s.pk), s.name) for s in sites)])
        choose(self, "product", [("", "—"), *((p.code, p.name) for p in products)])
        choose(self, "lot", [("", _("The first to expire that is enough")), *lots])


class InviteForm(Form):
    most = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    near = AreaField(label=_("Only who wants it in"), required=False)


class CancelForm(Form):
    reason = ProseField(label=_("Reason"), max_length=500)


class ListForm(Form):
    organisation = LineField(label=_("Organisation"))
    group = GroupField(label=_("Group of those for whom the list names none"))
    area = AreaField(label=_("Commune of those for whom the list names none"), least_level=3)
    file = forms.FileField(
        label=_("List"), help_text=_("CSV in UTF-8 or XLSX, at most 20 MB"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )  # fmt: skip
