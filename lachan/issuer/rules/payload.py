"""What a certificate says, in the words of the EU schema 1.3.0 (the payload of an HC1 code)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, Final

from lachan.codecs.transliteration import icao
from lachan.issuer.rules.facts import KIND_OF, Dose, Facts, LabTest, Recovery

VERSION: Final = "1.3.0"
LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate is about: the name as the record spells it (family name first), what is known of the birth."""

    name: str
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None


def payload_of(
    facts: Facts, holder: Holder, *, happened_on: date, country: str, issuer: str, certificate_id: str
) -> dict[str, Any]:
    """The payload under -260/1: version, name, birth date, one entry."""
    entry = entry_of(
        facts, happened_on=happened_on, country=country, issuer=issuer, certificate_id=certificate_id
    )
    return {
        "ver": VERSION,
        "nam": _name(holder.name),
        "dob": _birth(holder),
        str(KIND_OF[type(facts)]): [entry],
    }


def entry_of(
    facts: Facts, *, happened_on: date, country: str, issuer: str, certificate_id: str
) -> dict[str, Any]:
    """The one entry of a payload: all that it says but whom it is about."""
    ends = {"tg": facts.disease, "co": country, "is": issuer, "ci": certificate_id}
    return _ENTRIES[type(facts)](facts, happened_on) | ends


def _name(name: str) -> dict[str, str]:
    """Family name first, the rest given (as Viet Nam's certificates have it); a single name is the family's.

    A name whose script has no ICAO table leaves `fnt` to an X, which the schema wants filled. What is longer than
    the schema's 80 characters is cut, as a passport does.
    """
    family, _space, given = name.strip().partition(" ")
    names = {"fn": family, "fnt": icao(family) or "X"}
    if given := given.strip():
        names |= {"gn": given}
        if written := icao(given):
            names |= {"gnt": written}
    return {key: _cut(part) for key, part in names.items()}


def _cut(text: str) -> str:
    return text.strip()[:LONGEST].strip()


def _birth(holder: Holder) -> str:
    """Year, month and day as far as they are known; empty when nothing is."""
    if holder.birth_year is None:
        return ""
    parts = [f"{holder.birth_year:04d}"]
    parts += [f"{part:02d}" for part in (holder.birth_month, holder.birth_day) if part is not None]
    return "-".join(parts)


def _dose(facts: Dose, happened_on: date) -> dict[str, Any]:
    return {
        "vp": facts.vaccine, "mp": facts.product, "ma": facts.manufacturer, "dn": facts.number, "sd": facts.of,
        "dt": happened_on.isoformat(),
    }  # fmt: skip


def _test(facts: LabTest, happened_on: date) -> dict[str, Any]:
    sampled = facts.sampled_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    named = {"nm": _cut(facts.name), "ma": facts.device, "tc": _cut(facts.centre)}
    return {"tt": facts.assay, "sc": sampled, "tr": facts.result} | {k: v for k, v in named.items() if v}


def _recovery(facts: Recovery, happened_on: date) -> dict[str, Any]:
    return {
        "fr": facts.first_positive_on.isoformat(),
        "df": facts.valid_from.isoformat(),
        "du": facts.valid_until.isoformat(),
    }


_ENTRIES: Final[dict[type[Facts], Callable[[Any, date], dict[str, Any]]]] = {
    Dose: _dose,
    LabTest: _test,
    Recovery: _recovery,
}
