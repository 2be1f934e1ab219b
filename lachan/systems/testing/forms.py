"""What people fill in at the desks of testing."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.platform.forms import CodeField, DayField, Form, LineField, ProseField
from lachan.systems.testing import rules
from lachan.systems.testing.models import AssayKind, OrderReason, OutcomeKind, RejectionReason

BY_HAND = (OrderReason.INDICATED, OrderReason.SYMPTOMS, OrderReason.SCREENING, OrderReason.REPEAT)
ORDER_AHEAD = timedelta(days=60)
MOST_SCANNED = 400


def today() -> date:
    return clock.local_date(clock.now())


class BarcodeField(LineField):
    """A barcode, scanned or typed; the value is its stored form."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "code", "autocapitalize": "characters", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=64, **kwargs)

    def clean(self, value: object) -> str:
        typed: str = super().clean(value)
        code = rules.read_barcode(typed)
        if typed and code is None:
            raise ValidationError(
                _("A barcode has 4 to 32 letters, digits and hyphens, at least one digit."), code="barcode"
            )
        return code or ""


class BarcodesField(ProseField):
    """Barcodes scanned one after the other: a scanner ends each with a new line. The value keeps their order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}))
        super().__init__(max_length=20_000, **kwargs)

    def clean(self, value: object) -> list[str]:
        words = super().clean(value).split()
        codes = [rules.read_barcode(word) for word in words]
        bad = [word for word, code in zip(words, codes, strict=True) if code is None]
        if bad:
            raise ValidationError(
                _("This is no barcode: %(text)s"), code="barcode", params={"text": ", ".join(bad[:5])[:200]}
            )
        if len(words) > MOST_SCANNED:
            raise ValidationError(_("Too many tubes at once: at most 400."), code="many")
        return list(dict.fromkeys(code for code in codes if code))


class OrderForm(Form):
    person = CodeField(label=_("Code of the person"))
    assay = forms.ChoiceField(label=_("Test"), choices=AssayKind.choices)
    reason = forms.ChoiceField(label=_("Reason"), choices=[(r.value, r.label) for r in BY_HAND])
    due_on = DayField(
        label=_("To be taken on"), earliest=today, latest=lambda: today() + ORDER_AHEAD, initial=today
    )


class OrderFilter(Form):
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[
            ("", _("Today and overdue")),
            ("today", _("Today")),
            ("overdue", _("Overdue")),
            ("open", _("All that are open")),
        ],
    )
    assay = forms.ChoiceField(label=_("Test"), required=False, choices=[("", _("All")), *AssayKind.choices])
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("All")), *OrderReason.choices]
    )


class PoolForm(Form):
    barcode = BarcodeField(label=_("Barcode of the pool"))
    tubes = BarcodesField(
        label=_("Tubes in the pool"), help_text=_("Scan the tubes one after the other; one on each line.")
    )


class RejectForm(Form):
    reason = forms.ChoiceField(label=_("Why can it not be tested?"), choices=RejectionReason.choices)


class ReceiveForm(Form):
    """One choice for each tube that has something wrong, and the scans that show that it was there."""

    scanned = BarcodesField(
        label=_("Scan the tubes in the box"),
        required=False,
        help_text=_("Optional. If you scan, tubes of the list that you did not scan count as missing."),
    )

    def __init__(self, barcodes: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.barcodes = barcodes

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        strange = sorted(set(given.get("scanned", [])) - set(self.barcodes))
        if strange:
            self.add_error(
                "scanned",
                ValidationError(
                    _("Not on the list of this box: %(tubes)s. Put them aside and call the station."),
                    code="strange",
                    params={"tubes": ", ".join(strange[:10])},
                ),
            )
        return given

    def rejections(self) -> dict[str, str]:
        """Barcode to reason: what was chosen for a tube, else missing when others were scanned and it was not."""
        chosen = {b: self.data.get(f"reason-{b}", "") for b in self.barcodes}
        wrong = {b: reason for b, reason in chosen.items() if reason}
        scanned = set(self.cleaned_data["scanned"])
        if scanned:
            missing = set(self.barcodes) - scanned - wrong.keys()
            wrong |= dict.fromkeys(missing, RejectionReason.MISSING.value)
        return wrong


class AmendForm(Form):
    outcome = forms.ChoiceField(label=_("What the result should be"), choices=OutcomeKind.choices)
    reason = LineField(label=_("Why is it corrected?"), max_length=300)

    def __init__(self, *args: Any, with_ct: bool, ct: dict[str, float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.genes = rules.GENES if with_ct else ()
        for gene in self.genes:
            self.fields[f"ct_{gene}"] = LineField(
                label=f"Ct {gene}", required=False, max_length=8, initial=ct.get(gene, ""),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["ct"] = {}
        for gene in self.genes:
            typed = given.get(f"ct_{gene}", "")
            value = rules.read_ct(typed)
            if typed and value is None:
                self.add_error(f"ct_{gene}", _("Type a number from 1 to 50."))
            elif value is not None:
                given["ct"][gene] = value
        return given


class TurnaroundFilter(Form):
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)
