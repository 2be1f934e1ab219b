"""A person's doses as they stand in their own record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.systems.vaccination import line_words
from lachan.systems.vaccination.correction_words import dose_line
from lachan.systems.vaccination.models import Dose
from lachan.systems.vaccination.queries.policy import vaccine_name


def _doses(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Those that stand, the newest first; None where there is none."""
    standing = Dose.objects.filter(person__in=group_of(person), given_at__lte=at, withdrawn_at__isnull=True)
    found = [
        {
            "what": line_words.kind(dose.kind, dose.number, dose.primary_doses), "vaccine": vaccine_name(dose),
            "dose": dose, "site": dose.site.name if dose.site else "", "elsewhere": dose.visit_id is None,
            "was": dose_line(dose.replaces, vaccine_name(dose.replaces)) if dose.replaces else "",
        }
        for dose in standing.select_related("site", "replaces__site").order_by("-given_at", "-pk")
    ]  # fmt: skip
    return {"doses": found} if found else None


DOSES = Section("doses", _("My vaccine doses"), "vaccination/book_doses.html", _doses)
