"""What people send and decide on daily counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.centre.daily_counts.commands.deciding import LONGEST_REASON
from lachan.platform.forms import Form, LineField

LARGEST = 20 * 1024 * 1024


class UploadForm(Form):
    """A list as a file."""

    file = forms.FileField(
        label=_("List of daily numbers (CSV or Excel)"),
        help_text=_("Columns: date, province or code, new_cases; may be new_deaths and total_cases. At most 20 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.txt,.xlsx,text/csv"},
        ),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Raises ValidationError."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Send it in parts."))
        return file


class DecisionForm(Form):
    """Why a number is released or rejected."""

    reason = LineField(
        label=_("Reason"), max_length=LONGEST_REASON,
        help_text=_("Whom you asked, and what the right number is."),
    )  # fmt: skip
