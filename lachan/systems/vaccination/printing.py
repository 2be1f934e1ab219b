"""The slip that a person takes home after an injection, in Vietnamese with English below."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec
import typst
from django.utils.translation import gettext, override

from lachan.codecs import qr
from lachan.core import clock, persons
from lachan.core.codes import format_code
from lachan.platform import personal_codes
from lachan.systems.vaccination import line_words
from lachan.systems.vaccination.models import Dose
from lachan.systems.vaccination.queries.line import Planned, planned_next
from lachan.systems.vaccination.queries.policy import rules_on
from lachan.systems.vaccination.rules.line import may_go_at

DOCUMENT: Final = Path(__file__).resolve().parent / "documents" / "dose_slip.typ"
PPI: Final = 110.0  # of the PNG, which is for looking
Format = Literal["pdf", "png"]


def dose_slip(dose: Dose, *, at: datetime, format: Format = "pdf") -> bytes:  # noqa: A002
    """One page A6: the dose, its lot, the day of the next one, and where the certificate is found."""
    inputs = _whose(dose, at)
    planned = planned_next(dose.person.merged_into or dose.person, on=clock.local_date(at))
    for language, ending in (("vi", ""), ("en", "_en")):
        with override(language):
            inputs |= {f"{name}{ending}": text for name, text in _words(dose, planned).items()}
    inputs["lines"] = _lines(dose)
    made = typst.compile(
        str(DOCUMENT), root=str(DOCUMENT.parent), sys_inputs=inputs, format=format, ppi=PPI, ignore_system_fonts=True
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("the slip has grown past one page")
    return made


def _whose(dose: Dose, at: datetime) -> dict[str, str]:
    person = dose.person.merged_into or dose.person
    birth = persons.birth_of(person)
    code = personal_codes.printed(person.code, at=at)
    return {
        "name": person.name, "born": birth.text if birth else "", "qr": qr.svg(code), "code": format_code(person.code),
    }  # fmt: skip


def _words(dose: Dose, planned: Planned | None) -> dict[str, str]:
    return {
        "title": gettext("Vaccination against COVID-19"),
        "dose": line_words.kind(dose.kind, dose.number, dose.primary_doses),
        "next": _next(planned, dose),
        "hint": gettext(
            "Stay for the watch. For 28 days: fever above 39 °C, trouble breathing or a rash: go to the nearest health"
            " station. The certificate is found in your health book with this code."
        ),
    }  # fmt: skip


def _next(planned: Planned | None, dose: Dose) -> str:
    if planned is None:
        return gettext("No further dose is planned by the rules of today.")
    names = {product.code: product.name for product in rules_on(dose.given_on).products}
    facts = {
        "day": f"{planned.from_on:%d/%m/%Y}",
        "products": ", ".join(names.get(code, code) for code in planned.products),
    }
    return gettext("Next dose from %(day)s: %(products)s.") % facts


def _lines(dose: Dose) -> str:
    """Label in both languages, and value."""
    product = rules_on(dose.given_on).product(dose.product)
    local = dose.given_at.astimezone(clock.zone())
    until = may_go_at(dose.given_at, rules_on(dose.given_on).observation_minutes).astimezone(clock.zone())
    values = {
        "vaccine": product.name if product else dose.product, "lot": dose.lot_number,
        "given": f"{local:%H:%M %d/%m/%Y}", "site": dose.site.name if dose.site else "", "until": f"{until:%H:%M}",
    }  # fmt: skip
    labels = []
    for language in ("vi", "en"):
        with override(language):
            labels.append({
                "vaccine": gettext("Vaccine"), "lot": gettext("Lot"), "given": gettext("Given"),
                "site": gettext("Site"), "until": gettext("Stay until"),
            })  # fmt: skip
    rows = [(labels[0][name], labels[1][name], value) for name, value in values.items()]
    return msgspec.json.encode(rows).decode()
