"""Sentences for passports and cartons that could not be read, by the code of the error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_MISREAD: Final = _("A check digit does not fit: a character was misread. Compare with the document.")

_MRZ: Final = {
    "empty": _("Nothing was scanned."),
    "length": _("These are not the lines of a passport, an identity card or a visa."),
    "characters": _("The lines have characters that no passport has. Only A-Z, 0-9 and < stand there."),
    "layout": _("These are not the lines of a passport, an identity card or a visa."),
    "document": _("The kind of document cannot be read."),
    "issuer": _("The issuing state cannot be read, or there is none with this code."),
    "nationality": _("The nationality cannot be read, or there is none with this code."),
    "name": _("The name in the lines cannot be read."),
    "number": _("The document number cannot be read."),
    "birth-date": _("The date of birth in the lines is no date."),
    "sex": _("The sex in the lines cannot be read."),
    "expiry-date": _("The date of expiry in the lines is no date."),
    "optional": _("The last field of the lines is too long."),
    "number-check": _MISREAD,
    "birth-check": _MISREAD,
    "expiry-check": _MISREAD,
    "optional-check": _MISREAD,
    "composite-check": _MISREAD,
    "ambiguous": _("The lines can be read in more than one way. Type them from the document."),
}

_NO_LINK: Final = _("This web address says nothing of goods. Scan the other code on the carton.")
_VALUE: Final = _("A value in the barcode has a wrong form. Compare with what is printed beside it.")

_GS1: Final = {
    "empty": _("Nothing was scanned."),
    "length": _("The text is too long for a barcode."),
    "symbology": _("This barcode holds no data of goods. Scan the other code on the carton."),
    "bracket": _("The brackets around the numbers of the fields do not fit."),
    "ai": _("The barcode has a field that does not exist."),
    "format": _VALUE,
    "content": _VALUE,
    "prefix": _VALUE,
    "country": _VALUE,
    "currency": _VALUE,
    "check-digit": _(
        "The check digit of a number does not fit. Compare with what is printed beside the barcode."
    ),
    "date": _("A date in the barcode is no date."),
    "coupon": _("This is a coupon and no carton."),
    "repeated": _("A field stands twice in the barcode, with different values."),
    "excluded": _("Two fields of the barcode may not stand together."),
    "required": _("A field is missing. Scan the other barcodes of the carton too."),
    "link-address": _NO_LINK,
    "link-key": _NO_LINK,
    "link-compressed": _("Compressed web addresses are not read. Scan the other code on the carton."),
    "link-order": _NO_LINK,
    "link-query": _NO_LINK,
    "link-escape": _NO_LINK,
}


def document_sentence(code: str) -> StrOrPromise:
    """Return the sentence for a code that begins with mrz- or gs1-; else KeyError."""
    kind, _hyphen, rest = code.partition("-")
    return {"mrz": _MRZ, "gs1": _GS1}[kind][rest]
