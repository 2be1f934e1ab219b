"""What is wrong, and what should stand there, as people read it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lachan.systems.vaccination import line_words
from lachan.systems.vaccination.models import CorrectionRequest, Dose

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KIND: Final[Mapping[str, "StrOrPromise"]] = {
    "name": _("Full name"),
    "birth_date": _("Date of birth"),
    "national_id": _("Citizen ID number"),
    "lot": _("Lot number of a dose"),
    "number": _("Which dose it was"),
    "moment": _("Day or hour of a dose"),
    "site": _("Where a dose was given"),
}


def told(row: Any) -> str:
    """Where a correction stands."""
    return str({None: _("waits"), True: _("corrected"), False: _("refused")}[row.accepted])


def before(row: CorrectionRequest) -> str:
    return _shown(row, row.before)


def wanted(row: CorrectionRequest) -> str:
    return _shown(row, row.wanted)


def _shown(row: CorrectionRequest, text: str) -> str:
    kind, _space, number = text.partition(" ")
    if row.kind != "number" or row.dose is None or not number.isdigit():
        return text
    return line_words.kind(kind, int(number), row.dose.primary_doses)


def dose_line(dose: Dose, vaccine: str) -> str:
    """One dose among others: which, when, of what, where."""
    parts = [
        line_words.kind(dose.kind, dose.number, dose.primary_doses),
        f"{dose.given_on:%d/%m/%Y}",
        vaccine,
    ]
    if dose.lot_number:
        parts.append(gettext("lot %(lot)s") % {"lot": dose.lot_number})
    if dose.site:
        parts.append(dose.site.name)
    return " · ".join(parts)
