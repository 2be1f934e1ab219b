"""Writes a zone, for synthetic travellers, tests and our own papers."""

from datetime import date

from lachan.codecs.errors import FormatError
from lachan.codecs.mrz.countries import CODES
from lachan.codecs.mrz.document import Mrz
from lachan.codecs.mrz.layout import COMPOSITE_PLACE, ISSUER, LAYOUTS, NUMBER_WIDTH, Field, Layout
from lachan.codecs.mrz.names import write_names
from lachan.codecs.mrz.symbols import FILLER, SYMBOLS, check_digit


def encode(document: Mrz) -> str:
    """Return the lines, with every check digit; names are transliterated and cut as Doc 9303 says.

    Raises FormatError: mrz-document, -issuer, -nationality, -name, -number, -optional, -sex.
    """
    layout = LAYOUTS[document.kind]
    zone = list(FILLER * layout.size)
    zone[:2] = _document(document, layout)
    zone[ISSUER] = _state(document.issuer, "mrz-issuer")
    for field, text in _fields(document, layout).items():
        zone[layout.fields[field]] = text
    _add_checks(zone, document, layout)
    whole = "".join(zone)
    return "\n".join(whole[start : start + layout.width] for start in range(0, layout.size, layout.width))


def _document(document: Mrz, layout: Layout) -> str:
    code = document.document_type
    letters = code.isascii() and code.isalpha() and code.isupper()
    if not (letters and len(code) <= 2 and code[0] in layout.first_letters):
        raise FormatError("mrz-document", f"A {document.kind} begins with one of {layout.first_letters}.")
    return code.ljust(2, FILLER)


def _state(code: str, error: str) -> str:
    if code not in CODES:
        raise FormatError(error, f"{code!r} is no state's code.")
    return code.ljust(3, FILLER)


def _fields(document: Mrz, layout: Layout) -> dict[Field, str]:
    number, optional = _number(document, layout)
    if document.sex not in {"M", "F", "X", FILLER}:
        raise FormatError("mrz-sex", "The sex is M, F, X or <.")
    texts: dict[Field, str] = {
        "number": number,
        "nationality": _state(document.nationality, "mrz-nationality"),
        "birth": document.birth_date.text,
        "sex": document.sex,
        "expiry": _six(document.expires_on),
        "optional": _filled(optional, layout.fields["optional"], "mrz-optional"),
    }
    name = layout.fields["name"]
    texts["name"] = write_names(document.primary, document.secondary, name.stop - name.start)
    if "optional_2" in layout.fields:
        texts["optional_2"] = _filled(document.optional_2, layout.fields["optional_2"], "mrz-optional")
    elif document.optional_2:
        raise FormatError("mrz-optional", f"A {document.kind} has no second optional field.")
    return texts


def _six(day: date) -> str:
    return f"{day.year % 100:02}{day.month:02}{day.day:02}"


def _filled(text: str, place: slice, error: str) -> str:
    width = place.stop - place.start
    if len(text) > width or not set(text) <= SYMBOLS:
        raise FormatError(error, f"At most {width} of A-Z, 0-9 and < fit.")
    return text.ljust(width, FILLER)


def _number(document: Mrz, layout: Layout) -> tuple[str, str]:
    """The two fields; the end of a long number, its check digit and a filler come before other optional data."""
    number = document.number
    if not number or number.startswith(FILLER) or not set(number) <= SYMBOLS:
        raise FormatError("mrz-number", "A document number has only A-Z, 0-9 and <.")
    if len(number) <= NUMBER_WIDTH:
        return number.ljust(NUMBER_WIDTH, FILLER), document.optional
    if not layout.may_be_long or FILLER in number:
        raise FormatError("mrz-number", f"The document number has more than {NUMBER_WIDTH} characters.")
    tail = number[NUMBER_WIDTH:] + check_digit(number)
    return number[:NUMBER_WIDTH], tail + FILLER + document.optional if document.optional else tail


def _add_checks(zone: list[str], document: Mrz, layout: Layout) -> None:
    for field, place in layout.checks.items():
        long = field == "number" and len(document.number) > NUMBER_WIDTH
        zone[place] = FILLER if long else check_digit("".join(zone[layout.fields[field]]))
    if layout.composite:
        covered = "".join("".join(zone[part]) for part in layout.composite)
        zone[COMPOSITE_PLACE[document.kind]] = check_digit(covered)
