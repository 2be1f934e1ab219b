"""The officer's decision at the counter, and its correction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ArrivalCleared, DutyImposed, DutyWithdrawn, Event, SymptomsDeclared
from lachan.core.models import Actor
from lachan.platform import policies
from lachan.policy.arrivals import Duty as Kind
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, DutyKind, Gate
from lachan.systems.arrivals.queries import evidence
from lachan.systems.arrivals.rules.duty import Duty, duty_as

APART = (DutyKind.HOME, DutyKind.FACILITY)
COLDEST, HOTTEST = Decimal(30), Decimal(45)
EARLIEST = timedelta(days=1)


class CannotClear(Refusal):
    """already-cleared, amended, not-today, claims-unseen, temperature-impossible, duty-unknown, no-such-duty,
    override-unexplained, already-corrected."""


class CannotClearSo(CannotClear):
    """What was typed cannot be."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the officer found. `seen`: claims seen on paper (vaccination, test, recovery); `duty`: "" as the rule
    says; another one needs a `reason`."""

    temperature: Decimal
    seen: Collection[str] = ()
    document_seen: bool = True
    duty: str = ""
    reason: str = ""


def clear_arrival(
    *, declaration: ArrivalDeclaration, gate: Gate, finding: Finding, actor: Actor, at: datetime
) -> Clearance:
    """Decide about a traveller who stands at the counter of `gate`. Raises CannotClear: of two officers one decides."""
    _check(finding)
    try:
        with transaction.atomic():
            _refuse_decided(_held(declaration), at)
            return _decide(declaration, gate, finding, actor, at, None)
    except IntegrityError as error:
        if "clearance_once_a_declaration" not in str(error):
            raise
        raise _already() from error


def correct_clearance(*, clearance: Clearance, finding: Finding, actor: Actor, at: datetime) -> Clearance:
    """Another decision in the place of this one; both stay. Raises CannotClear."""
    _check(finding)
    try:
        with transaction.atomic():
            _held(clearance.declaration)
            if Clearance.objects.filter(replaces=clearance).exists():
                raise _corrected()
            return _decide(clearance.declaration, clearance.gate, finding, actor, at, clearance)
    except IntegrityError as error:
        if "replaces" not in str(error):
            raise
        raise _corrected() from error


def _held(declaration: ArrivalDeclaration) -> ArrivalDeclaration:
    """Held until the end: nobody amends it or decides about it at the same moment."""
    return ArrivalDeclaration.objects.select_for_update().get(pk=declaration.pk)


def _refuse_decided(declaration: ArrivalDeclaration, at: datetime) -> None:
    if Clearance.objects.filter(declaration=declaration).exists():
        raise _already()
    if ArrivalDeclaration.objects.filter(amends=declaration).exists():
        raise CannotClear("amended", _("The traveller replaced this declaration. Look for them again."))
    if declaration.arrives_on > clock.local_date(at) + EARLIEST:
        raise CannotClear(
            "not-today", _("This declaration is for a later day. Amend its day of arrival first.")
        )


def _check(finding: Finding) -> None:
    if not COLDEST <= finding.temperature <= HOTTEST:
        raise CannotClearSo("temperature-impossible", _("This temperature is impossible. Measure again."))
    if finding.duty and finding.duty not in DutyKind.values:
        raise CannotClearSo("duty-unknown", _("Choose one of the duties."))


def _decide(
    declaration: ArrivalDeclaration, gate: Gate, finding: Finding, actor: Actor, at: datetime,
    replaces: Clearance | None,
) -> Clearance:  # fmt: skip
    root = persons.roots_locked([declaration.person_id])[declaration.person_id]
    proposed, duty = _duties(declaration, finding, at)
    made = Clearance.objects.create(
        declaration=declaration, replaces=replaces, gate=gate, temperature=finding.temperature, decided_at=at,
        document_seen=finding.document_seen and _identify(declaration, actor, at), evidence=sorted(set(finding.seen)),
        proposed=proposed.kind, duty=duty.kind, test_within_hours=duty.within_hours, days=duty.days,
        after_days=duty.after_days, test_dates=list(duty.test_dates), reasons=list(duty.reasons),
        rule_id=duty.rule_id, override_reason=finding.reason if duty.kind != proposed.kind else "", decided_by=actor,
    )  # fmt: skip
    emit(_told(made, duty, root), actor=actor)
    return made


def _duties(declaration: ArrivalDeclaration, finding: Finding, at: datetime) -> tuple[Duty, Duty]:
    """What the rule says of all that was shown, and what the officer chose. Claims that nobody saw do not count."""
    rules, proposed = evidence.rules_on(at), evidence.shown_duty(declaration, at=at, seen=finding.seen)
    if finding.duty in ("", proposed.kind):
        return proposed, proposed
    if not finding.reason.strip():
        raise CannotClearSo("override-unexplained", _("Say why you decide otherwise than the rule."))
    kind = cast(Kind, finding.duty)
    who = evidence.traveller(declaration, arrives_at=at, seen=finding.seen)
    chosen = duty_as(kind, proposed, who, rules) if rules else None
    if chosen is None:
        raise CannotClear("no-such-duty", _("The rules in force know no such duty. Choose another one."))
    return proposed, chosen


def _identify(declaration: ArrivalDeclaration, actor: Actor, at: datetime) -> bool:
    """The document was seen: the number is verified, unless another record holds it (then somebody has to compare)."""
    mine = declaration.person.identifiers.filter(
        kind=declaration.document_kind, blind_index=declaration.document_index
    )
    for identifier in mine:
        try:
            persons.verify_identifier(identifier, actor=actor, at=at)
        except persons.CannotVerify:
            return False
    return True


def _told(made: Clearance, duty: Duty, person_id: int) -> list[Event]:
    envelope: dict[str, Any] = {
        "person_id": person_id, "place_id": made.gate.place_id, "happened_at": made.decided_at,
        "ref": f"arrivals.clearance:{made.pk}",
    }  # fmt: skip
    cleared = ArrivalCleared(
        clearance_id=made.pk, gate=made.gate.code, duty=duty.kind, reasons=tuple(made.reasons), rule_id=made.rule_id,
        test_by=_test_by(made), replaces_id=made.replaces_id, **envelope,
    )  # fmt: skip
    envelope["caused_by"] = cleared.id
    events: list[Event] = [cleared]
    if duty.kind in APART:
        events.append(_imposed(made, duty, envelope))
    elif made.replaces is not None and made.replaces.duty in APART:
        events.append(DutyWithdrawn(clearance_id=made.pk, gate=made.gate.code, **envelope))
    felt = _felt(made)
    if felt and made.replaces is None:
        events.append(SymptomsDeclared(symptoms=felt, **envelope))
    return events


def _imposed(made: Clearance, duty: Duty, envelope: dict[str, Any]) -> DutyImposed:
    return DutyImposed(
        clearance_id=made.pk, gate=made.gate.code, duty=cast(Any, duty.kind), arrived_on=made.declaration.arrives_on,
        days=duty.days, test_dates=duty.test_dates, negatives_needed=duty.negatives_needed,
        home_allowed=duty.home_allowed, after_days=duty.after_days, immune=duty.immune, rule_id=duty.rule_id,
        area_id=made.declaration.destination_area_id, **envelope,
    )  # fmt: skip


def _test_by(made: Clearance) -> date | None:
    hours = made.test_within_hours
    return clock.local_date(made.decided_at + timedelta(hours=hours)) if hours else None


def _felt(made: Clearance) -> tuple[str, ...]:
    """What was declared, and a fever that was measured."""
    signs = policies.at(clock.local_date(made.decided_at)).signs
    measured = ("fever",) if signs.is_fever(float(made.temperature)) else ()
    return tuple(dict.fromkeys((*made.declaration.symptoms, *measured)))


def _already() -> CannotClear:
    return CannotClear("already-cleared", _("Another officer has decided about this traveller."))


def _corrected() -> CannotClear:
    return CannotClear("already-corrected", _("This decision was corrected before. Open the last one."))
