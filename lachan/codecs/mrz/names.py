"""The name field: two identifiers, cut as Doc 9303 says when they are too long."""

import re

from lachan.codecs.errors import FormatError
from lachan.codecs.mrz.symbols import FILLER, LETTERS
from lachan.codecs.transliteration import icao

_BETWEEN = FILLER * 2


def read_names(field: str) -> tuple[str, str]:
    """Return the primary and the secondary identifier, with spaces. Raises mrz-name."""
    if not set(field) <= LETTERS | {FILLER}:
        raise FormatError("mrz-name", "A name has letters only.")
    if field.startswith(FILLER):
        raise FormatError("mrz-name", "The name is missing.")
    written = field.rstrip(FILLER)
    if FILLER * 3 in written:
        raise FormatError("mrz-name", "A letter stands among the fillers after the name.")
    primary, _, secondary = written.partition(_BETWEEN)
    return _words(primary), _words(secondary)


def _words(text: str) -> str:
    # Some states write `<<` between given names too.
    return " ".join(re.findall("[A-Z]+", text))


def write_names(primary: str, secondary: str, width: int) -> str:
    """Return the field; other letters than A-Z are transliterated. Raises mrz-name.

    What is too long is cut so that both identifiers show and the field ends in a letter: the sign, to readers, that
    it may have been cut (Doc 9303-4, 4.2.3).
    """
    first, rest = icao(primary), icao(secondary)
    if not first:
        raise FormatError("mrz-name", "The name has no letter that a passport knows.")
    whole = first + _BETWEEN + rest if rest else first
    if len(whole) <= width:
        return whole.ljust(width, FILLER)
    if not rest:
        return _cut(first, width).ljust(width, FILLER)
    first = _cut(first, width - len(_BETWEEN) - 1)
    return (first + _BETWEEN + _cut(rest, width - len(_BETWEEN) - len(first))).ljust(width, FILLER)


def _cut(text: str, width: int) -> str:
    """At most `width` symbols that end in a letter: where a filler would, the longest part gives a letter up."""
    if len(text) <= width or text[width - 1] != FILLER:
        return text[:width]
    parts = text[: width - 1].split(FILLER)
    longest = max(range(len(parts)), key=lambda place: len(parts[place]))
    if len(parts[longest]) == 1:
        return text[: width - 1]  # initials only
    parts[longest] = parts[longest][:-1]
    return FILLER.join(parts) + text[width - 1 : width + 1]
