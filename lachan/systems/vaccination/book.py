"""A person's registration and invitation as they stand in their own record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.systems.vaccination import words_people
from lachan.systems.vaccination.models import Invitation, Registration, Session
from lachan.systems.vaccination.queries.policy import NoVaccinationYet, group_names, rules_at
from lachan.systems.vaccination.queries.registrations import RegistrationLine, lines
from lachan.systems.vaccination.queries.reminding import next_due


def _vaccination(person: Person, at: datetime) -> Mapping[str, Any]:
    """Where the latest registration stands, the invitation that holds, and when the next dose may be given."""
    latest = Registration.objects.filter(person__in=group_of(person), registered_at__lte=at).order_by("-pk")
    row = latest.select_related("person__merged_into", "area").first()
    if row is None:
        return {"state": "", "due": _due(person, at)}
    [line] = lines([row], at=at)
    return {
        "state": line.state, "badge": words_people.state_badge(line.state), "reason": _reason(line),
        "group": f"{row.group}. {group_names(at).get(row.group, '')}", "due": _due(person, at),
        "facts": _facts(line.invitation, at) if line.state in ("invited", "accepted") else None,
    }  # fmt: skip


def _reason(line: RegistrationLine) -> str:
    return line.decision.reason if line.decision else ""


def _facts(invitation: Invitation | None, at: datetime) -> Mapping[str, Any] | None:
    return invitation_facts(invitation, at) if invitation else None


def _due(person: Person, at: datetime) -> Any:
    """After a first dose only; who has none is invited by their registration."""
    try:
        return next_due([person.pk], on=clock.local_date(at)).get(person.pk)
    except NoVaccinationYet:
        return None


def invitation_facts(found: Invitation, at: datetime) -> dict[str, Any]:
    """What stands about an invitation on its page and in the health book."""
    session = found.session
    holds = found.closed_at is None and session.ends_at > at
    return {
        "invitation": found, "session": session, "site": session.site, "holds": holds,
        "slot": words_people.moment(found.slot_at), "hours": words_people.hours(session.starts_at, session.ends_at),
        "vaccine": _vaccine(session),
        "end": "" if holds else (found.end or "over"),
    }  # fmt: skip


def _vaccine(session: Session) -> str:
    """By the rules of its day."""
    try:
        product = rules_at(session.starts_at).product(session.product)
    except NoVaccinationYet:
        product = None
    return product.name if product else session.product


VACCINATION = Section("vaccination", _("My vaccination"), "vaccination/book.html", _vaccination)
