"""Why a row, a list or a vessel is refused, as people read it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REFUSED: Final[Mapping[str, "StrOrPromise"]] = {
    "name-empty": _("The row names nobody."),
    "document-empty": _("The number of the travel document is missing."),
    "document-shape": _("A document number has 4 to 20 letters and digits, at least one digit."),
    "nationality-unknown": _(
        "No country has this code. Use the three letters of the passport, for instance VNM."
    ),
    "sex-unknown": _("This is no sex that the list can say. Use M, F or X."),
    "crew-unknown": _("This does not say whether the person is crew. Use yes, no or leave it empty."),
    "cabin-shape": _("A cabin is a number, counted from the front."),
    "cabin-not-there": _("The vessel has no cabin of this number."),
    "seat-shape": _("This is no seat of this vessel. Write it like 12A, or as on the seat map."),
    "seat-not-there": _("The vessel has no such seat."),
    "seat-taken": _("This seat is taken by another row."),
    "document-twice": _("The same document stands in a row before."),
    "person-twice": _("This person is aboard already, with another document."),
    "differs": _(
        "This person is on the list already, in another seat, which stays. Ask the carrier which is right."
    ),
    "layout-shape": _("Write the rows like: 1-3 AC-DF; 10-36 ABC-DEF; !13"),
    "layout-rows": _("These rows cannot be: they overlap, run backwards, or are too many."),
    "conveyance-known": _("This vessel is registered for that day at this gate."),
    "gate-not-open": _("This gate has no place in an area that is loaded."),
    "number-shape": _("A number has 2 to 20 letters and digits, for instance VN310."),
    "kind-unknown": _("Choose the kind of vessel."),
    "country-unknown": _(
        "No country has this code. Use the three letters of the passport, for instance VNM."
    ),
    "arrives-before-departing": _("It arrives before it departs."),
    "journey-long": _("A journey lasts 60 days at most."),
    "landed-already": _("The arrival of this vessel was recorded before."),
    "landed-in-future": _("The arrival is in the future."),
    "columns-missing": _("The list needs a column for the name and one for the document number."),
    "list-long": _("The list is too long for this page. Divide it, or import it on the command line."),
}
