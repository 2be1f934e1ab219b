"""What the policy says about vaccination on a day, and its groups by name."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.platform import policies
from lachan.policy import NoPolicyInForce, VaccinationPolicy
from lachan.policy.vaccination import PriorityGroup
from lachan.systems.vaccination.models import Dose


class NoVaccinationYet(Refusal):
    """vaccination-no-policy: these rules have no part on vaccination."""

    status = 404


def rules_on(day: date) -> VaccinationPolicy:
    """Raises NoVaccinationYet."""
    found = policies.at(day).vaccination
    if found is None:
        sentence = _("The rules of this day say nothing about vaccination.")
        raise NoVaccinationYet("vaccination-no-policy", sentence)
    return found


def rules_at(at: datetime) -> VaccinationPolicy:
    """Raises NoVaccinationYet."""
    return rules_on(clock.local_date(at))


def vaccine_name(dose: Dose) -> str:
    """By the rules of its day; its code where they do not know it."""
    try:
        product = rules_on(dose.given_on).product(dose.product)
    except (NoPolicyInForce, NoVaccinationYet):
        product = None
    return product.name if product else dose.product


def group_name(group: PriorityGroup) -> str:
    """In the reader's language."""
    return group.name_vi if (get_language() or "vi").startswith("vi") else group.name_en


def group_names(at: datetime) -> Mapping[str, str]:
    """By code, in order of rank; empty where the rules of the day say nothing."""
    try:
        groups = sorted(rules_at(at).groups, key=lambda group: group.rank)
    except NoVaccinationYet:
        return {}
    return {group.code: group_name(group) for group in groups}
