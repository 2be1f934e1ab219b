"""Every rule that the database refuses too, violated on purpose."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from lachan.systems.tracing import models
from lachan.systems.tracing.models import (
    Case,
    CaseFinding,
    Contact,
    CrowdNotice,
    Exposure,
    FollowUpCall,
    HandOver,
    HandOverContact,
    NegativeTest,
)
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


class Rows:
    """One sound row of each table, made on demand; `more` spoils it."""

    def __init__(self) -> None:
        self.ill, self.met = world.people(2)
        self.other = world.commune("Phường Đa Kao", "26737")
        self.officer = world.officer()

    def case(self, **more: Any) -> Case:
        given = {"person": self.ill, "root": self.ill, "classification": "suspect", "opened_at": AT}
        return Case.objects.create(**given | more)

    def finding(self, **more: Any) -> CaseFinding:
        given = {"kind": "pcr", "at": AT, "recorded_at": AT, "actor": self.officer}
        case = more.pop("case", None) or Case.objects.first() or self.case()
        return CaseFinding.objects.create(**{"case": case} | given | more)

    def exposure(self, **more: Any) -> Exposure:
        given = {
            "source": self.ill, "person": self.met, "source_root": self.ill, "person_root": self.met, "starts_at": AT,
            "ends_at": AT + HOUR, "minutes": 60, "kind": "interview", "event_id": uuid4(), "found_at": AT,
        }  # fmt: skip
        return Exposure.objects.create(**given | more)

    def contact(self, **more: Any) -> Contact:
        given = {
            "person": self.met, "source": self.ill, "level": 1, "first_exposed_at": AT, "exposed_at": AT + HOUR,
            "found_at": AT, "found_event": uuid4(),
        }  # fmt: skip
        return Contact.objects.create(**given | more)

    def call(self, **more: Any) -> FollowUpCall:
        contact = Contact.objects.first() or self.contact()
        given = {"contact": contact, "called_at": AT, "called_by": self.officer, "outcome": "reached"}
        return FollowUpCall.objects.create(**given | more)

    def notice(self, **more: Any) -> CrowdNotice:
        case = Case.objects.first() or self.case()
        given = {
            "case": case,
            "place": world.venue(),
            "from_at": AT,
            "until_at": AT + HOUR,
            "people": 200,
            "found_at": AT,
        }
        return CrowdNotice.objects.create(**given | more)

    def handover(self, **more: Any) -> HandOver:
        given = {
            "from_area": world.commune(), "to_area": self.other, "reason": "moved", "sent_at": AT,
            "sent_by": self.officer,
        }  # fmt: skip
        return HandOver.objects.create(**given | more)

    def negative(self, **more: Any) -> NegativeTest:
        given = {
            "person": self.ill,
            "root": self.ill,
            "result_id": 7,
            "collected_at": AT,
            "event_id": uuid4(),
        }
        return NegativeTest.objects.create(**given | more)


Spoil = Callable[[Rows], object]


def twice(make: Callable[[Rows], object]) -> Spoil:
    return lambda rows: (make(rows), make(rows))


def acknowledged(rows: Rows) -> dict[str, Any]:
    return {"acknowledged_at": AT + HOUR, "acknowledged_by": rows.officer}


def voided_twice(rows: Rows) -> None:
    first = rows.finding()
    rows.finding(kind="voided", voids=first)
    rows.finding(kind="voided", voids=first)


def same_contact_handed_over_twice(rows: Rows) -> None:
    handover, contact = rows.handover(), rows.contact()
    HandOverContact.objects.create(handover=handover, contact=contact)
    HandOverContact.objects.create(handover=handover, contact=contact)


def joined_to_itself(rows: Rows) -> None:
    case = rows.case()
    Case.objects.filter(pk=case.pk).update(joined_to=case)


SAME_EVENT = uuid4()
SPOILT: dict[str, Spoil] = {
    "case_one_live_a_person": twice(Rows.case),
    "case_closed_when_withdrawn": lambda r: r.case(classification="withdrawn"),
    "case_confirmed_has_a_window": lambda r: r.case(classification="confirmed"),
    "case_window_forward": lambda r: r.case(infectious_from=AT, infectious_until=AT - DAY),
    "case_not_joined_to_itself": joined_to_itself,
    "finding_once_an_event": twice(lambda r: r.finding(event_id=SAME_EVENT)),
    "finding_voided_once": voided_twice,
    "finding_voids_when_it_says_so": lambda r: r.finding(kind="voided"),
    "exposure_found_once": twice(Rows.exposure),
    "exposure_period_forward": lambda r: r.exposure(ends_at=AT),
    "exposure_between_different_persons": lambda r: r.exposure(person=r.ill),
    "exposure_withdrawn_with_a_reason": lambda r: r.exposure(withdrawn_at=AT, withdrawn_by=r.officer),
    "contact_one_live_a_person": twice(Rows.contact),
    "contact_level_in_range": lambda r: r.contact(level=0),
    "contact_of_somebody_else": lambda r: r.contact(source=r.met),
    "contact_exposure_forward": lambda r: r.contact(exposed_at=AT),
    "contact_ended_with_a_reason": lambda r: r.contact(ended_at=AT),
    "contact_taken_by_somebody": lambda r: r.contact(taken_at=AT),
    "call_next_is_later": lambda r: r.call(next_at=AT),
    "call_symptoms_when_reached": lambda r: r.call(outcome="no_answer", symptoms=["fever"]),
    "notice_once": lambda r: [r.notice(place=place) for place in [world.venue()] * 2],
    "notice_period_forward": lambda r: r.notice(until_at=AT),
    "handover_between_different_areas": lambda r: r.handover(to_area=world.commune()),
    "handover_acknowledged_after_sent": lambda r: r.handover(
        acknowledged_at=AT - HOUR, acknowledged_by=r.officer
    ),
    "handover_decided_after_acknowledged": lambda r: r.handover(
        **acknowledged(r), decided_at=AT, decided_by=r.officer, accepted=True
    ),
    "handover_declined_with_a_reason": lambda r: r.handover(
        **acknowledged(r), decided_at=AT + DAY, decided_by=r.officer, accepted=False
    ),
    "handover_acknowledged_before_decided": lambda r: r.handover(
        decided_at=AT + DAY, decided_by=r.officer, accepted=True
    ),
    "handover_of_a_case_once_at_a_time": lambda r: [r.handover(case=case) for case in [r.case()] * 2],
    "handover_contact_once": same_contact_handed_over_twice,
    "negative_once_a_result_and_person": twice(Rows.negative),
}


@pytest.mark.parametrize("name", SPOILT)
def test_database_refuses(name: str) -> None:
    rows = Rows()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SPOILT[name](rows)


def test_no_constraint_is_left_untried() -> None:
    tables = [getattr(models, name) for name in models.__all__]
    named = {c.name for t in tables if issubclass(t, Model) for c in t._meta.constraints}
    assert named <= SPOILT.keys()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_findings_are_never_changed(change: str) -> None:
    finding = Rows().finding()
    rows = CaseFinding.objects.filter(pk=finding.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(note="other") if change == "update" else rows.delete()
