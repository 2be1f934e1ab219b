"""Reads a zone, strictly: every class of field and every check digit."""

import re
from datetime import date
from typing import Final, cast

from lachan.codecs.errors import FormatError
from lachan.codecs.mrz.countries import CODES
from lachan.codecs.mrz.dates import read_birth, read_expiry
from lachan.codecs.mrz.document import Mrz, Sex
from lachan.codecs.mrz.layout import COMPOSITE_PLACE, ISSUER, LAYOUTS, Field, Kind, kind_of
from lachan.codecs.mrz.names import read_names
from lachan.codecs.mrz.symbols import DIGITS, FILLER, LETTERS, check_digit

_DOCUMENT: Final = re.compile("[A-Z][A-Z<]")
_FIELD_WORDS: Final[dict[Field, str]] = {
    "number": "document number",
    "birth": "date of birth",
    "expiry": "date of expiry",
    "optional": "optional data",
}


def read_zone(zone: str, at: date) -> Mrz:
    """Read the lines as one text of a known size. Raises FormatError as `parse` does."""
    kind = cast(Kind, kind_of(zone))
    fields = {name: zone[place] for name, place in LAYOUTS[kind].fields.items()}
    document, issuer = zone[:2], zone[ISSUER].rstrip(FILLER)
    if not _DOCUMENT.fullmatch(document):
        raise FormatError("mrz-document", "The kind of document has letters only.")
    _require_state(issuer, zone[ISSUER], "mrz-issuer")
    _require_state(fields["nationality"].rstrip(FILLER), fields["nationality"], "mrz-nationality")
    if fields["sex"] not in "MFX<":
        raise FormatError("mrz-sex", "The sex is M, F, X or <.")
    primary, secondary = read_names(fields["name"])
    birth, expiry = read_birth(fields["birth"], at), read_expiry(fields["expiry"], at)
    number, optional = _number(zone, kind, fields)
    _require_checks(zone, kind)
    return Mrz(
        kind=kind, document_type=document.rstrip(FILLER), issuer=issuer, primary=primary, secondary=secondary,
        number=number, nationality=fields["nationality"].rstrip(FILLER), birth_date=birth,
        sex=cast(Sex, fields["sex"]), expires_on=_unlimited(kind, issuer, expiry), optional=optional,
        optional_2=fields.get("optional_2", "").rstrip(FILLER),
    )  # fmt: skip


def _require_state(code: str, field: str, error: str) -> None:
    if not set(field) <= LETTERS | {FILLER}:
        raise FormatError(error, "A state's code has letters only.")
    if code not in CODES:
        raise FormatError(error, f"{code or '<<<'} is no state's code.")


def _unlimited(kind: Kind, issuer: str, expiry: date) -> date:
    """Vietnamese cards without an end (from the age of 60) say 991231; seen on cards, in no regulation."""
    endless = kind == "TD1" and issuer == "VNM" and (expiry.month, expiry.day) == (12, 31)
    return expiry.replace(year=2099) if endless and expiry.year == 1999 else expiry


def _number(zone: str, kind: Kind, fields: dict[Field, str]) -> tuple[str, str]:
    """The number, and what the optional field holds besides its end. Raises mrz-number, -number-check."""
    layout = LAYOUTS[kind]
    head, check, optional = fields["number"], zone[layout.checks["number"]], fields["optional"].rstrip(FILLER)
    if head.startswith(FILLER):
        raise FormatError("mrz-number", "The document number is missing.")
    if not (layout.may_be_long and check == FILLER and FILLER not in head and optional[:2].isalnum()):
        _require_check(head, check, "number")
        return head.rstrip(FILLER), optional
    tail, _, rest = optional.partition(FILLER)
    if len(tail) < 2:
        raise FormatError("mrz-number", "The end of the document number is missing.")
    _require_check(head + tail[:-1], tail[-1], "number")
    return head + tail[:-1], rest


def _require_check(text: str, digit: str, field: Field) -> None:
    if digit not in DIGITS or check_digit(text) != digit:
        raise FormatError(f"mrz-{field}-check", f"The check digit of the {_FIELD_WORDS[field]} does not fit.")


def _require_checks(zone: str, kind: Kind) -> None:
    layout = LAYOUTS[kind]
    for field in ("birth", "expiry", "optional"):
        if field in layout.checks:
            text, digit = zone[layout.fields[field]], zone[layout.checks[field]]
            unused = field == "optional" and digit == FILLER and not text.strip(FILLER)
            _require_check(text, "0" if unused else digit, field)
    if layout.composite:
        covered = "".join(zone[part] for part in layout.composite)
        if check_digit(covered) != zone[COMPOSITE_PLACE[kind]]:
            raise FormatError("mrz-composite-check", "The last check digit does not fit.")
