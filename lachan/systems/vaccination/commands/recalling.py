"""Telling everybody who has had a recalled lot: one round at a time, a batch a transaction, nobody twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import RecallNoticeGiven, RecallRoundOpened
from lachan.core.ids import uuid7
from lachan.core.models import Actor
from lachan.platform import jobs
from lachan.systems.vaccination.models import Lot, LotHold, RecallNotice, RecallRound
from lachan.systems.vaccination.queries.recalling import had_lot, notices_of, recall_of, with_phone

BATCH: Final = 2_000
WORDS = {
    "not-recalled": _("Only who has had a recalled lot is told. This lot is not recalled."),
    "round-open": _("They are being told already. Look at the figures again in a moment."),
}


class CannotTell(Refusal):
    """The codes are the keys of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@transaction.atomic
def tell_recipients(*, lot: Lot, actor: Actor, at: datetime) -> RecallRound:
    """Let a job tell everybody who has had the lot and was not told before. Raises CannotTell."""
    from lachan.systems.vaccination.tasks import tell_of_recall

    hold = recall_of(lot)
    if hold is None:
        raise CannotTell("not-recalled")
    row = _opened(hold, actor, at)
    told = RecallRoundOpened(
        id=row.asked, happened_at=at, ref=f"vaccination.lot:{lot.pk}", lot_id=lot.pk, product=lot.product,
        number=lot.number,
    )  # fmt: skip
    emit([told], actor=actor)
    jobs.defer(tell_of_recall, row.pk)
    return row


def _opened(hold: LotHold, actor: Actor, at: datetime) -> RecallRound:
    try:
        with transaction.atomic():
            return RecallRound.objects.create(hold=hold, asked_at=at, asked_by=actor, asked=uuid7())
    except IntegrityError as error:
        if "recall_round_one_at_a_time" not in str(error):
            raise
        raise CannotTell("round-open") from error


def finish_round(number: int, *, at: datetime) -> None:
    """Tell all whom this round has still to tell. Begun anew after a crash it goes on; done twice it tells nobody."""
    row = RecallRound.objects.select_related("hold__lot", "asked_by").filter(pk=number).first()
    if row is None or row.finished_at is not None:
        return
    people = had_lot(row.hold.lot)
    for start in range(0, len(people), BATCH):
        jobs.go_on()
        _tell(row, people[start : start + BATCH], at)
    RecallRound.objects.filter(pk=row.pk, finished_at__isnull=True).update(finished_at=at)


@transaction.atomic
def _tell(row: RecallRound, people: Sequence[int], at: datetime) -> None:
    _alone(row)
    roots = sorted(set(persons.roots_locked(people).values()))
    known = notices_of(row.hold, roots)
    reachable = with_phone(roots)
    notices = [
        RecallNotice(
            hold=row.hold, round=row, person_id=root, way="text" if root in reachable else "call", told_at=at,
            event_id=uuid7(),
        )
        for root in roots
        if root not in known
    ]  # fmt: skip
    bulk.insert(notices)
    emit([_given(notice, row, at) for notice in notices], actor=row.asked_by)


def _alone(row: RecallRound) -> None:
    """Of two who carry out one round, the second waits, and finds who was told."""
    RecallRound.objects.select_for_update(no_key=True).get(pk=row.pk)


def _given(notice: RecallNotice, row: RecallRound, at: datetime) -> RecallNoticeGiven:
    lot = row.hold.lot
    return RecallNoticeGiven(
        id=notice.event_id, person_id=notice.person_id, happened_at=at, ref=f"vaccination.lot:{lot.pk}",
        caused_by=row.asked, lot_id=lot.pk, product=lot.product, number=lot.number, way=notice.way,
    )  # fmt: skip
