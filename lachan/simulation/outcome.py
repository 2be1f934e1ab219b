"""What came of a played outbreak, told without ids, so that two plays can be held against each other.

Persons and places go by their place in the order of loading, tubes by their labels. Left out is what lasted for no
time, and how it was that something ended: whether a contact who turns out a case at the same instant had another
exposure first is a matter of who was handled first, and of no consequence.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Coalesce, Least

from lachan.platform.models import Message
from lachan.simulation.play import Played
from lachan.systems.checkpoints.models import Breach, Scan
from lachan.systems.quarantine.models import OrderTerm, Reading, ReleaseDecision, Stay
from lachan.systems.testing.models import PoolTube, Result, TestOrder, TubeMember
from lachan.systems.tracing.models import Case, Contact, CrowdNotice, Exposure, FollowUpCall, HandOver

Row = tuple[Any, ...]


def outcome(played: Played) -> dict[str, list[Row]]:
    """Rows by kind of thing, sorted."""
    return {
        name: sorted(_rows(played, query, persons, places, facts), key=repr)
        for name, (query, persons, places, facts) in _parts(played).items()
    }


def digest(told: dict[str, list[Row]]) -> str:
    """Equal for equal outcomes."""
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


Part = tuple[QuerySet[Any], Sequence[str], Sequence[str], Sequence[str]]


def _parts(played: Played) -> dict[str, Part]:
    """By name: rows, and of each the columns that hold persons, places, and anything else."""
    return _of_tracing() | _of_quarantine(played) | _of_testing() | _of_gates()


def _of_tracing() -> dict[str, Part]:
    window = ("onset_on", "first_positive_at", "isolated_at", "infectious_from", "infectious_until")
    # A contact for no time leaves a shorter look at the same company.
    company = Exposure.objects.values("source", "person", "place", "kind", "setting", "masked").annotate(
        begins=Min("starts_at"), ends=Max("ends_at"), found=Min("found_at")
    )
    standing = ("level", "first_exposed_at", "exposed_at", "found_at")
    calls = ("called_at", "outcome", "symptoms", "next_at")
    return {
        "cases": (
            Case.objects.all(), ("person", "root"), (),
            ("classification", *window, "confirmed_at", "closed_at", "ended_at"),
        ),
        "exposures": (
            company, ("source", "person"), ("place",), ("kind", "setting", "masked", "begins", "ends", "found")
        ),
        "contacts": (Contact.objects.filter(ended_at__isnull=True), ("person", "source"), (), standing),
        "former contacts": (
            Contact.objects.filter(ended_at__gt=F("found_at")), ("person",), (), ("found_at", "ended_at")
        ),
        "calls": (FollowUpCall.objects.all(), ("contact__person",), (), calls),
        "notices": (
            CrowdNotice.objects.all(), ("case__root",), ("place",), ("from_at", "until_at", "people"),
        ),
        "handovers": (
            HandOver.objects.all(), ("case__root",), (),
            ("from_area__code", "to_area__code", "sent_at", "acknowledged_at"),
        ),
    }  # fmt: skip


def _of_quarantine(played: Played) -> dict[str, Part]:
    until = Coalesce(Least("superseded_at", "order__closed_at"), played.ended_at)
    lasted = OrderTerm.objects.annotate(until=until).filter(until__gt=F("decided_at"))
    asks = (
        "subject", "kind", "immune", "exposed_on", "starts_on", "ends_on", "at_most_on", "test_dates", "policy_id",
        "negatives_needed", "until", "order__closed_at",
    )  # fmt: skip
    measured = ("taken_at", "temperature", "spo2", "symptoms")
    return {
        "orders": (lasted, ("order__person",), ("order__site",), asks),
        "stays": (Stay.objects.all(), ("order__person",), ("room", "bed__room__parent"), ("period",)),
        "readings": (Reading.objects.all(), ("order__person",), (), measured),
        "releases": (ReleaseDecision.objects.all(), ("order__person",), (), ("early", "decided_at")),
    }


def _of_testing() -> dict[str, Part]:
    ordered = TestOrder.objects.exclude(cancelled_at=F("ordered_at"))
    read = (
        "tube__barcode",
        "pool__barcode",
        "outcome",
        "ct",
        "entered_at",
        "verified_at",
        "closed_as",
        "reason",
    )
    return {
        "tests": (
            ordered, ("person",), (),
            ("assay", "reason", "due_on", "ordered_at", "cancelled_at"),
        ),
        "tubes": (
            TubeMember.objects.all(), ("person",), ("tube__place",),
            ("tube__barcode", "tube__size", "tube__collected_at", "tube__journey__batch__received_at",
             "tube__rejection__reason", "order__due_on", "order__reason"),
        ),
        "pools": (PoolTube.objects.all(), (), (), ("pool__barcode", "tube__barcode", "pool__made_at")),
        "results": (Result.objects.all(), (), (), read),
    }  # fmt: skip


def _of_gates() -> dict[str, Part]:
    return {
        "scans": (
            Scan.objects.all(), ("person",), ("place",),
            ("payload", "happened_at", "recorded_at", "marks", "verdict", "reason"),
        ),
        "breaches": (Breach.objects.all(), ("person",), ("place",), ("on_date", "happened_at")),
        "messages": (
            Message.objects.exclude(template__startswith="order-"), ("person",), (),
            ("template", "facts", "queued_at"),
        ),
    }  # fmt: skip


def _rows(
    played: Played, query: QuerySet[Any], persons: Sequence[str], places: Sequence[str], facts: Sequence[str]
) -> Iterable[Row]:
    first = [played.loaded.person] * len(persons) + [played.loaded.homes.household] * len(places)
    for row in query.values_list(*persons, *places, *facts):
        named = [None if pk is None else pk - begin for pk, begin in zip(row, first, strict=False)]
        yield (*named, *map(_plain, row[len(named) :]))


def _plain(value: Any) -> Any:
    """A value that looks the same in every process and time zone."""
    return str(value) if hasattr(value, "lower_inc") else value
