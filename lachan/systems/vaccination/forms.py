"""What people type in the supply of vaccines. Amounts are doses."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Place
from lachan.platform.forms import AreaField, DayField, DigitsField, Form, LineField, ProseField
from lachan.policy import Product
from lachan.systems.vaccination import words
from lachan.systems.vaccination.commands.losses import CHOSEN, COUNTED
from lachan.systems.vaccination.models import Lot, Vial
from lachan.systems.vaccination.rules.stock import MOST_DOSES

Choices = list[tuple[str, Any]]


def _doses(label: Any, *, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=MOST_DOSES, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )  # fmt: skip


def lot_choices(lots: Iterable[tuple[Lot, str, int, str | None]]) -> Choices:
    """Lots with the name of the vaccine, the doses that are there, and what stops them."""
    return [
        (str(lot.pk), "".join((
            str(_("%(lot)s, until %(day)s: %(doses)s doses") % {
                "lot": f"{name} {lot.number}", "day": f"{lot.expires_on:%d/%m/%Y}", "doses": words.figure(doses),
            }),
            f" ({words.REFUSAL[refusal][0]})" if refusal else "",
        )))
        for lot, name, doses, refusal in lots
    ]  # fmt: skip


class CartonScan(Form):
    scan = LineField(
        label=_("Scan the code on the carton, or type it"), max_length=400,
        help_text=_("For example (01)00380777700014(17)270331(10)ABV1234"),
    )  # fmt: skip


class Receipt(Form):
    product = forms.ChoiceField(label=_("Vaccine"))
    number = LineField(label=_("Lot number"), max_length=20)
    expires_on = DayField(label=_("Last day of use"))
    gtin = DigitsField(label=_("GTIN of the carton"), lengths=(8, 12, 13, 14), required=False)
    doses = _doses(_("Doses in all"))
    note = LineField(label=_("Papers, donor, customs"), max_length=200, required=False)

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "product", [("", "—"), *((p.code, p.name) for p in products)])


class Sending(Form):
    lot = forms.ChoiceField(
        label=_("Lot"), help_text=_("What expires first stands first."), widget=forms.RadioSelect
    )
    destination = forms.ChoiceField(label=_("To"))
    purpose = forms.ChoiceField(
        label=_("What for"), choices=list(words.PURPOSE.items()), widget=forms.RadioSelect
    )
    doses = _doses(_("Doses"))

    def __init__(self, *args: Any, lots: Choices, stores: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "lot", lots)
        choose(self, "destination", [(str(s.pk), s.name) for s in stores])


class WriteOff(Form):
    what = forms.ChoiceField(label=_("Of what"), widget=forms.RadioSelect)
    doses = _doses(_("Doses"))
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *((r, words.WASTE[r]) for r in CHOSEN)])
    note = LineField(label=_("More about it"), max_length=200, required=False)

    def __init__(self, *args: Any, lots: Choices, vials: Iterable[Vial], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened: Choices = [
            (f"vial-{v.pk}", _("open vial %(vial)s of %(lot)s: %(left)s left") % {
                "vial": v.pk, "lot": v.lot.number, "left": v.left,
            })
            for v in vials
        ]  # fmt: skip
        choose(self, "what", opened + lots)


class Count(Form):
    lot = forms.ChoiceField(label=_("Lot"), widget=forms.RadioSelect)
    counted = _doses(_("Doses counted in closed vials"), least=0)
    reason = forms.ChoiceField(label=_("Reason"), choices=[(r, words.ADJUSTED[r]) for r in COUNTED])
    note = LineField(label=_("What was found"), max_length=200)

    def __init__(self, *args: Any, lots: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "lot", lots)


def choose(form: Form, name: str, choices: Choices) -> None:
    """Set what may be chosen in a field."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class Arrival(Form):
    counted = _doses(_("Doses counted"), least=0)
    note = LineField(label=_("If it differs: why"), max_length=200, required=False)


class Because(Form):
    reason = ProseField(label=_("Reason"), max_length=500)


class NewStore(Form):
    name = LineField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("store", _("Store")), ("site", _("Vaccination site"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    area = AreaField(label=_("Area"))
    parent = forms.ChoiceField(label=_("Supplied by"), required=False)

    def __init__(self, *args: Any, stores: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "parent", [("", "—"), *((str(s.pk), s.name) for s in stores)])


class LotFilter(Form):
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), ("held", _("Held")), ("recalled", _("Recalled")), ("expired", _("Expired"))],
    )  # fmt: skip
    number = LineField(label=_("Lot number"), max_length=20, required=False)
