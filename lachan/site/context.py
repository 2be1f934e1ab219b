"""What every page of the desk knows: the navigation of the posting."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission
from lachan.platform import exports

# In the order of work; the first five that a posting may open stand in its navigation (screens.md rule 2), the
# others at the foot of its desk.
NAVIGATION = (
    ("home", _("My desk"), None),
    ("checkpoints:scan", _("Scan"), Permission.SCAN),
    ("response_centre:desk", _("Response centre"), Permission.TAKE_CALL),
    ("testing:home", _("Testing"), Permission.VIEW_TESTS),
    ("tracing:home", _("Tracing"), Permission.VIEW_CASES),
    ("quarantine:home", _("Quarantine"), Permission.VIEW_ORDERS),
    ("declarations:home", _("Declarations"), Permission.VIEW_DECLARATIONS),
    ("centre:situation", _("Situation"), Permission.VIEW_SITUATION),
    ("centre:alarms", _("Alarms"), Permission.ANSWER_ALARMS),
    ("centre:counts", _("Daily numbers"), Permission.IMPORT_COUNTS),
    ("centre:curves", _("Curves of provinces"), Permission.VIEW_SITUATION),
    ("arrivals:home", _("Arrivals"), Permission.VIEW_ARRIVALS),
    ("arrivals:counter", _("Counter"), Permission.CLEAR_ARRIVALS),
    ("arrivals:vessels", _("Vessels"), Permission.VIEW_ARRIVALS),
    ("arrivals:transfers", _("Transfer lists"), Permission.TRANSFER_TRAVELLERS),
    ("vaccination:registrations", _("Vaccination"), Permission.VIEW_REGISTRATIONS),
    ("vaccination:line_sessions", _("Vaccination line"), Permission.WORK_LINE),
    ("centre:campaign", _("Vaccination campaign"), Permission.VIEW_SITUATION),
    ("vaccination:reactions", _("Reactions after vaccination"), Permission.VIEW_REACTIONS),
    ("vaccination:corrections", _("Corrections"), Permission.CORRECT_RECORDS),
    ("vaccination:stores", _("Vaccine stores"), Permission.VIEW_STOCK),
    ("certificates:home", _("Certificates"), Permission.VIEW_CERTIFICATES),
    ("feedback:home", _("Reports"), Permission.VIEW_REPORTS),
    ("riskmap:home", _("Epidemic levels"), Permission.VIEW_LEVELS),
    ("search", _("People"), Permission.SEARCH_PERSONS),
    ("checkpoints:places", _("Places"), Permission.MANAGE_PLACES),
    ("trace", _("Chain of causes"), Permission.VIEW_EVENTS),
    ("outbox", _("Messages"), Permission.VIEW_EVENTS),
    ("staff:members", _("Accounts"), Permission.MANAGE_STAFF),
    ("health_book:questions", _("Questions about looks"), Permission.ANSWER_READS),
    ("parked", _("Events set aside"), Permission.VIEW_EVENTS),
)
MOST = 5


def desk(request: HttpRequest) -> dict[str, Any]:
    """`nav` for base.html: (address, label, count, current); `more`: (address, label) of the rest; `may_search`."""
    posting = getattr(request, "posting", None)
    if posting is None:
        return {}
    allowed = [
        (reverse(name), label)
        for name, label, rule in NAVIGATION
        if rule is None or access.may(posting, rule)
    ]
    if exports.offered_to(posting):
        allowed.append((reverse("exports"), _("My exports")))
    current = max(
        (url for url, _label in allowed[:MOST] if _leads_to(url, request.path)), key=len, default=""
    )
    return {
        "nav": [(url, label, None, url == current) for url, label in allowed[:MOST]],
        "more": allowed[MOST:],
        "may_search": access.may(posting, Permission.SEARCH_PERSONS),
    }


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
