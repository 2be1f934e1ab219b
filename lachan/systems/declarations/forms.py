"""Forms: what a questionnaire asks becomes fields, version by version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.models import IdentifierKind
from lachan.core.persons import Identity
from lachan.platform.forms import AreaField, BirthDateField, CodeField, DayField, Form, LineField, PhoneField
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.declarations.commands import CannotDeclare
from lachan.systems.declarations.rules.answers import COLDEST, HOTTEST, LONGEST_TEXT
from lachan.systems.declarations.rules.questionnaire import Question, Questionnaire, asked
from lachan.systems.declarations.words import ADVICE, text_of

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
SEXES = [("", "—"), ("m", _("male")), ("f", _("female")), ("x", _("other"))]
PROBLEM = {
    "missing": _("Answer this question."),
    "range": _("This temperature is impossible. Measure again."),
    "length": _("This answer is too long."),
}


class TemperatureField(LineField):
    """`38,2` or `38.2`; the value is a float or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}))
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: object) -> float | None:
        typed = super().clean(value).replace(",", ".")
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{2}(\.[0-9]{1,2})?", typed) or not COLDEST <= float(typed) <= HOTTEST:
            raise ValidationError(_("Type a temperature like 37,2."), code="temperature")
        return float(typed)


class AnswersForm(Form):
    """The questions of one questionnaire, each under its code; `key` makes the same sent twice one."""

    asked: Questionnaire
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def given(self) -> dict[str, object]:
        """Answers as the command takes them."""
        values = {q.code: self.cleaned_data.get(q.code) for q in self.asked.questions}
        return {
            code: {"yes": True, "no": False}.get(v, v) if isinstance(v, str) else v
            for code, v in values.items()
        }

    def sent_key(self) -> UUID:
        """The key of the page; a page that lost it gets a new one."""
        try:
            return UUID(self.cleaned_data.get("key") or "")
        except ValueError:
            return uuid4()

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Each question says what is wrong with its answer."""
        problems = refusal.problems if isinstance(refusal, CannotDeclare) else {}
        for code, problem in problems.items():
            if code in self.fields:
                self.add_error(code, str(PROBLEM.get(problem, _("This answer cannot be taken."))))
        if not any(code in self.fields for code in problems):
            super().refuse(refusal, field)


class WhoForm(Form):
    """Who declares, and about whom."""

    name = LineField(label=_("Full name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    birth = BirthDateField(label=_("Date or year of birth"))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES)
    id_number = LineField(label=_("Citizen ID or passport number"), required=False, max_length=30)
    area = AreaField(label=_("Commune or ward where the person stays"), least_level=3)
    address = LineField(
        label=_("House number, street, hamlet"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = PhoneField(label=_("Telephone number to be called back"), required=False)
    declared_by = LineField(
        label=_("If you fill this in for somebody else: your own name"), required=False, max_length=200
    )

    def identity(self) -> Identity:
        """What is claimed; the number is kept as it was said and verified by nobody."""
        given = self.cleaned_data
        number = re.sub(r"[\s.\-]", "", given["id_number"]).upper()
        kind = IdentifierKind.NATIONAL_ID if re.fullmatch(r"[0-9]{12}", number) else (
            IdentifierKind.OLD_ID if re.fullmatch(r"[0-9]{9}", number) else IdentifierKind.PASSPORT
        )  # fmt: skip
        return Identity(
            name=given["name"], birth=given["birth"], sex=given["sex"], home_area=given["area"],
            address=given["address"], identifiers={kind: number} if number else {},
        )  # fmt: skip


class PaperWhoForm(WhoForm):
    """At the desk: who is known already is named by their code, and the rest is not asked for again."""

    person = CodeField(label=_("Code of the person, if there is one"), scan=True, required=False)
    name = LineField(label=_("Full name"), required=False)
    birth = BirthDateField(label=_("Date or year of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    area = AreaField(label=_("Commune or ward where the person stays"), least_level=3, required=False)
    address = LineField(label=_("House number, street, hamlet"), required=False)
    declared_by = None  # type: ignore[assignment]
    field_order = ("person", "name")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("person") and "person" not in self.errors:
            for name in ("name", "birth", "sex", "area", "address"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
        return given


def answers_form(asked: Questionnaire, who: type[Form] | None = None) -> type[Any]:
    """The class of a form for this version, after the fields of `who`."""
    fields: dict[str, Any] = {q.code: _field(q) for q in asked.questions}
    bases = (AnswersForm, who) if who else (AnswersForm,)
    order = [*(who.field_order or ()), *who.base_fields, *fields] if who else None
    return type("Asked", bases, fields | {"asked": asked, "field_order": order})


def _field(question: Question) -> forms.Field:
    label = text_of(question)
    if question.kind == "yes_no":
        return forms.ChoiceField(
            label=label, choices=YES_NO, widget=forms.RadioSelect, required=question.required
        )
    if question.kind == "many":
        options = [(option.code, text_of(option)) for option in question.options]
        return forms.MultipleChoiceField(
            label=label, choices=options, widget=forms.CheckboxSelectMultiple, required=question.required
        )
    if question.kind == "temperature":
        return TemperatureField(label=label, required=question.required)
    return LineField(label=label, required=question.required, max_length=LONGEST_TEXT)


class CodeForm(Form):
    code = LineField(
        label=_("Code from the text message"), help_text=_("7 digits, like 123 4567"), max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "short", "autocomplete": "one-time-code", "autofocus": ""}
        ),
    )  # fmt: skip


class ClaimForm(Form):
    paper = CodeField(label=_("Code on your paper"))
    phone = PhoneField(label=_("Your telephone number"))


def _any_of(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [("", _("any")), *((str(code), word) for code, word in words.items())]


def _yes_no_questions() -> list[tuple[str, Any]]:
    return [("", _("any")), *((code, text_of(q)) for code, q in asked("yes_no").items())]


class DeclarationFilter(Form):
    """The list of the desk."""

    outcome = forms.ChoiceField(
        label=_("What follows"),
        required=False,
        choices=_any_of({rank: a.short for rank, a in ADVICE.items()}),
    )
    symptom = forms.ChoiceField(label=_("Symptom"), required=False, choices=_any_of(SYMPTOM))
    contact = forms.ChoiceField(
        label=_("Contact told of"), required=False, choices=[("", _("any")), ("yes", _("with a contact"))]
    )
    yes = forms.ChoiceField(label=_("Answered with yes"), required=False, choices=_yes_no_questions)
    said = LineField(label=_("In their own words"), required=False, max_length=60)
    day = DayField(label=_("Day"), required=False, help_text="")
    area = AreaField(label=_("Area"), required=False, help_text="")
    called = forms.ChoiceField(
        label=_("Call"), required=False, choices=[("", _("any")), ("waiting", _("waits for a call"))]
    )
