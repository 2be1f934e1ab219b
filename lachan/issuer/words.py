"""The words of a verdict: every code of lachan.codecs.hcert and lachan.codecs.foreign, and those of the page."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

VERDICTS: Final[Mapping[str, Any]] = {
    "valid": _("VALID"),
    "unsure": _("CANNOT BE VERIFIED"),
    "invalid": _("NOT VALID"),
}

_UNREADABLE = _("The code cannot be read: it is damaged, cut off, or no health certificate.")
_CARD_PARTS = _("The health card is not complete.")

WHY: Final[Mapping[str, Any]] = {
    "valid": _("The signature is right, the issuer is trusted, and the certificate has not been taken back."),
    "lists-old": _(
        "The signature is right, but the lists here are more than 24 hours old: it may have been taken back."
    ),
    "no-code": _("There is no code in the picture. Go closer, hold still, and let light fall on the paper."),
    "several-codes": _("There are several certificates in the picture. Photograph one at a time."),
    "kid-unknown": _("Who signed this certificate is not on the list of trusted signers."),
    "kid-unknown-foreign": _(
        "It says that another country issued it, and that country's signers are not on our list."
    ),
    "unknown-issuer": _(
        "The issuer is not on the list of trusted signers, so the signature was not checked."
    ),
    "unchecked": _(
        "The signature of this kind of certificate is not checked here. Compare it with the original."
    ),
    "link": _("This is a link to health records that lie elsewhere. It is not opened here."),
    "signature": _("The signature is wrong: the certificate was forged or altered."),
    "algorithm": _("The certificate is signed in a way that the standard does not allow."),
    "not-yet-valid": _("The certificate is not valid yet."),
    "expired": _("The certificate has ended. Its holder can have a new one issued."),
    "revoked": _("The issuer has taken this certificate back."),
    "key-usage": _("Who signed it may not sign this kind of certificate."),
    "key-not-valid": _("The signer's own certificate is not valid at this time."),
    "schema": _("The content is not what a certificate of this kind says."),
    "value-set": _("The certificate names a vaccine, test or result that the standard does not know."),
    "claims": _("The certificate does not say when it was issued or until when it is valid."),
    "prefix": _("This is no health certificate that is known here."),
    "unknown-kind": _("This is no health certificate that is known here."),
    "length": _("The text is longer than any code of a certificate."),
    "shc-parts-missing": _("The health card has several codes: photograph all of them together."),
    "shc-several": _("The file has several health cards: show one at a time."),
    "vds-certificate": _("The certificate inside the seal cannot be read, so the signature was not checked."),
    "busy": _(
        "Too many pictures are being read at this moment. Try again in some seconds, or paste the code."
    ),
    "picture-length": _("The picture is larger than 12 MB. Take it again with fewer pixels."),
    "picture-size": _("The picture has too many pixels. Take it again with fewer."),
    "picture-format": _("This file is no picture that can be read. Use JPEG, PNG or WebP."),
    "picture-broken": _("The picture is damaged. Take it again."),
    "picture-scans": _("The picture is put together in a way that is not read here. Take it with a camera."),
    "empty": _("Paste a code, or choose a picture."),
    **dict.fromkeys(
        ("shc-digits", "shc-parts", "shc-issuer", "shc-content", "jws", "jws-header"), _CARD_PARTS
    ),
}

_DEVIATIONS: Final[Mapping[str, Any]] = {
    "schema": _("Field %(field)s is not written as the standard asks."),
    "value-set": _("Field %(field)s has a code that the standard does not list."),
}


def why(code: str) -> Any:
    return WHY.get(code, _UNREADABLE)


def warning(code: str) -> str:
    """A tolerated deviation in words; `code` is one of lachan.codecs.hcert, like `schema-dob`."""
    for kind, sentence in _DEVIATIONS.items():
        if code.startswith(f"{kind}-"):
            return str(sentence % {"field": code.removeprefix(f"{kind}-")})
    return gettext("Texts and numbers are not written as the standard asks.")
