"""What a health certificate that is shown at a gate says there: evidence for this one decision, and no more.

Fields are those of the EU schema 1.3 (`dn` of `sd` doses on `dt`; test `tt` of sample `sc` with result `tr`; recovery
that holds from `df` to `du`). Whose it is, the guard sees by comparing name and birth date with a paper.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from lachan.codecs.hcert import Certificate, Use
from lachan.codecs.hcert.products import DETECTED, NAA_TEST, NOT_DETECTED, RAPID_TEST
from lachan.systems.checkpoints.rules.evidence import Evidence, Negative, Shot
from lachan.systems.checkpoints.rules.marks import (
    CERTIFICATE_INVALID,
    CERTIFICATE_POSITIVE,
    CERTIFICATE_UNSURE,
)

PREFIX: Final = "HC1:"
ASSAYS: Final[Mapping[str, Literal["pcr", "antigen"]]] = {NAA_TEST: "pcr", RAPID_TEST: "antigen"}
Level = Literal["valid", "unsure", "invalid"]


@dataclass(frozen=True, slots=True)
class Certified:
    """`mark` is what speaks against the certificate; `evidence` what it proves, None where it proves nothing."""

    mark: str | None = None
    evidence: Evidence | None = None


NOTHING: Final = Certified()


def is_certificate(text: str) -> bool:
    """Whether somebody means this to be a health certificate; nothing is checked."""
    return text.lstrip()[: len(PREFIX)].upper() == PREFIX


def certified(level: Level, said: Certificate | None, at: datetime, *, case_days: int) -> Certified:
    """What follows from a certificate as judged, shown at `at` (in the zone in which days begin).

    A positive test of the last `case_days` days speaks against its holder, an older one for nobody.
    """
    if level != "valid":
        return Certified(CERTIFICATE_INVALID if level == "invalid" else CERTIFICATE_UNSURE)
    evidence = _READERS[said.kind](said.entry, at) if said else None
    if said and _is_positive(said, at, timedelta(days=case_days)):
        return Certified(CERTIFICATE_POSITIVE, evidence)
    return Certified(None, evidence or Evidence())


def _dose(entry: Mapping[str, Any], at: datetime) -> Evidence:
    """All doses of a series count as complete, as the certificate's own country counts them: 1 of 1, 2 of 2."""
    number, of, given_on = entry.get("dn"), entry.get("sd"), _day(entry.get("dt"))
    if not (isinstance(number, int) and isinstance(of, int)) or given_on is None:
        return Evidence()
    return Evidence(shots=(Shot(number, given_on, number >= of),))


def _test(entry: Mapping[str, Any], at: datetime) -> Evidence:
    assay, taken_at = ASSAYS.get(entry.get("tt", "")), _moment(entry.get("sc"))
    if entry.get("tr") != NOT_DETECTED or assay is None or taken_at is None:
        return Evidence()
    return Evidence(negatives=(Negative(assay, taken_at),))


def _recovery(entry: Mapping[str, Any], at: datetime) -> Evidence:
    starts, ends = _day(entry.get("df")), _day(entry.get("du"))
    holds = starts is not None and ends is not None and starts <= at.date() <= ends
    return Evidence(recovered_on=starts if holds else None)


_READERS: Final[Mapping[Use, Callable[[Mapping[str, Any], datetime], Evidence]]] = {
    Use.VACCINATION: _dose,
    Use.TEST: _test,
    Use.RECOVERY: _recovery,
}


def _is_positive(said: Certificate, at: datetime, most: timedelta) -> bool:
    if said.kind != Use.TEST or said.entry.get("tr") != DETECTED:
        return False
    taken_at = _moment(said.entry.get("sc"))
    return taken_at is None or at - taken_at < most


def _day(text: object) -> date | None:
    """A day as certificates write it; real ones put a time behind it."""
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _moment(text: object) -> datetime | None:
    """None for what is no moment with its zone: nobody knows how old such a test is."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo else None
