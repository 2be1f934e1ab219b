"""What every page of the desk knows: the navigation of the posting."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission

# In the order of work; the first five that a posting may open stand in its navigation (screens.md rule 2), the
# others at the foot of its desk.
NAVIGATION = (
    ("home", _("My desk"), None),
    ("checkpoints:scan", _("Scan"), Permission.SCAN),
    ("testing:home", _("Testing"), Permission.VIEW_TESTS),
    ("tracing:home", _("Tracing"), Permission.VIEW_CASES),
    ("quarantine:home", _("Quarantine"), Permission.VIEW_ORDERS),
    ("search", _("People"), Permission.SEARCH_PERSONS),
    ("checkpoints:places", _("Places"), Permission.MANAGE_PLACES),
    ("trace", _("Chain of causes"), Permission.VIEW_EVENTS),
    ("outbox", _("Messages"), Permission.VIEW_EVENTS),
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
    return {
        "nav": [(url, label, None, _is_current(request.path, url)) for url, label in allowed[:MOST]],
        "more": allowed[MOST:],
        "may_search": access.may(posting, Permission.SEARCH_PERSONS),
    }


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
