"""Many records at once, for batches."""

from django.db import transaction

from lachan.core import bulk
from lachan.core.eventlog import emit
from lachan.core.events import BackingRecorded
from lachan.issuer.models import Record
from lachan.issuer.rules import facts_json
from lachan.issuer.tests.conftest import AT, DOSE, YESTERDAY, Office
from tests.rows import residents


def records(office: Office, count: int, *, lot: str = "L-1") -> None:
    """`count` people with a dose each, written in bulk."""
    people = residents(count, area=office.area, at=AT)
    with transaction.atomic():
        told = [
            BackingRecorded(person_id=p.pk, record_id=0, use="v", happened_on=YESTERDAY, happened_at=AT)
            for p in people
        ]
        emit(told, actor=office.operator)
        bulk.insert(
            [
                Record(
                    kind="v", person=person, facts=facts_json(DOSE), happened_on=YESTERDAY, lot=lot, place=office.site,
                    area=office.area, source="bulk", reference=f"{lot}:{person.pk}", event_id=event.id,
                    recorded_by=office.operator, recorded_at=AT,
                )
                for person, event in zip(people, told, strict=True)
            ]
        )  # fmt: skip
