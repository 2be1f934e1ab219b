"""What one shift leaves to the next."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ShiftHandedOver
from lachan.core.models import Actor, Area
from lachan.portals.response_centre.models import ShiftNote, Wish


class CannotHandOver(Refusal):
    """note-empty, note-taken, note-own."""


def write_note(*, area: Area, text: str, actor: Actor, at: datetime) -> ShiftNote:
    """Leave a note with how many wait at this moment. Raises CannotHandOver: note-empty."""
    if not text.strip():
        raise CannotHandOver("note-empty", _("Write what the next shift has to know."))
    waiting = Wish.objects.filter(area=area, ended_at__isnull=True)
    return ShiftNote.objects.create(
        area=area, text=text.strip()[:2_000], waiting=waiting.count(), urgent=waiting.filter(urgent=True).count(),
        written_at=at, written_by=actor,
    )  # fmt: skip


@transaction.atomic
def take_over(*, note: ShiftNote, actor: Actor, at: datetime) -> None:
    """Say that one has read it and has the desk now. Raises CannotHandOver: note-own, note-taken."""
    if note.written_by_id == actor.pk:
        raise CannotHandOver("note-own", _("Somebody of the next shift takes the note over."))
    if not ShiftNote.objects.filter(pk=note.pk, taken_at__isnull=True).update(taken_at=at, taken_by=actor):
        raise CannotHandOver("note-taken", _("The note has been taken over already."))
    emit(
        [ShiftHandedOver(note_id=note.pk, happened_at=at, ref=f"response_centre.shiftnote:{note.pk}")],
        actor=actor,
    )
