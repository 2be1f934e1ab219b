"""What several pages of arrivals share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lachan.core import access, areas, clock
from lachan.core.access import Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest
from lachan.issuer.words import why
from lachan.platform import pages
from lachan.platform.screen import Badge
from lachan.systems.arrivals import words
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Proof, TestKind, Transport

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Fact = tuple["StrOrPromise", object]


def note(request: DeskRequest, shown: Iterable[ArrivalDeclaration], part: str) -> None:
    """Whoever is shown by name is told of it in their own log."""
    ids = [made.person.root_id for made in shown]
    access.note_reads(ids, request.posting, purpose=Purpose.ENTRY, part=part, at=clock.now())


def choice(made: ArrivalDeclaration) -> dict[str, Any]:
    """One of several whom a code or number may mean."""
    person = made.person.merged_into or made.person
    return {
        "person": pages.person_line(person, reverse("arrivals:traveller", args=[made.pk])), "made": made,
        "state": state_badge(made),
    }  # fmt: skip


def state_badge(made: Any) -> Badge:
    """Of a declaration with its state (`queries.with_state`)."""
    if made.is_cleared:
        return Badge(_("cleared"), "ok")
    return Badge(_("waiting"), "warn") if made.landed else Badge(_("expected"))


def facts(made: ArrivalDeclaration) -> list[Fact]:
    """The journey, for comparison with papers; empty answers are left out."""
    journey = " ".join(
        part for part in (str(Transport(made.transport).label), made.vehicle, made.seat) if part
    )
    origin = ", ".join(part for part in (made.from_place, words.country(made.from_country)) if part)
    others = [words.country(code) for code in made.countries if code != made.from_country]
    lines: list[Fact] = [
        (_("Nationality"), words.country(made.nationality)),
        (_("Journey"), journey),
        (_("From"), origin),
        (_("Other countries of the last 14 days"), ", ".join(others)),
        (_("Arrival"), pages.day_text(made.arrives_on)),
        (_("Stays at"), f"{made.destination_address}, {areas.full_name(made.destination_area)}"),
        (_("Symptoms"), ", ".join(str(words.SYMPTOM.get(code, code)) for code in made.symptoms)),
        (_("Exposure"), ", ".join(str(words.EXPOSURE.get(code, code)) for code in made.exposures)),
        (_("Codes"), f"{made.short_code} · {format_code(made.code)}"),
    ]
    return [(label, value) for label, value in lines if value]


def claims(made: ArrivalDeclaration) -> list[Fact]:
    """What was only told."""
    lines: list[Fact] = []
    if made.doses:
        told = _("%(n)d doses, the last on %(day)s") % {
            "n": made.doses,
            "day": pages.day_text(made.last_dose_on) or "?",
        }
        lines.append((_("Vaccination"), f"{told} {made.vaccine}".strip()))
    if made.recovered_on:
        lines.append((_("Recovery"), pages.day_text(made.recovered_on)))
    if made.test_kind and made.tested_at:
        local = made.tested_at.astimezone(clock.zone())
        lines.append((_("Negative test"), f"{TestKind(made.test_kind).label}, {local:%H:%M %d/%m/%Y}"))
    return lines


def missing(made: ArrivalDeclaration) -> Sequence[StrOrPromise]:
    """What the officer still has to ask for."""
    found: list[StrOrPromise] = []
    if not made.vehicle:
        found.append(_("the number of the flight or vehicle"))
    if made.vehicle and not made.seat:
        found.append(_("the seat"))
    if made.person.birth_year is None:
        found.append(_("the date of birth"))
    if made.doses and not made.last_dose_on:
        found.append(_("the day of the last dose"))
    return found


def certificate_line(seen: CertificateSeen) -> StrOrPromise:
    """What came of a check, in one sentence."""
    what = {
        Proof.VACCINATION: _("Vaccination, %(n)s doses, %(day)s")
        % {"n": seen.doses or "?", "day": _day(seen)},
        Proof.TEST: _("Negative test, %(day)s") % {"day": _day(seen)},
        Proof.RECOVERY: _("Recovery, %(day)s") % {"day": _day(seen)},
    }[Proof(seen.proof)]
    if seen.valid:
        return _("%(what)s: valid, of this traveller (%(issuer)s)") % {"what": what, "issuer": seen.issuer}
    problem = words.NOT_VALID.get(seen.reason) or why(seen.reason)
    return _("Certificate does not count: %(problem)s") % {"problem": problem}


def _day(seen: CertificateSeen) -> str:
    return pages.day_text(seen.happened_on) or "?"
