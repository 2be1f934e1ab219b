"""Travellers brought from the gate to a quarantine site: listed, handed over, received once, the missing explained."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk
from lachan.core.codes import new_code
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import TransferHandedOver, TransferListed, TransferReceived
from lachan.core.models import Actor, Place, PlaceKind
from lachan.systems.arrivals.models import ABSENCES, Clearance, Gate, TransferLine, TransferList

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_LISTED = 500
LONGEST_NOTE = 500
SENTENCES: Final[Mapping[str, "StrOrPromise"]] = {
    "nobody-listed": _("Choose at least one traveller."),
    "too-many-listed": _("A list holds 500 travellers at most."),
    "no-quarantine-site": _("Choose a quarantine site that is open."),
    "listed-already": _("One of them stands on another list by now. Look at the list again."),
    "not-to-a-site": _("One of them does not have to go to a quarantine site."),
    "left-already": _("This list was handed over before."),
    "not-left-yet": _("The gate has not handed this list over yet."),
    "received-already": _("This list was received before."),
    "absence-unexplained": _("Say of everybody who did not come what became of them."),
    "not-on-this-list": _("One of them does not stand on this list."),
}


class CannotTransfer(Refusal):
    """A list cannot be made, handed over or received: one of SENTENCES."""

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(code, SENTENCES[code])


@transaction.atomic
def make_transfer_list(
    *, gate: Gate, site: Place, clearances: Sequence[Clearance], actor: Actor, at: datetime, vehicle: str = ""
) -> TransferList:
    """A list of travellers whose duty is a quarantine site; nobody stands on two. Raises CannotTransfer."""
    _check(gate, site, clearances)
    made = TransferList.objects.create(
        code=new_code(), gate=gate, site=site, vehicle=vehicle.strip()[:20], made_at=at, made_by=actor
    )
    lines = [
        TransferLine(transfer=made, clearance=c, person_id=c.declaration.person.root_id) for c in clearances
    ]
    try:
        with transaction.atomic():
            TransferLine.objects.bulk_create(lines)
    except IntegrityError as error:
        raise CannotTransfer("listed-already") from error
    told = TransferListed(
        place_id=site.pk,
        happened_at=at,
        ref=_ref(made),
        transfer_id=made.pk,
        gate=gate.code,
        listed=len(lines),
    )
    emit([told], actor=actor)
    return made


def _check(gate: Gate, site: Place, clearances: Sequence[Clearance]) -> None:
    if not clearances:
        raise CannotTransfer("nobody-listed")
    if len(clearances) > MOST_LISTED:
        raise CannotTransfer("too-many-listed")
    if site.kind != PlaceKind.QUARANTINE_SITE or site.closed_at is not None:
        raise CannotTransfer("no-quarantine-site")
    standing = Clearance.objects.filter(
        pk__in=[c.pk for c in clearances], gate=gate, duty="facility", replaced_by__isnull=True
    )
    if standing.count() != len(clearances):
        raise CannotTransfer("not-to-a-site")


@transaction.atomic
def hand_over(*, transfer: TransferList, actor: Actor, at: datetime) -> TransferList:
    """The list leaves the gate with its travellers. Once. Raises CannotTransfer."""
    waiting = TransferList.objects.filter(pk=transfer.pk, left_at__isnull=True)
    if not waiting.update(left_at=at, handed_by=actor):
        raise CannotTransfer("left-already")
    transfer.refresh_from_db()
    told = TransferHandedOver(
        place_id=transfer.site_id, happened_at=at, ref=_ref(transfer), transfer_id=transfer.pk, gate=transfer.gate.code,
        listed=transfer.lines.count(),
    )  # fmt: skip
    emit([told], actor=actor)
    return transfer


@transaction.atomic
def receive(
    *, transfer: TransferList, absent: Mapping[int, str], actor: Actor, at: datetime, note: str = ""
) -> TransferList:
    """The site takes the travellers in, once. `absent`: line -> one of ABSENCES for who did not come; everybody else
    came. Raises CannotTransfer."""
    lines = list(transfer.lines.all())
    if not absent.keys() <= {line.pk for line in lines}:
        raise CannotTransfer("not-on-this-list")
    if not set(absent.values()) <= set(ABSENCES):
        raise CannotTransfer("absence-unexplained")
    came = len(lines) - len(absent)
    _claim(transfer, came, note.strip()[:LONGEST_NOTE], actor, at)
    for line in lines:
        line.absence = absent.get(line.pk, "")
        line.came = line.pk not in absent
    bulk.update(lines, ["came", "absence"])
    told = TransferReceived(
        place_id=transfer.site_id, happened_at=at, ref=_ref(transfer), transfer_id=transfer.pk, gate=transfer.gate.code,
        listed=len(lines), came=came,
    )  # fmt: skip
    emit([told], actor=actor)
    return transfer


def _claim(transfer: TransferList, came: int, note: str, actor: Actor, at: datetime) -> None:
    """Whoever writes first has received it."""
    open_ = TransferList.objects.filter(pk=transfer.pk, left_at__isnull=False, received_at__isnull=True)
    if not open_.update(received_at=at, received_by=actor, came=came, note=note):
        transfer.refresh_from_db()
        raise CannotTransfer("received-already" if transfer.received_at else "not-left-yet")
    transfer.refresh_from_db()


def _ref(transfer: TransferList) -> str:
    return f"arrivals.transfer:{transfer.pk}"
