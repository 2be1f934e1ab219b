"""What is printed: a place's poster and a person's card, as PDF."""

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import typst
from django.utils.translation import gettext, override

from lachan.codecs import qr
from lachan.codecs.person_qr import venue_text
from lachan.core import areas, persons
from lachan.core.codes import format_code
from lachan.core.models import Person, Place
from lachan.platform import personal_codes

FOLDER = Path(__file__).resolve().parent / "documents"
Format = Literal["pdf", "png"]
CODE_MM, CARD_CODE_MM = 151, 51
QUIET_MODULES = 4
PPI = 100.0  # of the PNG, which is for looking


def venue_address(place: Place, base_url: str) -> str:
    """What the poster's code says: a page that any phone opens, ending in the place's code."""
    return f"{base_url.rstrip('/')}/q/{venue_text(place.code)}"


def poster(place: Place, *, base_url: str, printed_on: date, format: Format = "pdf") -> bytes:  # noqa: A002
    """One A4 page, the code CODE_MM wide without its quiet zone, in Vietnamese with English below."""
    inputs = {
        **_code(venue_address(place, base_url), CODE_MM),
        "name": place.name,
        "name_size": _size(place.name, 26),
        "area": ", ".join(part for part in (place.address, areas.full_name(place.area)) if part),
        "code": format_code(place.code),
        **_steps(),
    }
    with override("vi"):
        inputs["printed"] = gettext("Printed on %(day)s") % {"day": f"{printed_on:%d/%m/%Y}"}
        inputs["code_label"] = gettext("Code of the place")
        inputs["kept"] = gettext("Kept for 42 days, used for contact tracing only")
    return _compile("poster.typ", inputs, format)


def _steps() -> dict[str, str]:
    words: dict[str, str] = {}
    for language, ending in (("vi", ""), ("en", "_en")):
        with override(language):
            words |= {
                f"title{ending}": gettext("Scan when you enter and when you leave"),
                f"step1{ending}": gettext("Open the camera of your phone and point it at the code."),
                f"step2{ending}": gettext("Type your name and telephone number, press the button."),
                f"step3{ending}": gettext("No phone? Show your card or tell the staff your name."),
            }
    return words


def person_card(person: Person, *, at: datetime, format: Format = "pdf") -> bytes:  # noqa: A002
    """A card of 12.2 x 7.2 cm with a signed code of CARD_CODE_MM, for people without a phone."""
    birth = persons.birth_of(person)
    inputs = {
        **_code(personal_codes.printed(person.code, at=at), CARD_CODE_MM),
        "name": person.name,
        "name_size": _size(person.name, 13),
        "birth": birth.text if birth else "",
        "code": format_code(person.code),
    }
    with override("vi"):
        inputs["title"] = gettext("Personal code for entry and exit")
        inputs["note"] = gettext("Show it at the gate together with a paper that has your name.")
    inputs["title_en"] = "Personal code for entry and exit"
    return _compile("person_card.typ", inputs, format)


def _code(text: str, width_mm: int) -> dict[str, str]:
    """The drawing, and how large it is with the quiet zone when the code itself is `width_mm` wide."""
    drawn = qr.svg(text)
    modules = int(drawn.split('viewBox="0 0 ')[1].split()[0])
    return {"qr": drawn, "qr_mm": f"{width_mm * modules / (modules - 2 * QUIET_MODULES):.1f}mm"}


def _size(name: str, largest: int) -> str:
    """Long names are set smaller, so that the page stays one page."""
    shrunk = largest * min(1.0, 34 / max(len(name), 1)) ** 0.5
    return f"{max(shrunk, largest * 0.4):.1f}pt"


def _compile(document: str, inputs: dict[str, str], format: Format) -> bytes:  # noqa: A002
    made = typst.compile(
        str(FOLDER / document),
        root=str(FOLDER),
        sys_inputs=inputs,
        format=format,
        ppi=PPI,
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{document} has grown past one page")
    return made
