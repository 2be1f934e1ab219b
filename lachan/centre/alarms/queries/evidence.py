"""Where the evidence of an alarm stands: the pages that show what it is about, as far as a posting may open them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.centre.models import Alarm
from lachan.core import access
from lachan.core.access import Permission
from lachan.core.models import Posting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Address = Callable[[Alarm], str]


@dataclass(frozen=True, slots=True)
class Link:
    label: "StrOrPromise"
    url: str


_WHERE: Final[Mapping[str, tuple["StrOrPromise", Permission, Address]]] = {
    "serious-reaction": (
        _("The reaction and its clocks"), Permission.VIEW_REACTIONS,
        lambda a: reverse("vaccination:reaction", args=[a.subject]),
    ),
    "overdue-tests": (
        _("The overdue tests"), Permission.ORDER_TEST, lambda _a: reverse("testing:orders") + "?due=overdue"
    ),
    "overdue-orders": (
        _("The orders that have reached their end"), Permission.RELEASE, lambda _a: reverse("quarantine:releases")
    ),
    "overdue-reports": (
        _("The open reports"), Permission.VIEW_REPORTS, lambda _a: reverse("feedback:home") + "?whose=all"
    ),
    "report-cluster": (
        _("The open reports"), Permission.VIEW_REPORTS, lambda _a: reverse("feedback:home") + "?whose=all"
    ),
    "full-site": (
        _("The site, bed by bed"), Permission.VIEW_ORDERS, lambda a: reverse("quarantine:site", args=[a.subject])
    ),
    "stock-out": (
        _("The store and its lots"), Permission.VIEW_STOCK, lambda a: reverse("vaccination:store", args=[a.subject])
    ),
    "silent-area": (
        _("The curve of its numbers"), Permission.VIEW_SITUATION, lambda a: reverse("centre:curve", args=[a.area_id])
    ),
    "held-counts": (
        _("The numbers that are held back"), Permission.IMPORT_COUNTS, lambda _a: reverse("centre:held_counts")
    ),
    "parked-events": (_("The events set aside"), Permission.VIEW_EVENTS, lambda _a: reverse("parked")),
    "counter-difference": (_("The recounts"), Permission.VIEW_SITUATION, lambda _a: reverse("centre:recounts")),
}  # fmt: skip


def evidence(alarm: Alarm, posting: Posting) -> list[Link]:
    """Links to what the alarm was computed from, and to the figures of its area."""
    links = []
    if alarm.kind in _WHERE:
        label, rule, address = _WHERE[alarm.kind]
        if access.may(posting, rule):
            links.append(Link(label, address(alarm)))
    if access.may(posting, Permission.VIEW_SITUATION):
        links.append(Link(_("The situation of the area"), reverse("centre:area", args=[alarm.area_id])))
    return links
