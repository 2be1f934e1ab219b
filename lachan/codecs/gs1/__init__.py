"""GS1 data of vaccine cartons: DataMatrix, GS1-128, and what else carries application identifiers.

A code that reads well says what the carton says; it is unsigned and can be copied.
"""

from lachan.codecs.gs1.associations import require_associations
from lachan.codecs.gs1.carton import Carton, carton_of
from lachan.codecs.gs1.digits import check_digit, is_gtin
from lachan.codecs.gs1.elements import (
    Element,
    human_readable,
    read_brackets,
    read_elements,
    write_brackets,
    write_elements,
)
from lachan.codecs.gs1.links import read_link, write_link
from lachan.codecs.gs1.parsing import parse, read

__all__ = [
    "Carton",
    "Element",
    "carton_of",
    "check_digit",
    "human_readable",
    "is_gtin",
    "parse",
    "read",
    "read_brackets",
    "read_elements",
    "read_link",
    "require_associations",
    "write_brackets",
    "write_elements",
    "write_link",
]
