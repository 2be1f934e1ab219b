"""What people type about alarms."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from lachan.centre.alarms import words
from lachan.centre.alarms.commands.handling import LONGEST
from lachan.platform.forms import AreaField, Form, MomentField, ProseField

WHOSE: Sequence[tuple[str, object]] = (
    ("", _("All open")), ("new", _("To be verified")), ("ours", _("Our tasks")), ("over", _("To be closed")),
    ("closed", _("Closed")),
)  # fmt: skip


class AlarmFilter(Form):
    whose = forms.ChoiceField(label=_("Which"), choices=WHOSE, required=False)
    kind = forms.ChoiceField(
        label=_("About"), choices=[("", _("Everything")), *words.KIND.items()], required=False
    )


class AssignForm(Form):
    area = AreaField(label=_("Whose task is it? Province, district or commune"))
    due_at = MomentField(label=_("To be done by"))
    text = ProseField(label=_("What is to be done?"), max_length=LONGEST)


class DoneForm(Form):
    text = ProseField(label=_("What was done?"), max_length=LONGEST)


class CloseForm(Form):
    text = ProseField(label=_("What was done, or why it was no alarm?"), max_length=LONGEST)
