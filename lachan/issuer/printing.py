"""A certificate on paper and as a picture: the eleven fields of Decision 5772/QĐ-BYT beside its code.

The paper says what was signed (the payload), not what the record says today. Sizes: smart-trust, hcert_spec.md 4.2:
the code's diagonal 35 to 60 mm, error correction Q.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import typst
from django.utils.translation import gettext, override

from lachan.codecs import qr
from lachan.codecs.hcert.certificate import Certificate, certificate_of
from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.issuer import fields
from lachan.issuer.models import Intent
from lachan.issuer.queries import Standing, standing

DOCUMENT = Path(__file__).resolve().parent / "documents" / "certificate.typ"
Format = Literal["pdf", "png"]
CODE_MM = 42
"""Its side: 59.4 mm from corner to corner, and 0.38 mm a module for the longest codes of ours (PS256, version 23)."""
QUIET_MODULES = 4
LEVEL: Literal["Q"] = "Q"


class CannotPrint(Refusal):
    """Not signed yet, taken back, or ended: nobody should be handed it."""

    status = 409


def text_of(certificate: Intent, at: Any) -> str:
    """The code (`HC1:…`) of a valid certificate. Raises CannotPrint: certificate-waiting, certificate-revoked, …"""
    where = standing(certificate, at)
    if where != Standing.VALID:
        raise CannotPrint(f"certificate-{where.value}", fields.STANDING_SENTENCES[where])
    return certificate.signature.text


def picture_svg(text: str) -> str:
    return qr.svg(text, label=gettext("Code of the certificate"), level=LEVEL)


def picture_png(text: str) -> bytes:
    return qr.png(text, 6, level=LEVEL)


def paper(certificate: Intent, *, base_url: str, at: Any, format: Format = "pdf", ppi: float = 150) -> bytes:  # noqa: A002
    """One A4 page, in Vietnamese with English below. Raises CannotPrint."""
    text = text_of(certificate, at)
    said = certificate_of(msgspec.json.decode(certificate.payload))
    if said is None:
        raise TypeError("an intent without an entry")
    inputs = _code(text) | _holder(said) | _words(certificate, base_url)
    inputs["rows"] = msgspec.json.encode(list(_rows(said))).decode()
    made = typst.compile(
        str(DOCUMENT),
        root=str(DOCUMENT.parent),
        sys_inputs=inputs,
        format=format,
        ppi=ppi,
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError("the certificate has grown past one page")
    return made


def _code(text: str) -> dict[str, str]:
    drawn = qr.svg(text, level=LEVEL)
    modules = int(drawn.split('viewBox="0 0 ')[1].split()[0])
    return {"qr": drawn, "qr_mm": f"{CODE_MM * modules / (modules - 2 * QUIET_MODULES):.2f}mm"}


def _holder(said: Certificate) -> dict[str, str]:
    passport = f"{said.family_transliterated} {said.given_transliterated}".replace("<", " ").strip()
    size = 19 * min(1.0, 26 / max(len(said.name), 1)) ** 0.5
    return {"name": said.name, "name_size": f"{max(size, 9):.1f}pt", "passport": passport,
            "birth": fields.day_as_written(said.birth_date)}  # fmt: skip


def _words(certificate: Intent, base_url: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for language, ending in (("vi", ""), ("en", "_en")):
        with override(language):
            words |= {
                f"title{ending}": str(fields.TITLES[certificate.kind]),
                f"name_label{ending}": gettext("Full name"),
                f"birth_label{ending}": gettext("Date of birth"),
                f"until_label{ending}": gettext("Valid until"),
                f"code_label{ending}": gettext("Certificate code"),
                f"check{ending}": gettext("Check this certificate at %(address)s, with a document that has the name.")
                % {"address": f"{base_url.rstrip('/')}/verify"},
                f"note{ending}": gettext("Who checks compares name and date of birth with an identity document."),
            }  # fmt: skip
    return words | {"issuer": _issuer(certificate), "code": certificate.uvci, "until": _until(certificate)}


def _issuer(certificate: Intent) -> str:
    said = certificate_of(msgspec.json.decode(certificate.payload))
    return fields.plain(said.entry.get("is")) if said else ""


def _until(certificate: Intent) -> str:
    day: date = clock.local_date(certificate.expires_at)
    return f"{certificate.expires_at.astimezone(clock.zone()):%H:%M} {day:%d/%m/%Y}"


def _rows(said: Certificate) -> Iterator[dict[str, str]]:
    """Number, label in both languages, value; of a dose these are the eleven of the decision."""
    for number, (label, value) in enumerate(fields.of_certificate(said), start=1):
        with override("vi"):
            first, shown = str(label), str(value)
        with override("en"):
            second, other = str(label), str(value)
        both = shown if shown == other else f"{shown} / {other}"
        yield {"number": f"{number}.", "label": first, "label_en": second, "value": both}
