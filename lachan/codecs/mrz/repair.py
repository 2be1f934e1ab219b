"""Puts right what optical reading confuses, and only where check digits leave one answer."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final, cast

from lachan.codecs.errors import FormatError
from lachan.codecs.mrz.document import Mrz
from lachan.codecs.mrz.layout import COMPOSITE_PLACE, LAYOUTS, Field, Kind, kind_of
from lachan.codecs.mrz.reading import read_zone
from lachan.codecs.mrz.symbols import check_digit

# Letters that are read for digits.
_DIGIT_OF: Final = {
    "O": "0", "Q": "0", "D": "0", "U": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "A": "4", "S": "5", "G": "6",
    "T": "7", "B": "8",
}  # fmt: skip
# In numbers, where both may stand, only the closest pairs: one check digit leaves little room for guesses.
_TWIN: Final = dict(zip("0O1I2Z5S6G8B", "O0I1Z2S5G6B8", strict=True))


def repaired(zone: str, at: date) -> Mrz:
    """Read a zone, exchanging look-alikes under check digits. Raises mrz-ambiguous, or what reading it raised.

    What was repaired is a proposal to compare with the document: a number has one check digit, and one wrong symbol
    of another kind may still be answered with a wrong exchange.
    """
    try:
        return read_zone(zone, at)
    except FormatError as error:
        refusal = error
    readings: dict[str, Mrz] = {}
    for candidate in _candidates(zone, cast(Kind, kind_of(zone))):
        try:
            readings[candidate] = read_zone(candidate, at)
        except FormatError:
            continue
    if len(readings) > 1:
        raise FormatError("mrz-ambiguous", "More than one reading fits the check digits.")
    if not readings:
        raise refusal
    [(candidate, found)] = readings.items()
    changes = sum(before != after for before, after in zip(zone, candidate, strict=True))
    return Mrz(**{name: getattr(found, name) for name in Mrz.__slots__} | {"repairs": changes})


def _candidates(zone: str, kind: Kind) -> Iterator[str]:
    layout, base = LAYOUTS[kind], _with_digits(zone, kind)
    fields: tuple[Field, ...] = ("number", "optional") if "optional" in layout.checks else ("number",)
    variants = []
    for field in fields:
        text = base[layout.fields[field]]
        fits = check_digit(text) == base[layout.checks[field]]
        variants.append([text] if fits else list(_variants(text)))
    for chosen in product(*variants):
        symbols = list(base)
        for field, text in zip(fields, chosen, strict=True):
            symbols[layout.fields[field]] = text
        yield "".join(symbols)


def _with_digits(zone: str, kind: Kind) -> str:
    """Letters in dates and check digits can only be digits."""
    layout, symbols = LAYOUTS[kind], list(zone)
    places = [*layout.checks.values(), *range(*layout.fields["birth"].indices(len(zone)))]
    places += range(*layout.fields["expiry"].indices(len(zone)))
    places += [COMPOSITE_PLACE[kind]] if layout.composite else []
    for place in places:
        symbols[place] = _DIGIT_OF.get(symbols[place], symbols[place])
    return "".join(symbols)


def _variants(text: str) -> Iterator[str]:
    """The text, and with one look-alike exchanged; more than one would make an answer up."""
    yield text
    for place, symbol in enumerate(text):
        if symbol in _TWIN:
            yield text[:place] + _TWIN[symbol] + text[place + 1 :]
