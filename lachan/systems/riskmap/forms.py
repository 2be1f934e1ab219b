"""What people type about levels."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.forms import AreaField, DayField, Form, ProseField
from lachan.policy import RiskPolicy
from lachan.systems.riskmap import words
from lachan.systems.riskmap.commands import Given
from lachan.systems.riskmap.models import Input
from lachan.systems.riskmap.rules.weekly import CAPACITIES, COVERED, MEASURES, needed

STATES = [
    ("", _("All")), ("waiting", _("To sign")), ("missing", _("Not assessed")), ("signed", _("Signed")),
]  # fmt: skip
UNITS = [("", _("All units")), *((str(n), word) for n, word in words.UNITS.items())]
LEVELS = [(str(n), words.LEVELS[n]) for n in (1, 2, 3, 4)]
MOST = 2**31 - 1


class ListFilter(Form):
    week = DayField(label=_("A day of the week that is judged"), required=False)
    state = forms.ChoiceField(label=_("Which"), choices=STATES, required=False)
    unit = forms.ChoiceField(label=_("Units"), choices=UNITS, required=False)


class OverrideForm(Form):
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=LEVELS, widget=forms.RadioSelect)
    reason = ProseField(
        label=_("Why"), max_length=400, help_text=_("The reason is published with the level.")
    )


class WithdrawForm(Form):
    reason = ProseField(label=_("Why it does not hold"), max_length=400)


class FindForm(Form):
    area = AreaField(label=_("Your commune, district or province"))


class FiguresForm(Form):
    """The figures that the decision asks for; what is left empty stays as it was."""

    def __init__(self, rules: RiskPolicy, known: Mapping[str, Input], *args: Any, **kwargs: Any) -> None:
        self.wanted = needed(rules)
        super().__init__(*args, **kwargs)
        for figure in self.wanted:
            for name, field in _fields(figure, known.get(figure)):
                self.fields[name] = field
        self.fields["as_of"] = DayField(
            label=_("Figures as of"), latest=lambda: clock.local_date(clock.now()),
            initial=clock.local_date(clock.now()),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for figure in self.wanted:
            if figure not in COVERED:
                continue
            amount, of = given.get(figure), given.get(f"{figure}-of")
            if (amount is None) != (of is None):
                self.add_error(figure, _("Give both: how many, and of how many."))
            elif amount is not None and of is not None and amount > of:
                self.add_error(figure, _("There cannot be more vaccinated people than people."))
        return given

    def given(self, area_id: int) -> Iterator[Given]:
        """The figures that were filled in."""
        as_of: date = self.cleaned_data["as_of"]
        for figure in self.wanted:
            amount = self.cleaned_data.get(figure)
            if amount not in (None, ""):
                of = self.cleaned_data.get(f"{figure}-of")
                yield Given(area_id=area_id, figure=figure, amount=int(amount), of=of, as_of=as_of)


def _fields(figure: str, known: Input | None) -> Iterator[tuple[str, forms.Field]]:
    label = words.FIGURES[figure]
    now = _("Now: %(value)s (%(day)s)") % {
        "value": words.figure_text(known), "day": f"{known.as_of:%d/%m/%Y}",
    } if known else _("Not known yet.")  # fmt: skip
    if figure == "capacity":
        levels = [("", "–"), *((str(n), words.CAPACITY[code]) for n, code in enumerate(CAPACITIES))]
        yield figure, forms.ChoiceField(label=label, choices=levels, required=False, help_text=now)
    elif figure in ("population", *MEASURES, *COVERED):
        yield figure, _whole(label, now)
        if figure in COVERED:
            yield f"{figure}-of", _whole(_("of how many people of that group"), "", least=1)
    else:
        answers = [("", "–"), ("1", words.YES), ("0", words.NO)]
        yield figure, forms.ChoiceField(label=label, choices=answers, required=False, help_text=now)


def _whole(label: Any, now: Any, *, least: int = 0) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=MOST, required=False, help_text=now, widget=widget
    )
