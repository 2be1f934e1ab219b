"""What follows from a declaration, in words that can be acted on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone
from lachan.systems.declarations.models import Declaration
from lachan.systems.declarations.rules import questionnaire as forms
from lachan.systems.declarations.rules.questionnaire import Question, Questionnaire, TriageRule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Advice:
    """`short` stands in lists, `title` and `text` on the page of who declared."""

    short: "StrOrPromise"
    title: "StrOrPromise"
    text: "StrOrPromise"
    tone: Tone


ADVICE: Final[Mapping[int, Advice]] = {
    0: Advice(
        _("no sign"), _("Nothing in your answers points to the disease"),
        _("Keep to the usual protection. If you feel ill later, declare again."), "ok",
    ),
    1: Advice(
        _("to watch"), _("Watch your health for 14 days"),
        _("Measure your temperature twice a day and keep your distance from old and ill people. If a sign appears,"
          " stay at home and declare again."), "warn",
    ),
    2: Advice(
        _("test"), _("Stay at home; a test is being ordered for you"),
        _("Keep apart from your family and wear a mask. The health station will tell you where the test is taken."
          " Questions: 1900 9095."), "warn",
    ),
    3: Advice(
        _("call back"), _("Stay at home; a health worker will call you"),
        _("Keep apart from your family and wear a mask. If you left no telephone number, call the health station or"
          " 1900 9095."), "stop",
    ),
    4: Advice(
        _("danger sign"), _("Call 115 now"),
        _("What you describe is a danger sign. Do not wait for our call: 115 is the ambulance."), "stop",
    ),
}  # fmt: skip


def badge(declaration: Declaration) -> Badge:
    advice = ADVICE[declaration.outcome]
    return Badge(advice.short, advice.tone)


def in_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def text_of(one: "Question | forms.Option") -> str:
    return one.text_vi if in_vietnamese() else one.text_en


def form_of(declaration: Declaration) -> Questionnaire:
    return forms.version(declaration.form, declaration.form_version)


def rule_of(declaration: Declaration) -> TriageRule | None:
    return next((r for r in form_of(declaration).rules if r.code == declaration.rule), None)


def reason_of(declaration: Declaration) -> str:
    """Why the advice is what it is; empty where no rule fired."""
    rule = rule_of(declaration)
    return "" if rule is None else rule.why_vi if in_vietnamese() else rule.why_en


def answered(declaration: Declaration) -> list[tuple[str, str]]:
    """Question and answer in the reader's language, as the form was when it was answered."""
    return [
        (text_of(question), _said(question, declaration.answers[question.code]))
        for question in form_of(declaration).questions
        if question.code in declaration.answers
    ]


def _said(question: Question, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(text_of(o) for o in question.options if o.code in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return f"{value:.1f} °C" if isinstance(value, float) else str(value)
