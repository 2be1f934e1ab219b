"""The journey of Form 01: what is told, what cannot be, and how it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.codecs.mrz.countries import CODES
from lachan.core import clock, persons
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.core.sealed import blind_index, seal
from lachan.platform import policies
from lachan.systems.arrivals.models import ArrivalDeclaration, Document, Gate, TestKind, Transport
from lachan.systems.arrivals.models.travel import EMAIL, PHONE
from lachan.systems.arrivals.words import EXPOSURE, SYMPTOM

LATE = timedelta(days=2)
LONGEST_JOURNEY = timedelta(days=60)
NUMBER = re.compile(r"[A-Z0-9]{5,20}")


class CannotDeclareEntry(Refusal):
    """`field` names what is wrong: arrives-too-early, arrives-too-late, departed-after, departed-long-ago,
    number-shape, country-unknown, tested-in-future, dose-in-future, recovered-in-future, choice-unknown;
    already-cleared, already-amended, no-short-code."""

    status = 422

    def __init__(self, code: str, message: Any, field: str = "") -> None:
        super().__init__(code, message)
        self.field = field


class CannotAmendEntry(CannotDeclareEntry):
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Form 01 without the person. Countries are ISO 3166-1 alpha-3; texts are as typed."""

    gate: Gate
    document_kind: str = Document.PASSPORT
    document_number: str
    nationality: str
    transport: str = Transport.PLANE
    vehicle: str = ""
    seat: str = ""
    departed_on: date
    arrives_on: date
    from_country: str
    from_place: str = ""
    countries: tuple[str, ...] = ()
    destination_area: Area
    destination_address: str
    phone: str
    email: str = ""
    symptoms: tuple[str, ...] = ()
    exposures: tuple[str, ...] = ()
    doses: int | None = None
    vaccine: str = ""
    last_dose_on: date | None = None
    recovered_on: date | None = None
    test_kind: str = ""
    tested_at: datetime | None = None

    @property
    def number(self) -> str:
        """The number of the document as it is found again: capitals and digits."""
        return plain_number(self.document_number)


def plain_number(text: str) -> str:
    return re.sub(r"[\s.\-<]", "", text).upper()


def plain_vehicle(text: str) -> str:
    """`VN 311` and `vn311` are one flight."""
    return re.sub(r"[\s.\-]", "", text).upper()[:20]


def check_journey(journey: Journey, at: datetime) -> None:
    """Raises CannotDeclareEntry for the first thing that cannot be."""
    today = clock.local_date(at)
    rules = policies.at(today).arrivals
    latest = today + timedelta(days=rules.declare_days if rules else 30)
    wrong = (
        (journey.arrives_on < today - LATE, "arrives-too-early", "arrives_on"),
        (journey.arrives_on > latest, "arrives-too-late", "arrives_on"),
        (journey.departed_on > journey.arrives_on, "departed-after", "departed_on"),
        (journey.arrives_on - journey.departed_on > LONGEST_JOURNEY, "departed-long-ago", "departed_on"),
        (not NUMBER.fullmatch(journey.number), "number-shape", "document_number"),
        (not {journey.nationality, journey.from_country, *journey.countries} <= CODES, "country-unknown", "countries"),
        (journey.tested_at is not None and journey.tested_at > at, "tested-in-future", "tested_at"),
        ((journey.last_dose_on or today) > today, "dose-in-future", "last_dose_on"),
        ((journey.recovered_on or today) > today, "recovered-in-future", "recovered_on"),
        (bool(journey.test_kind) != (journey.tested_at is not None), "test-half", "tested_at"),
        (journey.last_dose_on is not None and not journey.doses, "dose-half", "doses"),
        (not _known(journey), "choice-unknown", ""),
    )  # fmt: skip
    for holds, code, name in wrong:
        if holds:
            raise CannotDeclareEntry(code, _SENTENCES[code], name)


def _known(journey: Journey) -> bool:
    return (
        journey.transport in Transport.values
        and journey.document_kind in Document.values
        and journey.test_kind in ("", *TestKind.values)
        and set(journey.symptoms) <= set(SYMPTOM)
        and set(journey.exposures) <= set(EXPOSURE)
    )


_SENTENCES: dict[str, Any] = {
    "arrives-too-early": _("The day of arrival is past. Ask the officers at the gate."),
    "arrives-too-late": _("It is too early: declare in the last days before your arrival."),
    "departed-after": _("The departure is after the arrival."),
    "departed-long-ago": _("The departure is more than 60 days before the arrival."),
    "number-shape": _("Type the number of the document: 5 to 20 letters and digits."),
    "country-unknown": _("Choose countries from the list."),
    "tested-in-future": _("The time of the test is in the future."),
    "dose-in-future": _("The day of the last dose is in the future."),
    "recovered-in-future": _("The day of recovery is in the future."),
    "test-half": _("Of a test both are needed: its kind and its time."),
    "dose-half": _("Say how many doses you had."),
    "choice-unknown": _("One of the answers is none of those offered."),
}


def columns_of(journey: Journey) -> dict[str, Any]:
    same = (
        "gate", "document_kind", "nationality", "transport", "departed_on", "arrives_on", "from_country", "from_place",
        "destination_area", "destination_address", "doses", "vaccine", "last_dose_on", "recovered_on", "test_kind",
        "tested_at",
    )  # fmt: skip
    return {name: getattr(journey, name) for name in same} | {
        "document_index": blind_index(journey.document_kind, journey.number),
        "vehicle": plain_vehicle(journey.vehicle),
        "seat": plain_vehicle(journey.seat)[:6],
        "countries": list(dict.fromkeys((journey.from_country, *journey.countries))),
        "sealed_phone": seal(PHONE, journey.phone),
        "sealed_email": seal(EMAIL, journey.email) if journey.email else None,
        "symptoms": list(journey.symptoms),
        "exposures": list(journey.exposures),
    }


def journey_of(made: ArrivalDeclaration) -> Journey:
    """What was declared, in clear, to be amended; the number is unsealed for that alone."""
    same = (
        "gate", "document_kind", "nationality", "transport", "vehicle", "seat", "departed_on", "arrives_on",
        "from_country", "from_place", "destination_area", "destination_address", "phone", "email", "doses", "vaccine",
        "last_dose_on", "recovered_on", "test_kind", "tested_at",
    )  # fmt: skip
    lists = ("countries", "symptoms", "exposures")
    told: dict[str, Any] = {name: getattr(made, name) for name in same}
    told |= {name: tuple(getattr(made, name)) for name in lists}
    return Journey(**told, document_number=_number_of(made))


def _number_of(made: ArrivalDeclaration) -> str:
    known = made.person.identifiers.get(kind=made.document_kind, blind_index=made.document_index)
    return persons.identifier_value(known)
