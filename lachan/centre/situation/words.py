"""The measures in words: what each counts, on which day, and from what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Meaning:
    """`day`: on which day it counts. `source`: kinds of events, or tables of a system."""

    label: StrOrPromise
    what: StrOrPromise
    day: StrOrPromise
    source: str


NOW = _("as of now, at most a minute old")
CONFIRMED = _("the day on which it was confirmed")
REPORTED = _("the day on which the result was first reported")
FOUND = _("the day on which the contact was found")
HAPPENED = _("the day on which it happened")
GATE = _("the day of the first decision at the gate")

MEANINGS: Final[dict[str, Meaning]] = {
    "cases": Meaning(
        _("Confirmed cases"),
        _("People confirmed as infected, without those whose confirmation was taken back."),
        CONFIRMED,
        "CaseConfirmed, CaseWithdrawn",
    ),
    "tests": Meaning(
        _("Test results"),
        _("Results of one person, verified by a second laboratory worker."),
        REPORTED,
        "ResultReported, ResultAmended",
    ),
    "positives": Meaning(
        _("Positive results"),
        _("Results that say positive, after amendments."),
        REPORTED,
        "ResultReported, ResultAmended",
    ),
    "negatives": Meaning(
        _("Negative results"),
        _("Results that say negative, after amendments."),
        REPORTED,
        "ResultReported, ResultAmended",
    ),
    "positivity": Meaning(
        _("Positivity"),
        _("Positive results in 100 positive and negative ones; others do not count."),
        REPORTED,
        "ResultReported, ResultAmended",
    ),
    "result_hours": Meaning(
        _("Hours to the result"),
        _("Mean time from taking the sample to the verified result."),
        REPORTED,
        "ResultReported",
    ),
    "tests_timely": Meaning(
        _("Results within 24 hours"),
        _("Results reported within 24 hours of taking the sample, in 100."),
        REPORTED,
        "ResultReported",
    ),
    "contacts": Meaning(
        _("Contacts found"),
        _(
            "People found to have met a case (F1) or a contact (F2), without those who as it turned out had not."
        ),
        FOUND,
        "ContactFound, ContactCleared",
    ),
    "contacts_near": Meaning(
        _("of them F1"),
        _("Contacts whose level now is F1."),
        FOUND,
        "ContactFound, ContactChanged, ContactCleared",
    ),
    "contacts_reached": Meaning(
        _("Contacts reached"),
        _("Contacts with whom a call got through, whenever it did."),
        FOUND,
        "ContactCalled",
    ),
    "contacts_timely": Meaning(
        _("Contacts reached in time"),
        _("Contacts reached within the hours that the policy of the day allows, in 100 contacts found."),
        FOUND,
        "ContactFound, ContactCalled",
    ),
    "orders": Meaning(
        _("Orders issued"), _("Orders to stay apart, at home or in a facility."), HAPPENED, "OrderIssued"
    ),
    "releases": Meaning(
        _("People released"), _("People whose order ended with a release."), HAPPENED, "PersonReleased"
    ),
    "doses": Meaning(
        _("Doses given"),
        _("Doses of vaccine, counted where the person lives."),
        HAPPENED,
        "DoseGiven, DoseWithdrawn",
    ),
    "first_doses": Meaning(
        _("First doses"), _("Doses given as the first."), HAPPENED, "DoseGiven, DoseWithdrawn"
    ),
    "last_doses": Meaning(
        _("Courses completed"),
        _("Doses that complete the primary course."),
        HAPPENED,
        "DoseGiven, DoseWithdrawn",
    ),
    "more_doses": Meaning(
        _("Further doses"), _("Doses after the primary course."), HAPPENED, "DoseGiven, DoseWithdrawn"
    ),
    "wasted_doses": Meaning(
        _("Doses wasted"), _("Doses written off, where the store is."), HAPPENED, "DosesWasted"
    ),
    "reports": Meaning(
        _("Reports received"),
        _("Reports of citizens, for the place that they are about."),
        HAPPENED,
        "ReportFiled",
    ),
    "reports_answered": Meaning(
        _("Reports answered"),
        _("Reports answered or refused for the first time."),
        HAPPENED,
        "ReportAnswered, ReportRefused",
    ),
    "reports_late": Meaning(
        _("Reports gone up"),
        _("Reports handed to the unit above for the first time, because nothing was done in time."),
        HAPPENED,
        "ReportEscalated",
    ),
    "arrivals": Meaning(
        _("Arrivals"), _("People who came through a border gate, for the gate."), GATE, "ArrivalCleared"
    ),
    "arrivals_apart": Meaning(
        _("Arrivals to stay apart"),
        _("Arrivals who must stay at home or in a facility, as decided now."),
        GATE,
        "ArrivalCleared",
    ),
    "orders_in_force": Meaning(
        _("Orders in force"), _("Open orders, where the person lived."), NOW, "quarantine: Order"
    ),
    "in_facilities": Meaning(
        _("People in facilities"),
        _("People under an order who have a bed, where they lived."),
        NOW,
        "quarantine: Stay",
    ),
    "beds": Meaning(
        _("Beds"), _("Beds of quarantine sites that are in use, for the site."), NOW, "quarantine: Bed"
    ),
    "free_beds": Meaning(
        _("Free beds"), _("Those of them in which nobody lies."), NOW, "quarantine: Bed, Stay"
    ),
    "stock": Meaning(
        _("Doses in stores"),
        _("Doses of lots that are not held, recalled or expired, for the store."),
        NOW,
        "vaccination: Stock",
    ),
    "reports_open": Meaning(
        _("Reports open"), _("Reports of citizens that somebody has to handle."), NOW, "feedback: Turn"
    ),
    "reports_overdue": Meaning(
        _("Reports overdue"), _("Those of them whose time is over."), NOW, "feedback: Turn"
    ),
    "tests_waiting": Meaning(
        _("Tests to be taken"),
        _("Tests ordered of which no sample was taken yet."),
        NOW,
        "testing: TestOrder",
    ),
}

SIGNS: Final[dict[str, StrOrPromise]] = {
    "rising": _("cases rising"),
    "positivity": _("high positivity"),
    "no-bed": _("no free bed"),
    "contacts-late": _("contacts reached late"),
    "results-late": _("results late"),
    "reports-overdue": _("reports overdue"),
    "no-stock": _("no vaccine"),
}

GROUPS: Final[tuple[tuple[StrOrPromise, tuple[str, ...], tuple[str, ...]], ...]] = (
    (_("Cases and contacts"), ("cases", "contacts", "contacts_near", "contacts_timely"), ()),
    (_("Testing"), ("tests", "positivity", "result_hours", "tests_timely"), ("tests_waiting",)),
    (_("Quarantine"), ("orders", "releases"), ("orders_in_force", "in_facilities", "free_beds")),
    (_("Vaccination"), ("doses", "first_doses", "last_doses", "wasted_doses"), ("stock",)),
    (
        _("Reports of citizens"),
        ("reports", "reports_answered", "reports_late"),
        ("reports_open", "reports_overdue"),
    ),
    (_("Arrivals"), ("arrivals", "arrivals_apart"), ()),
)
"""Titles, what happened, what stands now: the order of the page and of the report."""


SUMMANDS: Final[dict[str, StrOrPromise]] = {
    "result_minutes": _("Minutes to all results"),
    "results_in_time": _("Results within 24 hours, how many"),
    "contacts_in_time": _("Contacts reached in time, how many"),
}
"""What shares and means are made of: it stands on no page but among the differences of a recount."""


def label(measure: str) -> StrOrPromise:
    return MEANINGS[measure].label if measure in MEANINGS else SUMMANDS[measure]
