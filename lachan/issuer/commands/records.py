"""Entering, withdrawing and correcting what certificates stand on."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, clock, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import BackingRecorded, BackingWithdrawn
from lachan.core.models import Actor, Area, Person, Place
from lachan.issuer import rules
from lachan.issuer.commands.revoking import Recall, recall
from lachan.issuer.models import Intent, Reason, Record, Scope, Withdrawal
from lachan.issuer.rules.facts import KIND_OF

SENTENCES = {
    "disease-unknown": _("Certificates are about COVID-19 only."),
    "in-future": _("The day lies in the future."),
    "product-unpaired": _("This vaccine, product and manufacturer do not belong together. Check the carton."),
    "dose-number": _("The number of the dose must lie between 1 and the number of doses."),
    "assay-unknown": _("This kind of test is not on the list."),
    "result-unknown": _("The result must be detected or not detected."),
    "test-name-missing": _("Say which test it was."),
    "test-day": _("The sample must have been taken on that day, at a time with its zone."),
    "recovery-period": _(
        "A recovery begins after the positive test and ends after it begins, within twelve months."
    ),
}


class CannotRecord(Refusal):
    """Facts that no certificate may state, a second row for one source, a record that is withdrawn already."""


@transaction.atomic
def record_backing(
    *, facts: rules.Facts, person: Person, happened_on: date, source: str, reference: str, actor: Actor, at: datetime,
    lot: str = "", place: Place | None = None, area: Area | None = None, cause: UUID | None = None,
    replaces: Record | None = None,
) -> Record:  # fmt: skip
    """Enter a dose, test or recovery on which certificates may stand.

    `source` and `reference` name the row that it comes from, once. Raises CannotRecord with the codes of
    `rules.check_facts`, recorded-before, place-closed (the CHECK refuses the same pairs).
    """
    require_facts(facts, happened_on, at)
    root = persons.roots_locked([person.pk])[person.pk]
    kind = KIND_OF[type(facts)]
    [pk] = bulk.reserve_ids(Record, 1)
    told = BackingRecorded(
        person_id=root, place_id=place.pk if place else None, happened_at=at, caused_by=cause, record_id=pk,
        ref=f"issuer.record:{pk}", use=kind.value, happened_on=happened_on,
    )  # fmt: skip
    row = Record(
        pk=pk, kind=kind.value, person_id=root, facts=rules.facts_json(facts), happened_on=happened_on, lot=lot.strip(),
        place=place, area=area or (place.area if place else None), source=source, reference=reference,
        replaces=replaces, event_id=told.id, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    _insert(row)
    emit([told], actor=actor)
    return row


def require_facts(facts: rules.Facts, happened_on: date, at: datetime) -> None:
    """Raises CannotRecord with the codes of `rules.check_facts`."""
    try:
        rules.check_facts(facts, happened_on=happened_on, today=clock.local_date(at))
    except rules.RefusedFacts as error:
        raise CannotRecord(error.code, SENTENCES[error.code]) from error
    if isinstance(facts, rules.LabTest) and facts.sampled_at > at:
        raise CannotRecord("in-future", SENTENCES["in-future"])


def _insert(row: Record) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "record_once_a_source" in str(error):
            raise CannotRecord("recorded-before", _("This row was entered before.")) from error
        if "replaces" in str(error):
            raise CannotRecord("corrected-before", _("This record was corrected before.")) from error
        raise


@transaction.atomic
def withdraw_backing(
    *, record: Record, reason: str, actor: Actor, at: datetime, cause: UUID | None = None,
    revoked_as: Reason = Reason.RECORD_WITHDRAWN,
) -> Withdrawal:  # fmt: skip
    """Say that a record does not hold, and revoke all that was certified on it. Raises CannotRecord: no-reason,
    withdrawn-before."""
    if not reason.strip():
        raise CannotRecord("no-reason", _("Say why."))
    held = Record.objects.select_for_update().get(pk=record.pk)
    if Withdrawal.objects.filter(record=held).exists():
        raise CannotRecord("withdrawn-before", _("This record was withdrawn before."))
    told = BackingWithdrawn(
        person_id=held.person_id, place_id=held.place_id, happened_at=at, caused_by=cause or held.event_id,
        ref=f"issuer.record:{held.pk}", record_id=held.pk, use=rules.Kind(held.kind).value, reason=revoked_as.value,
    )  # fmt: skip
    emit([told], actor=actor)
    done = Withdrawal.objects.create(
        record=held, reason=reason.strip()[:40], event_id=told.id, withdrawn_by=actor, withdrawn_at=at
    )
    why = Recall(scope=Scope.RECORD, reason=revoked_as, cause=told.id)
    recall(Intent.objects.filter(record=held), why, actor=actor, at=at)
    return done


@transaction.atomic
def correct_backing(
    *, record: Record, facts: rules.Facts, happened_on: date, reason: str, actor: Actor, at: datetime,
    lot: str | None = None, cause: UUID | None = None,
) -> Record:  # fmt: skip
    """Replace a record by a corrected one; its certificates are revoked (reissue with `reissue_certificate`)."""
    done = withdraw_backing(
        record=record, reason=reason, actor=actor, at=at, cause=cause, revoked_as=Reason.CORRECTED
    )
    return record_backing(
        facts=facts, person=record.person, happened_on=happened_on, source=record.source,
        reference=rules.next_reference(record.reference),
        actor=actor, at=at, lot=record.lot if lot is None else lot, place=record.place, area=record.area,
        cause=done.event_id, replaces=record,
    )  # fmt: skip
