"""The door to every GS1 text: element strings, brackets, Digital Links, plain article numbers."""

from datetime import date, datetime
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.gs1.associations import require_associations
from lachan.codecs.gs1.carton import Carton, carton_of
from lachan.codecs.gs1.digits import GTIN_LENGTHS, is_gtin
from lachan.codecs.gs1.elements import Element, checked, read_brackets, read_elements
from lachan.codecs.gs1.links import is_link, read_link

# ISO/IEC 15424: GS1-128, DataBar, GS1 DataMatrix (d8: of the extended rectangles), GS1 QR, GS1 DotCode;
# then those that hold a GTIN alone.
_OF_ELEMENTS: Final = ("]C1", "]e0", "]d2", "]d8", "]Q3", "]J1")
_OF_GTIN: Final = {"]E0": 13, "]E4": 8, "]I1": 14}


def parse(text: str, *, at: date) -> Carton:
    """Read what a scanner or a person gave, and hold the rules between identifiers.

    For a carton with several barcodes, `read` each, and pass all elements to `require_associations` and `carton_of`.
    Raises FormatError: as `read`, gs1-repeated, gs1-excluded, gs1-required.
    """
    elements = read(text)
    require_associations(elements)
    return carton_of(elements, at=at.date() if isinstance(at, datetime) else at)


def read(text: str) -> tuple[Element, ...]:
    """Read one barcode's elements; each value is checked, their company is not. `|` parts a composite's two symbols.

    Raises FormatError: gs1-empty, -length, -symbology, -bracket, -ai, -format, -check-digit, -prefix, -date, -country,
    -currency, -content, -coupon, -link-address, -link-key, -link-compressed, -link-order, -link-query, -link-escape.
    """
    if len(text) > LONGEST_QR:
        raise FormatError("gs1-length", "The text is longer than any barcode.")
    return tuple(element for symbol in text.split("|") for element in _read_symbol(symbol.strip(" \t\r\n")))


def _read_symbol(scanned: str) -> tuple[Element, ...]:
    if scanned.startswith("]"):
        return _read_scanned(scanned[:3], scanned[3:])
    if is_link(scanned):
        return read_link(scanned)
    if scanned.startswith("("):
        return read_brackets(scanned)
    return _read_elements_or_gtin(scanned)


def _read_scanned(symbology: str, data: str) -> tuple[Element, ...]:
    if symbology in _OF_ELEMENTS:
        return read_elements(data)
    if is_link(data):
        return read_link(data)
    if symbology not in _OF_GTIN:
        raise FormatError("gs1-symbology", f"A barcode {symbology} holds no GS1 elements.")
    if len(data) != _OF_GTIN[symbology]:
        raise FormatError("gs1-format", f"A barcode {symbology} has {_OF_GTIN[symbology]} digits.")
    return (_of_gtin(data),)


def _read_elements_or_gtin(text: str) -> tuple[Element, ...]:
    """Elements that may stand together come first; no plain article number begins so but by chance."""
    try:
        elements = read_elements(text)
        require_associations(elements)
    except FormatError:
        return (_of_gtin(text),) if is_gtin(text) else read_elements(text)
    return elements


def _of_gtin(digits: str) -> Element:
    return checked("01", digits.zfill(GTIN_LENGTHS[-1]))
