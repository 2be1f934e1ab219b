"""A wrong dose is struck, and another one takes its place: both stay, each naming the other."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Place
from lachan.issuer.models import Reason
from lachan.systems.vaccination.commands.correcting.books import give_from_books, hold_books, vial_in_books
from lachan.systems.vaccination.commands.correcting.certificates import certify_anew, counting
from lachan.systems.vaccination.commands.correcting.reading import dose_number, moment_of
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect
from lachan.systems.vaccination.commands.ledger import CannotMoveDoses
from lachan.systems.vaccination.commands.line.certifying import backing_of
from lachan.systems.vaccination.commands.line.injecting import dose_given, insert_dose
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.commands.line.watching import strike
from lachan.systems.vaccination.models import CorrectionRequest, Dose, Lot, LotHold
from lachan.systems.vaccination.queries.reactions import last_doses
from lachan.systems.vaccination.rules.corrections import Numbered, in_order, ordinal
from lachan.systems.vaccination.rules.line import Numbering
from lachan.systems.vaccination.rules.stock import refusal_of_lot

KEPT: Final = (
    "person_id", "product", "lot_id", "lot_number", "kind", "number", "primary_doses", "given_at", "given_on",
    "site_id", "visit_id", "vial_id", "vaccinator_id", "table", "rules",
)  # fmt: skip
SOURCE: Final = "correction"


def correct_dose(
    row: CorrectionRequest, dose: int, *, site: Place | None, reason: str, actor: Actor, at: datetime
) -> int:
    """In the caller's transaction; how many certificates were issued anew. Raises CannotCorrect, CannotMoveDoses."""
    old = _held(dose)
    new = _corrected(old, row, site, actor, at)
    others = _others(old, at)
    counted = _counted(new, old, others, at)
    record, certificates = backing_of(old), counting(old.person, at)
    hold_books(old, new)
    strike(old, reason=reason, actor=actor, at=at, cause=row.event_id, revoked_as=Reason.CORRECTED)
    if old.vial is not None and new.vial is not None:
        note = f"{row.pk}: {row.before} → {row.wanted}"
        new.movement = give_from_books(old.vial, new, note=note, actor=actor, at=at)
    _insert(new)
    emit([dose_given(new, counted, row.event_id)], actor=actor)
    if record is None:
        return 0
    mine = [each for each in certificates if each.record_id == record.pk]
    return certify_anew(new, counted, old=record, before=mine, actor=actor, at=at)


def _held(dose: int) -> Dose:
    """What stands of the dose now, after other corrections; held. Raises CannotCorrect: dose-withdrawn, visit-open."""
    found: Dose | None = _locked(dose)
    while found is not None and found.withdrawn_at is not None:
        after = Dose.objects.filter(replaces=found).values_list("pk", flat=True).first()
        found = _locked(after) if after else None
    if found is None:
        raise CannotCorrect("dose-withdrawn")
    if found.visit is not None and found.visit.left_at is None:
        raise CannotCorrect("visit-open")
    return found


def _locked(pk: int) -> Dose:
    held = Dose.objects.select_for_update(of=("self",))
    return held.select_related("visit", "vial", "lot", "site__area", "person__merged_into").get(pk=pk)


def _corrected(old: Dose, row: CorrectionRequest, site: Place | None, actor: Actor, at: datetime) -> Dose:
    """The row that takes the place of the old one, unsaved. Raises CannotCorrect."""
    new = Dose(
        **{name: getattr(old, name) for name in KEPT}, source=SOURCE, recorded_at=at, recorded_by=actor,
        event_id=uuid7(), replaces=old,
    )  # fmt: skip
    for name, value in _changes(old, row, site).items():
        setattr(new, name, value)
    return new


def _changes(old: Dose, row: CorrectionRequest, site: Place | None) -> dict[str, Any]:
    if row.kind == "lot":
        return _lot(old, row.wanted)
    if row.kind == "number":
        kind, number = dose_number(row.wanted, old)
        return {"kind": kind, "number": number}
    if row.kind == "moment":
        moment = moment_of(row.wanted, old)
        return {"given_at": moment, "given_on": clock.local_date(moment)}
    if site is None:
        raise CannotCorrect("site-missing")
    return {"site": site}


def _lot(old: Dose, number: str) -> dict[str, Any]:
    """Of a dose on paper the number alone. Raises CannotCorrect: lot-…; CannotMoveDoses: lot-expired, lot-held, …"""
    if old.vial is None or old.visit is None:
        return {"lot_number": number, "lot": None}
    known = {lot.product: lot for lot in Lot.objects.filter(number=number)}
    lot = known.get(old.product)
    if lot is None:
        raise CannotCorrect("lot-of-another-vaccine" if known else "lot-unknown")
    _require_usable(lot, old.given_at)
    vial = vial_in_books(lot, store=old.vial.store_id, session=old.visit.session_id, at=old.given_at)
    return {"lot": lot, "lot_number": lot.number, "vial": vial}


def _require_usable(lot: Lot, then: datetime) -> None:
    """As the lot stood at the injection: one that was stopped later is corrected to, so that a recall finds everybody.

    Raises CannotMoveDoses: lot-expired, lot-held, lot-recalled. The database looks again as the dose is given.
    """
    in_force = Q(released_at__isnull=True) | Q(released_at__gt=then)
    hold = LotHold.objects.filter(in_force, lot=lot, held_at__lte=then).first()
    recalled = hold is not None and hold.recalled_at is not None and hold.recalled_at <= then
    why = refusal_of_lot(
        expires_on=lot.expires_on, on=clock.local_date(then), held=hold is not None, recalled=recalled
    )
    if why:
        raise CannotMoveDoses(why)


def _others(old: Dose, at: datetime) -> list[Numbered]:
    doses = last_doses(old.person.root_id, at=at).exclude(pk=old.pk)
    return [Numbered(dose.kind, dose.number, dose.given_on) for dose in doses]


def _counted(new: Dose, old: Dose, others: list[Numbered], at: datetime) -> Numbering:
    """As which dose it counts. Raises CannotCorrect: moment-in-future, before-birth, dose-known, order-impossible."""
    if new.given_at > at:
        raise CannotCorrect("moment-in-future")
    birth = persons.birth_of(new.person.merged_into or new.person)
    if birth is not None and new.given_on < birth.earliest:
        raise CannotCorrect("before-birth")
    mine = Numbered(new.kind, new.number, new.given_on)
    if mine != Numbered(old.kind, old.number, old.given_on):
        _require_place(mine, others)
    return Numbering(new.kind, new.number, new.primary_doses, ordinal(mine, new.primary_doses, others))


def _require_place(mine: Numbered, others: list[Numbered]) -> None:
    if any((other.kind, other.number) == (mine.kind, mine.number) or other.on == mine.on for other in others):
        raise CannotCorrect("dose-known")
    if not in_order([mine, *others]):
        raise CannotCorrect("order-impossible")


def _insert(new: Dose) -> None:
    """Raises CannotCorrect: dose-known, where another dose of the person came meanwhile."""
    try:
        insert_dose(new)
    except CannotServe as refusal:
        raise CannotCorrect("dose-known") from refusal
