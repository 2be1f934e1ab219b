"""The machine-readable zone of passports, identity cards and visas (ICAO Doc 9303 parts 3 to 7).

A zone that reads well says what the document says, not that the document is real or in force.
"""

from lachan.codecs.mrz.dates import UncertainDate
from lachan.codecs.mrz.document import Mrz
from lachan.codecs.mrz.layout import Kind
from lachan.codecs.mrz.parsing import parse
from lachan.codecs.mrz.symbols import check_digit
from lachan.codecs.mrz.writing import encode

__all__ = ["Kind", "Mrz", "UncertainDate", "check_digit", "encode", "parse"]
