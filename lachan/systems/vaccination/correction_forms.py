"""What is asked about a correction: first what is wrong, then how it should read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Place
from lachan.platform.forms import CodeField, DigitsField, Form, LineField, ProseField
from lachan.systems.vaccination import line_words
from lachan.systems.vaccination.correction_words import KIND
from lachan.systems.vaccination.forms import choose
from lachan.systems.vaccination.models.corrections import OF_A_DOSE

NUMBERS: Final = (
    ("primary", 1), ("primary", 2), ("primary", 3), ("additional", 1), ("booster", 1), ("booster", 2), ("booster", 3),
)  # fmt: skip
READS = _("How should it read?")
WANTED: Final[Mapping[str, Callable[[], forms.Field]]] = {
    "name": lambda: LineField(label=READS, max_length=200),
    "birth_date": lambda: LineField(label=READS, max_length=20, help_text=_("For example 5/3/1980")),
    "national_id": lambda: DigitsField(
        label=_("The number on the card"), lengths=(12,),
        help_text=_("12 digits. Only its end is shown afterwards, also to staff."),
    ),
    "lot": lambda: LineField(label=READS, max_length=20, help_text=_("As it stands on the slip that you were given.")),
    "number": lambda: forms.ChoiceField(
        label=_("Which dose was it?"), widget=forms.RadioSelect,
        choices=[(f"{kind} {number}", line_words.earlier(kind, number)) for kind, number in NUMBERS],
    ),
    "moment": lambda: LineField(
        label=_("When was it given?"), max_length=40,
        help_text=_("Day/month/year, and the hour if it is wrong too: 5/3/2021 08:30"),
    ),
    "site": lambda: LineField(
        label=_("Where was it given?"), max_length=200, help_text=_("Name and commune of the vaccination site.")
    ),
}  # fmt: skip


class StartForm(Form):
    """Staff ask for somebody who stands before them."""

    person = CodeField(label=_("Code of the person"))
    kind = forms.ChoiceField(label=_("What is wrong?"), choices=list(KIND.items()), widget=forms.RadioSelect)


class WrongForm(Form):
    """How it should read. `doses`: keys and words of those on record, the newest first."""

    words = ProseField(label=_("Which paper shows it?"), max_length=500)

    def __init__(self, *args: Any, kind: str, doses: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"] = WANTED[kind]()
        if kind in OF_A_DOSE:
            self.fields["dose"] = forms.TypedChoiceField(
                label=_("Which dose?"), widget=forms.RadioSelect, coerce=int,
                choices=[(str(pk), line) for pk, line in doses], initial=str(doses[0][0]) if len(doses) == 1 else None,
            )  # fmt: skip
        self.order_fields(["dose", "wanted", "words"])


class DecisionForm(Form):
    """What becomes of it. Who puts a number or a site right says which they have read."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("confirm", _("Put the record right")), ("refuse", _("Leave it as it is"))],
        widget=forms.RadioSelect,
    )
    answer = ProseField(label=_("Which paper was seen, or why not"), max_length=500)

    def __init__(self, *args: Any, kind: str, sites: Iterable[Place] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == "site":
            self.fields["site"] = forms.ChoiceField(label=_("The site"), required=False)
            choose(self, "site", [("", "—"), *((str(site.pk), site.name) for site in sites)])
        if kind == "national_id":
            self.fields["number"] = DigitsField(
                label=_("The number, read off the card by you"), lengths=(12,), required=False,
                help_text=_("To put the record right it has to be the number that was asked for."),
            )  # fmt: skip
        self.order_fields(["decision", "site", "number", "answer"])
