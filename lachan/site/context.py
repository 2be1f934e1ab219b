"""What every page of the desk knows: the navigation of the posting."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission

# The first permission held decides the link; at most five are shown (screens.md rule 2).
NAVIGATION = (
    ("home", _("My desk"), None),
    ("checkpoints:scan", _("Scan"), Permission.SCAN),
    ("testing:home", _("Testing"), Permission.VIEW_TESTS),
    ("tracing:home", _("Tracing"), Permission.VIEW_CASES),
    ("quarantine:home", _("Quarantine"), Permission.VIEW_ORDERS),
    ("search", _("People"), Permission.SEARCH_PERSONS),
)
MOST = 5


def desk(request: HttpRequest) -> dict[str, Any]:
    """`nav` for base.html: (address, label, count, current) of what the posting may open."""
    posting = getattr(request, "posting", None)
    if posting is None:
        return {}
    allowed = [(n, label) for n, label, rule in NAVIGATION if rule is None or access.may(posting, rule)]
    entries = [(reverse(name), label) for name, label in allowed[:MOST] if ":" not in name or _mounted(name)]
    return {"nav": [(url, label, None, _is_current(request.path, url)) for url, label in entries]}


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _mounted(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
