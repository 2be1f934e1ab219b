"""Issuing, changing and lifting orders, always for many persons at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.models import Actor, Person
from lachan.policy.model import Subject
from lachan.systems.quarantine.commands.docket import Docket, Held
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.quarantine.rules import Decision, order_needed, still_holds

CONTACTS = ("F1", "F2")


class CannotIssueOrder(Refusal):
    """not-needed, already-past, exposed-in-future, order-open."""


class CannotServeAtHome(Refusal):
    """order-closed, home-not-allowed, not-facility."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """`cause` told that `person_id` was exposed; `corrected` when it replaces what was told before."""

    person_id: int
    subject: Subject
    exposed_on: date
    cause: UUID
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """`cause` confirmed a case; the positive sample is of `sampled_on`."""

    person_id: int
    sampled_on: date
    cause: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """`cause` took away the reason of an order for one of `subjects`."""

    person_id: int
    cause: UUID
    reason: str
    subjects: tuple[str, ...]


@transaction.atomic
def decide_exposures(*, exposures: Sequence[Exposure], actor: Actor, at: datetime) -> None:
    """Issue, restart, change or lift as the policy in force asks for each exposure, in the order given."""
    docket = _docket(exposures, actor, at)
    for exposure in exposures:
        if not docket.is_handled(exposure.cause):
            _decide(docket, exposure)
    docket.write()


def _docket(causes: Sequence[Exposure | Sampled | Lifting], actor: Actor, at: datetime) -> Docket:
    return Docket([c.person_id for c in causes], causes=[c.cause for c in causes], actor=actor, at=at)


def _decide(docket: Docket, exposure: Exposure) -> None:
    evidence = docket.evidence(exposure.person_id)
    decision = order_needed(exposure.subject, exposure.exposed_on, evidence, docket.policy, docket.today)
    held = docket.held(exposure.person_id)
    if held is None:
        if decision.needed:
            docket.issue(exposure.person_id, decision, cause=exposure.cause)
        return
    corrected = exposure.corrected and not docket.is_stale(exposure.cause, held)
    if _holds(docket, held.term, decision, corrected=corrected):
        return
    if decision.needed:
        docket.change(held, decision, cause=exposure.cause, reason=_why(held.term, decision))
    else:
        docket.lift(held, cause=exposure.cause, reason=decision.reason)


def _holds(docket: Docket, term: OrderTerm, decision: Decision, *, corrected: bool) -> bool:
    return still_holds(
        subject=term.subject, exposed_on=term.exposed_on, ends_on=term.ends_on, new=decision, corrected=corrected,
        policy=docket.policy,
    )  # fmt: skip


def _why(term: OrderTerm, decision: Decision) -> str:
    if term.subject != decision.subject:
        return "level-changed"
    return "exposed-again" if decision.exposed_on > term.exposed_on else "exposure-corrected"


@transaction.atomic
def isolate(*, cases: Sequence[Sampled], actor: Actor, at: datetime) -> None:
    """Isolation for each case; an order as a contact gives way to it. Who is isolated already, stays so.

    A case so old that its isolation is over gets no order; its order as a contact ends all the same.
    """
    docket = _docket(cases, actor, at)
    for case in cases:
        if not docket.is_handled(case.cause):
            _isolate(docket, case)
    docket.write()


def _isolate(docket: Docket, case: Sampled) -> None:
    held = docket.held(case.person_id)
    if held and held.term.subject == "F0":
        return
    evidence = docket.evidence(case.person_id)
    decision = order_needed("F0", case.sampled_on, evidence, docket.policy, docket.today)
    if held:
        docket.lift(held, cause=case.cause, reason="superseded", how="superseded")
    if decision.needed:
        docket.issue(case.person_id, decision, cause=case.cause)


@transaction.atomic
def lift_orders(*, liftings: Sequence[Lifting], actor: Actor, at: datetime) -> None:
    """End the orders whose reason is gone, where they still are of the subjects named."""
    docket = _docket(liftings, actor, at)
    for lifting in liftings:
        held = docket.held(lifting.person_id)
        if held and held.term.subject in lifting.subjects and not docket.is_stale(lifting.cause, held):
            docket.lift(held, cause=lifting.cause, reason=lifting.reason)
    docket.write()


@transaction.atomic
def unite(*, merges: Sequence[tuple[int, UUID]], actor: Actor, at: datetime) -> None:
    """(Person kept, event) of each merge: of two open orders of one person the stricter stands."""
    docket = Docket([pk for pk, _cause in merges], causes=[c for _pk, c in merges], actor=actor, at=at)
    causes = {docket.roots[pk]: cause for pk, cause in merges}
    merged = dict(Person.objects.filter(merged_into__in=causes).values_list("pk", "merged_into_id"))
    for double in docket.doubles:
        owner = double.order.person_id
        docket.lift(double, cause=causes[merged.get(owner) or owner], reason="superseded", how="superseded")
    docket.write()


@transaction.atomic
def restore(*, cases: Sequence[Sampled], exposures: Sequence[Exposure], actor: Actor, at: datetime) -> None:
    """After a merge was undone: give each person the order that their own evidence asks for, where it is missing.

    At most one case or exposure of a person; the causes are the events of the undoing.
    """
    docket = _docket([*cases, *exposures], actor, at)
    for case in cases:
        if not docket.is_handled(case.cause):
            _isolate(docket, case)
    for exposure in exposures:
        if not docket.is_handled(exposure.cause):
            _decide(docket, exposure)
    docket.write()


@transaction.atomic
def issue_order(*, person: Person, subject: Subject, exposed_on: date, actor: Actor, at: datetime) -> Order:
    """An order by an officer: for an arrival, or for a contact who is known from paper. Raises CannotIssueOrder."""
    docket = Docket([person.pk], causes=[], actor=actor, at=at)
    if docket.held(person.pk):
        raise _already_open()
    if exposed_on > docket.today:
        raise CannotIssueOrder("exposed-in-future", _SENTENCES["exposed-in-future"])
    decision = order_needed(subject, exposed_on, docket.evidence(person.pk), docket.policy, docket.today)
    if not decision.needed:
        raise CannotIssueOrder(decision.reason, _SENTENCES[decision.reason])
    order = docket.issue(person.pk, decision, cause=None)
    try:
        with transaction.atomic():
            docket.write()
    except IntegrityError as error:
        raise _already_open() from error
    return order


def _already_open() -> CannotIssueOrder:
    return CannotIssueOrder("order-open", _("This person already has an order. Change or end that one."))


_SENTENCES: dict[str, Any] = {
    "not-needed": _("The decision in force asks for no order here."),
    "exposed-in-future": _("Day 0 is in the future. Write the day of the last contact or of arrival."),
    "already-past": _("The period that the decision asks for is already over."),
}


@transaction.atomic
def allow_home(*, order: Order, actor: Actor, at: datetime) -> None:
    """Let a facility order be served at home where its rule allows that; a bed is freed. Raises CannotServeAtHome."""
    docket = Docket([order.person_id], causes=[], actor=actor, at=at)
    held = docket.held(order.person_id)
    if held is None or held.order.pk != order.pk:
        raise CannotServeAtHome("order-closed", _("This order has ended."))
    _refuse_home(held)
    docket.serve_at_home(held)
    docket.write()


def _refuse_home(held: Held) -> None:
    if held.term.kind != "facility":
        raise CannotServeAtHome("not-facility", _("This order is not for a facility."))
    if not held.term.home_allowed:
        raise CannotServeAtHome(
            "home-not-allowed", _("The rule of this order does not allow quarantine at home.")
        )
