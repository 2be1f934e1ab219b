"""Sentences for what `lachan.codecs` could not read, by the code of the error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.core.codes import BadCode
from lachan.core.document_words import document_sentence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_OWN: Final = {
    "qr-empty": _("Nothing was scanned."),
    "qr-length": _("The text is too long for a QR code."),
    "qr-text": _("The text has characters that cannot be shown."),
    "qr-unknown": _("This is neither our code nor a citizen identity card nor a health insurance card."),
}

_PARTLY: Final = _("The code was not read completely. Scan it again.")
_DAMAGED: Final = _("The code is damaged. Scan it again.")

# Of signed printed codes, and of codes on telephones that are new every half-minute.
_SIGNED: Final = {
    "signed-prefix": _("This is no signed code."),
    "signed-length": _PARTLY,
    "signed-symbol": _DAMAGED,
    "signed-padding": _DAMAGED,
    "signed-day": _("No code can have this day of issue."),
    "signed-key": _(
        "The key that signed this code is not known here. Bring the keys of this device up to date."
    ),
    "signed-signature": _(
        "The signature is wrong: the code is forged or misread. Look at the person's papers."
    ),
    "live-prefix": _("This is no code of a telephone."),
    "live-length": _PARTLY,
    "live-symbol": _DAMAGED,
    "live-tag": _("This code is forged, misread or of another system. Look at the person's papers."),
    "live-late": _("This code is no longer valid. Ask for the one that the telephone shows now."),
    "live-early": _("The clock of the telephone is ahead. Ask the person to set it."),
}

# Of a citizen identity card (cccd-), a health insurance card (bhyt-) and the national personal code (national-) alike.
_CARD: Final = {
    "length": _("The text is too long for a QR code."),
    "text": _("The text has characters that cannot be shown."),
    "fields": _("The card's code was not read completely. Scan it again."),
    "number": _("The number of the card has a wrong form."),
    "old-number": _("The old number of the card has a wrong form."),
    "hex": _("The card's code is damaged: name or address cannot be read."),
    "name": _("The name on the card is missing."),
    "birth-date": _("The date of birth on the card is no date."),
    "sex": _("The sex on the card cannot be read."),
    "issued-on": _("The date of issue on the card is no date."),
    "valid-from": _("The first day of cover on the card is no date."),
    "valid-to": _("The last day of cover on the card is no date."),
}

# What of a citizen identity card does not agree with itself: a reason to look, not to refuse.
_WARNING: Final = {
    "number-place": _("The number begins with the code of no province."),
    "number-sex": _("The number belongs to the other sex."),
    "number-year": _("The number belongs to another year of birth."),
    "issued-early": _("The card was issued before the birth."),
}


def scan_sentence(code: str) -> StrOrPromise:
    """Return the sentence for a FormatError's code, an `Unknown.reason` or a warning; else KeyError."""
    if code.startswith("code-"):
        return BadCode(code).message
    kind, _hyphen, rest = code.partition("-")
    if kind in {"cccd", "bhyt", "national"}:
        return _CARD[rest]
    if kind in {"mrz", "gs1"}:
        return document_sentence(code)
    return (_OWN | _SIGNED | _WARNING)[code]
