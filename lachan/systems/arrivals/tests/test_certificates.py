"""Certificates at the counter: what counts in them, whom they name, and that one serves one traveller."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lachan.codecs.foreign import About, Entry, Holder, Kind, Unpacked
from lachan.issuer.judging import Judged
from lachan.systems.arrivals import commands
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen
from lachan.systems.arrivals.queries import evidence
from lachan.systems.arrivals.rules.certificates import Said, names, said_by
from lachan.systems.arrivals.rules.counter import read, temperature_of
from lachan.systems.arrivals.tests.rows import NOON, TODAY, declared, officer, passport

DOSE = Entry(About.VACCINATION, product="Comirnaty", date="2022-01-05", country="FR", dose="2/2")
TEST = Entry(
    About.TEST, code="LP6464-4", date="2022-03-19T10:00:00+00:00", country="FR", result="Not detected"
)
RAPID = Entry(About.TEST, code="LP217198-3", date="2022-03-20T01:00:00Z", country="FR", result="Negative")
RECOVERED = Entry(About.RECOVERY, date="2022-02-01", country="FR")
THIRD = Entry(About.VACCINATION, date="2022-01-05", dose="3/2")
CLAIRE = Holder("Claire MARTIN", "1980-04-08")


def at(day: int, hour: int) -> datetime:
    return datetime(2022, 3, day, hour, tzinfo=UTC)


def found(*entries: Entry, holder: Holder = CLAIRE, code: str = "valid") -> Unpacked:
    return Unpacked(Kind.DCC, code, "", "valid", holder, entries, issuer="FR")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((DOSE,), Said("vaccination", date(2022, 1, 5), doses=2, complete=True)),
        ((Entry(About.VACCINATION, date="2022-01", dose=""),), Said("vaccination", None, doses=1)),
        ((THIRD,), Said("vaccination", date(2022, 1, 5), doses=3, complete=True)),
        ((RECOVERED,), Said("recovery", date(2022, 2, 1))),
        ((TEST,), Said("test", date(2022, 3, 19), test_kind="pcr", tested_at=at(19, 10))),
        ((DOSE, RAPID), Said("test", date(2022, 3, 20), test_kind="antigen", tested_at=at(20, 1))),
        ((Entry(About.TEST, date="2022-03-19", result="Detected"),), None),
        ((Entry(About.VACCINATION, date="2022-01-05", status="entered-in-error"),), None),
        ((), None),
    ],
)  # fmt: skip
def test_the_newest_line_that_counts_is_taken(entries: tuple[Entry, ...], said: Said | None) -> None:
    assert said_by(found(*entries)) == said


@pytest.mark.parametrize(
    ("holder", "problem"),
    [
        (CLAIRE, ""),
        (Holder("MARTIN<<CLAIRE<MARIE", "1980"), ""),
        (Holder("Clàire Martin"), ""),
        (Holder("MARTIN PAUL", "1980-04-08"), "other-name"),
        (Holder("CLAIRE", "1980-04-08"), "other-name"),
        (Holder("", "1980-04-08"), "other-name"),
        (Holder("Claire MARTIN", "1981-04-08"), "other-birth"),
        (Holder("Claire MARTIN", "1980-05"), "other-birth"),
    ],
)
def test_a_certificate_names_its_traveller_or_it_does_not(holder: Holder, problem: str) -> None:
    assert names(holder, "MARTIN CLAIRE", (1980, 4, 8)) == problem


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("12345", "short"), ("HC1:ABC", "certificate"), ("shc:/567", "certificate"), ('{"data": 1}', "certificate"),
        (passport(), "zone"), (passport().replace("\n", " "), "zone"), ("P<<<", "unknown"), ("c 1234567", "number"),
        ("0000 0000 0000 0000 0", "code"), ("", "nothing"), ("   ", "nothing"), ("??", "unknown"), ("đường", "unknown"),
    ],
)  # fmt: skip
def test_what_was_typed_is_told_apart(typed: str, kind: str) -> None:
    assert read(typed, at=TODAY).kind == kind


@pytest.mark.parametrize(
    ("typed", "degrees"),
    [
        ("366", "36.6"),
        ("36.6", "36.6"),
        (" 38,2 ", "38.2"),
        ("36", None),
        ("3666", None),
        ("266", None),
        ("x", None),
    ],
)
def test_a_temperature_is_three_digits(typed: str, degrees: str | None) -> None:
    assert str(temperature_of(typed)) == str(degrees)


def note(
    made: ArrivalDeclaration, unpacked: Unpacked, *, level: Any = "valid", text: str = "HC1:X"
) -> CertificateSeen:
    judged = Judged(level, unpacked.code, unpacked, NOON)
    return commands.note_certificate(declaration=made, text=text, judged=judged, actor=officer(), at=NOON)


@pytest.mark.django_db
def test_a_valid_certificate_of_the_traveller_counts_for_the_duty() -> None:
    made = declared()
    assert evidence.shown_duty(made, at=NOON).kind == "test"
    seen = note(made, found(TEST))
    assert (seen.valid, seen.proof, seen.test_kind, seen.issuer) == (True, "test", "pcr", "FR")
    assert evidence.shown_duty(made, at=NOON).kind == "none"
    assert evidence.shown_duty(made, at=NOON + timedelta(days=4)).kind == "test"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unpacked", "level", "reason"),
    [
        (found(TEST, holder=Holder("DUPONT JEAN", "1980-04-08")), "valid", "other-name"),
        (found(TEST, holder=Holder("MARTIN CLAIRE", "1990-04-08")), "valid", "other-birth"),
        (found(Entry(About.TEST, result="Detected")), "valid", "nothing-counts"),
        (found(TEST, code="expired"), "invalid", "expired"),
        (found(TEST, code="kid-unknown"), "unsure", "kid-unknown-foreign"),
    ],
)
def test_any_other_does_not_and_says_why(unpacked: Unpacked, level: str, reason: str) -> None:
    made = declared()
    seen = note(made, unpacked, level=level)
    assert (seen.valid, seen.reason) == (False, reason)
    assert evidence.shown_duty(made, at=NOON).kind == "test"


@pytest.mark.django_db
def test_one_certificate_serves_one_traveller_and_is_kept_once() -> None:
    first, second = declared(), declared()
    assert note(first, found(TEST)).valid
    assert note(first, found(TEST)).valid
    assert CertificateSeen.objects.count() == 1
    other = note(second, found(TEST), text="HC1: X")
    assert (other.valid, other.reason) == (False, "shown-by-another")


@pytest.mark.django_db
def test_nothing_of_the_code_is_kept() -> None:
    note(declared(), found(TEST), text="HC1:SECRET")
    assert "SECRET" not in str(CertificateSeen.objects.values().get())
