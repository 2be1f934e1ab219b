"""What is typed in the line: the ten questions, what was measured, which vial."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import DayField, Form, LineField
from lachan.policy import Product
from lachan.policy.vaccination import Question
from lachan.systems.vaccination import line_words
from lachan.systems.vaccination.commands import Examined
from lachan.systems.vaccination.commands.line.examining import MEASURABLE
from lachan.systems.vaccination.forms import choose
from lachan.systems.vaccination.models import Vial
from lachan.systems.vaccination.rules.screening import Signs

PREFIX = "q-"


class Measured(forms.FloatField):
    """A figure with a decimal comma or point."""

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


def _sign(label: Any, name: str, *, focus: bool = False, whole: bool = True) -> Any:
    low, high = MEASURABLE[name]
    attrs = {"inputmode": "numeric" if whole else "decimal", "class": "short", "maxlength": "5"}
    if focus:
        attrs["data-focus"] = ""
    kind = forms.IntegerField if whole else Measured
    bounds: dict[str, Any] = {
        "min_value": int(low) if whole else low, "max_value": int(high) if whole else high,
    }  # fmt: skip
    return kind(label=label, required=False, widget=forms.TextInput(attrs=attrs), **bounds)


class Examination(Form):
    """Ticked is yes: whoever records says that all others were asked and answered with no."""

    temperature = _sign(_("Temperature (°C)"), "temperature", focus=True, whole=False)
    pulse = _sign(_("Pulse (a minute)"), "pulse")
    systolic = _sign(_("Blood pressure, upper"), "systolic")
    diastolic = _sign(_("Blood pressure, lower"), "diastolic")
    breaths = _sign(_("Breaths a minute"), "breaths")
    usual_systolic = _sign(_("Usual upper blood pressure"), "usual_systolic")
    pressure_needed = forms.BooleanField(
        label=_("High blood pressure or heart disease is known"), required=False
    )
    weak_immunity = forms.BooleanField(label=_("Weak immune system is known"), required=False)
    mix_consent = forms.BooleanField(
        label=_("Agrees in writing to another vaccine than before"), required=False
    )
    refuses = forms.BooleanField(label=_("Does not agree to the injection"), required=False)
    guardian = LineField(label=_("Guardian who agrees (for minors)"), max_length=200, required=False)
    defer_until = DayField(label=_("Put off until"), required=False)
    note = LineField(label=_("Remarks"), max_length=500, required=False)

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        self.asked = questions
        super().__init__(*args, **kwargs)
        for asked in questions:
            label = f"{asked.code}. {line_words.question(asked)}"
            self.fields[PREFIX + asked.code] = forms.BooleanField(label=label, required=False)

    def questions(self) -> Iterator[forms.BoundField]:
        return (self[PREFIX + asked.code] for asked in self.asked)

    def signs(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in MEASURABLE)

    def more(self) -> Iterator[forms.BoundField]:
        names = (
            "pressure_needed",
            "weak_immunity",
            "mix_consent",
            "refuses",
            "guardian",
            "defer_until",
            "note",
        )
        return (self[name] for name in names)

    def examined(self, *, careful_here: bool) -> Examined:
        """What was said, for the command."""
        given = self.cleaned_data
        return Examined(
            answers={asked.code: given[PREFIX + asked.code] for asked in self.asked},
            signs=Signs(**{name: given[name] for name in MEASURABLE}), consent=not given["refuses"],
            guardian=given["guardian"], mix_consent=given["mix_consent"], weak_immunity=given["weak_immunity"],
            careful_here=careful_here, defer_until=given["defer_until"], note=given["note"],
            pressure_needed=given["pressure_needed"],
        )  # fmt: skip


class Earlier(Form):
    """A dose that was given before or elsewhere, as the paper says."""

    product = forms.ChoiceField(label=_("Vaccine"))
    which = forms.ChoiceField(label=_("Which dose"))
    given_on = DayField(label=_("Day of the injection"))
    lot_number = LineField(label=_("Lot number"), max_length=20, required=False)
    source = forms.ChoiceField(label=_("What was seen"), choices=list(line_words.SOURCE.items()))

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "product", [("", "—"), *((p.code, p.name) for p in products)])
        most = max((p.primary_doses for p in products), default=1)
        numbers = [("primary", n) for n in range(1, most + 1)] + [
            ("additional", 1),
            ("booster", 1),
            ("booster", 2),
        ]
        choose(self, "which", [(f"{k}-{n}", line_words.earlier(k, n)) for k, n in numbers])


class Mistake(Form):
    reason = LineField(label=_("What was wrong"), max_length=200)


def vial_label(vial: Vial) -> str:
    """A vial as the table sees it."""
    return str(_("Lot %(lot)s, vial %(vial)s: %(left)s left") % {
        "lot": vial.lot.number, "vial": vial.pk, "left": max(vial.left, 0),
    })  # fmt: skip
