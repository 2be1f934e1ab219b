"""What a certificate says, in words: the eleven fields of Decision 5772/QĐ-BYT, and their like of tests and
recoveries. Values are those of the payload, codes put into the names of their value sets."""

from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any, Final

from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from lachan.codecs.foreign import Entry
from lachan.codecs.hcert import products
from lachan.codecs.hcert.certificate import Certificate
from lachan.codecs.hcert.keys import Use
from lachan.core import clock
from lachan.issuer.models import Reason
from lachan.issuer.queries import Standing
from lachan.platform.screen import Badge, Tone

Field = tuple[Any, Any]

TITLES: Final = {
    "v": _("COVID-19 vaccination certificate"),
    "t": _("COVID-19 test certificate"),
    "r": _("COVID-19 recovery certificate"),
}
KINDS: Final = {"v": _("Vaccination"), "t": _("Test"), "r": _("Recovery")}
DISEASES: Final = {products.COVID_19: _("COVID-19")}
RESULTS: Final = {
    products.NOT_DETECTED: _("not detected (negative)"),
    products.DETECTED: _("detected (positive)"),
}
ASSAYS: Final = {
    products.NAA_TEST: _("nucleic acid test (PCR)"),
    products.RAPID_TEST: _("rapid antigen test"),
}
VACCINES: Final = {
    "1119349007": _("mRNA vaccine"),
    "29061000087103": _("non-replicating viral vector vaccine"),
    "1157024006": _("inactivated whole virus vaccine"),
    "1162643001": _("recombinant spike protein vaccine"),
    products.ANY_VACCINE: _("COVID-19 vaccine"),
}
STANDINGS: Final[dict[Standing, tuple[Any, Tone]]] = {
    Standing.WAITING: (_("waits for its signature"), "warn"),
    Standing.VALID: (_("valid"), "ok"),
    Standing.EXPIRED: (_("ended"), ""),
    Standing.REVOKED: (_("taken back"), "stop"),
    Standing.NOT_SIGNED: (_("not signed"), "stop"),
}
STANDING_SENTENCES: Final = {
    Standing.WAITING: _("The certificate waits for its signature. Try again in a moment."),
    Standing.EXPIRED: _("The certificate has ended. Issue a new one."),
    Standing.REVOKED: _("The certificate was taken back."),
    Standing.NOT_SIGNED: _("The issuer did not sign this certificate."),
}
BY_HAND: Final = (Reason.FRAUD, Reason.BY_MISTAKE, Reason.CORRECTED)


def badge(standing: Standing) -> Badge:
    return Badge(*STANDINGS[standing])


def plain(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def day_as_written(text: str) -> str:
    """`1980-04-08` as `08/04/1980`, `1980-04` as `04/1980`; what is no date stays as it is."""
    parts = text[:10].split("-")
    return "/".join(reversed(parts)) if all(part.isascii() and part.isdigit() for part in parts) else text


def moment_as_written(text: str) -> str:
    """A moment of a certificate in local time; what is none stays as it is."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{read.astimezone(clock.zone()):%H:%M %d/%m/%Y}" if read.tzinfo else day_as_written(text)


def dose_number(said: Certificate) -> str:
    return f"{plain(said.entry.get('dn'))}/{plain(said.entry.get('sd'))}"


def of_certificate(said: Certificate) -> Sequence[Field]:
    """Label and value of each field, in the order of the decision; labels and values are lazily translated."""
    first: list[Field] = [
        (_("Full name"), said.name),
        (_("Date of birth"), day_as_written(said.birth_date)),
        (_("Nationality"), _("as in the identity document")),
        (_("Disease or agent targeted"), _of(DISEASES, said, "tg")),
    ]
    return [*first, *_ENTRIES[said.kind](said), (_("Certificate code"), said.certificate_id or "")]


def _of(words: dict[str, Any], said: Certificate, name: str) -> Any:
    code = plain(said.entry.get(name))
    return words.get(code, code)


def _dose(said: Certificate) -> list[Field]:
    product = plain(said.entry.get("mp"))
    maker = plain(said.entry.get("ma"))
    known = products.PRODUCTS.get(product)
    return [
        (_("Number of doses received"), plain(said.entry.get("dn"))),
        (_("Date of vaccination"), day_as_written(plain(said.entry.get("dt")))),
        (_("Dose number / doses in the series"), dose_number(said)),
        (_("Vaccine or prophylaxis"), _of(VACCINES, said, "vp")),
        (_("Vaccine product"), known.name if known else product),
        (_("Manufacturer or marketing authorisation holder"), products.HOLDERS.get(maker, maker)),
    ]


def _test(said: Certificate) -> list[Field]:
    return [
        (_("Kind of test"), _of(ASSAYS, said, "tt")),
        (_("Name of the test"), plain(said.entry.get("nm")) or plain(said.entry.get("ma"))),
        (_("Sample taken"), moment_as_written(plain(said.entry.get("sc")))),
        (_("Result"), _of(RESULTS, said, "tr")),
        (_("Testing centre"), plain(said.entry.get("tc"))),
    ]


def _recovery(said: Certificate) -> list[Field]:
    return [
        (_("First positive result"), day_as_written(plain(said.entry.get("fr")))),
        (_("Holds from"), day_as_written(plain(said.entry.get("df")))),
        (_("Holds until"), day_as_written(plain(said.entry.get("du")))),
    ]


_ENTRIES: Final = {Use.VACCINATION: _dose, Use.TEST: _test, Use.RECOVERY: _recovery}


def age_text(made_at: datetime | None, at: datetime) -> str:
    """How old a list is, in whole minutes, hours (up to two days) or days."""
    if made_at is None:
        return ""
    minutes = max(int((at - made_at).total_seconds()) // 60, 0)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 2 * 24 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def country_name(code: str) -> str:
    """The country's name in the language of the page; what is no country's code stays as it is."""
    if len(code) != 2:
        return code
    return str(Locale(get_language() or "vi").territories.get(code.upper(), code))


def in_brief(said: Certificate) -> str:
    """A certificate in one line: what, which dose or result, and when."""
    when = {"v": "dt", "t": "sc", "r": "fr"}[said.kind]
    day = moment_as_written(plain(said.entry.get(when)))
    which = {"v": dose_number(said), "t": str(_of(RESULTS, said, "tr")), "r": ""}[said.kind]
    return ", ".join(part for part in (str(KINDS[said.kind]), which, day) if part)


def of_entry(entry: Entry) -> Sequence[Field]:
    """One dose, test or recovery of a foreign certificate, as it is written there."""
    lines: list[Field] = [
        (_("About"), KINDS[entry.about.value]),
        (_("Disease or agent targeted"), entry.disease),
        (_("Vaccine or test"), entry.product),
        (_("Dose"), entry.dose),
        (_("Day"), moment_as_written(entry.date) if "T" in entry.date else day_as_written(entry.date)),
        (_("Result"), entry.result),
        (_("Manufacturer or marketing authorisation holder"), entry.maker),
        (_("Lot"), entry.lot),
        (_("Given or taken at"), entry.place),
        (_("Does not count"), entry.status),
    ]
    return [(label, value) for label, value in lines if value]


def entry_texts(entry: Entry) -> dict[str, str]:
    """For programs: what the certificate says of one dose, test or recovery, as it says it."""
    return {field.name: str(getattr(entry, field.name)) for field in dataclass_fields(entry)}


def entry_line(kind: str, facts: dict[str, Any], happened_on: date) -> str:
    """A record in one line for lists: what, and when."""
    said = Certificate(Use(kind), facts, {})
    day = f"{happened_on:%d/%m/%Y}"
    if kind == Use.VACCINATION:
        known = products.PRODUCTS.get(plain(facts.get("product")))
        name = known.name if known else plain(facts.get("product"))
        return f"{name} {plain(facts.get('number'))}/{plain(facts.get('of'))}, {day}"
    if kind == Use.TEST:
        return f"{RESULTS.get(plain(facts.get('result')), '')}, {day}"
    return f"{KINDS[said.kind.value]}, {day}"
