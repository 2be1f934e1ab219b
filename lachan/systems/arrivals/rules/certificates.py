"""What a certificate of any kind says that counts for the duty, and whether it names the traveller."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from lachan.codecs.foreign import About, Entry, Holder, Unpacked
from lachan.codecs.transliteration import icao

Proof = Literal["vaccination", "test", "recovery"]

_NEGATIVE: Final = frozenset({"not detected", "negative", "260415000", "undetected", "am tinh"})
_ANTIGEN: Final = ("antigen", "rapid", "LP217198-3", "94558-4")
_DOSE: Final = re.compile(r"([0-9]{1,2})(?:/([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a certificate. `doses` with `complete` where it tells of doses; `tested_at` where of a negative."""

    proof: Proof
    on: date | None = None
    doses: int | None = None
    complete: bool = False
    test_kind: str = ""
    tested_at: datetime | None = None


def said_by(found: Unpacked) -> Said | None:
    """What counts in it: the newest dose, test or recovery that its issuer does not call void; None without one."""
    read = [said for entry in found.entries if not entry.status and (said := _said(entry)) is not None]
    return max(read, key=lambda said: said.on or date.min, default=None)


def _said(entry: Entry) -> Said | None:
    on, moment = _day(entry.date), _moment(entry.date)
    if entry.about == About.VACCINATION:
        number, of = _dose(entry.dose)
        return Said("vaccination", on, doses=number, complete=of is not None and number >= of)
    if entry.about == About.RECOVERY:
        return Said("recovery", on)
    if entry.result.strip().casefold() not in _NEGATIVE:
        return None
    return Said("test", on, test_kind=_test_kind(entry), tested_at=moment)


def _dose(text: str) -> tuple[int, int | None]:
    match = _DOSE.fullmatch(text.strip())
    if match is None:
        return 1, None
    return int(match[1]), int(match[2]) if match[2] else None


def _test_kind(entry: Entry) -> str:
    told = f"{entry.code} {entry.product}".casefold()
    return "antigen" if any(word.casefold() in told for word in _ANTIGEN) else "pcr"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A day without a time counts from its begin: a test is never taken for younger than it is."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def names(holder: Holder, name: str, born: tuple[int | None, int | None, int | None]) -> str:
    """An empty text where the certificate names this traveller, else why it does not: other-name, other-birth.

    Names are compared by the letters of passports, in any order; a middle name that one of both leaves out is forgiven.
    """
    if not _same_name(holder.name, name):
        return "other-name"
    return "" if _same_birth(holder.birth_date, born) else "other-birth"


def _same_name(one: str, other: str) -> bool:
    words = [frozenset(icao(text).split("<")) - {""} for text in (one, other)]
    shorter, longer = sorted(words, key=len)
    return len(shorter) >= min(2, len(longer)) and bool(shorter) and shorter <= longer


def _same_birth(written: str, born: tuple[int | None, int | None, int | None]) -> bool:
    """What both know must agree."""
    parts = [int(part) for part in re.findall("[0-9]+", written[:10])]
    return all(a == b for a, b in zip(parts, born, strict=False) if b is not None)
