"""Parts of a record as its owner calls them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By what the log notes of a look (`part`); a part that is not here is shown as "your record".
PARTS: Final[Mapping[str, "StrOrPromise"]] = {
    "record": _("your whole record"),
    "reads": _("who looked at your record"),
    "search": _("your name in a list of people found"),
    "identifier": _("one of your numbers (telephone, identity card, insurance)"),
    "household": _("who lives with you"),
    "visits": _("places that you visited"),
    "messages": _("messages sent to you"),
    "scan": _("your code, at an entrance"),
    "card": _("your card with the code"),
    "merge": _("your record, to join it with another"),
    "match": _("your record, to find whose scan it was"),
    "trace": _("what led to what"),
    "tests": _("your tests"),
    "test order": _("your test orders"),
    "test orders": _("your test orders"),
    "tube": _("your sample"),
    "collection": _("your name, as a sample was taken"),
    "case": _("your record as a case"),
    "cases": _("your name in the list of cases"),
    "case report": _("your record, to report a case"),
    "contact": _("your record as a contact"),
    "worklist": _("your name in the list of contacts"),
    "interview": _("your record, during an interview"),
    "order": _("your quarantine order"),
    "orders": _("your name in the list of orders"),
    "new order": _("your record, to issue an order"),
    "order on paper": _("your quarantine order"),
    "certificate": _("your certificate"),
    "monitoring": _("your health readings"),
    "reception": _("your name, as you arrived at the site"),
    "site board": _("your bed at the site"),
    "release list": _("your name in the list of releases"),
    "early releases": _("your early release"),
    "waiting for a bed": _("your name in the list of people waiting for a bed"),
    "breaches": _("scans while you were under an order"),
    "question": _("your question about a look"),
    "line list export": _("a list of cases, saved as a file"),
    "orders export": _("a list of orders, saved as a file"),
    "call back": _("your report, to call you back"),
    "reports export": _("a list of reports, saved as a file"),
    "declarations": _("your health declarations"),
    "declaration on paper": _("your record, to enter your declaration"),
    "declarations: the same person?": _("your declaration, to see whose it is"),
    "declarations, file": _("a list of declarations, saved as a file"),
    "test orders, file": _("a list of test orders, saved as a file"),
    "vaccine stock export": _("a list of vaccines, saved as a file"),
    "people export": _("a list of people, saved as a file"),
    "arrival counter, program": _("your entry declaration, at the counter of a border gate"),
    "arrivals, file": _("a list of people who entered, saved as a file"),
    "missing": _("your name in the list of who is missing aboard"),
    "new transfer list": _("your name in a list of travellers for a quarantine site"),
    "caller": _("your name, as your number called"),
    "call list": _("your name, to find a number and call you"),
    "recipients of a recalled lot": _("your name in the list of a recalled vaccine lot"),
    "call": _("your record, during a call with the response centre"),
    "correction": _("the correction that you asked for"),
    "corrections": _("your name in the list of corrections"),
    "line": _("your name in the line of a vaccination site"),
    "session": _("your name in the list of a vaccination session"),
    "vaccination": _("your vaccination"),
    "reaction": _("your reaction after a vaccination"),
    "reactions": _("your name in the list of reactions after vaccination"),
    "registrations, file": _("a list of registrations for vaccination, saved as a file"),
}


def part_words(part: str) -> "StrOrPromise":
    return PARTS.get(part) or PARTS.get(part.removesuffix(" (API)"), _("your record"))
