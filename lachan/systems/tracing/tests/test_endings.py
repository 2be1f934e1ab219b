"""When a case is over, and what the person may be afterwards."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from lachan.core import actors
from lachan.core.events import CaseConfirmed, CaseWithdrawn, ContactFound, OrderIssued, PersonReleased
from lachan.core.models import Person
from lachan.systems.tracing import handlers
from lachan.systems.tracing.commands import upkeep
from lachan.systems.tracing.models import Case
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def release(who: Person, at: datetime, subject: str = "F0") -> PersonReleased:
    told = PersonReleased(person_id=who.pk, order_id=1, early=False, subject=subject, happened_at=at)
    handlers.end_cases(world.told(told), at)
    return told


def night(at: datetime) -> None:
    upkeep.refresh_contacts(actor=actors.system(at=at), at=at)


def test_release_of_a_case_ends_it_and_leaves_its_contacts() -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    release(ill, AT + 7 * DAY, subject="F1")
    assert Case.objects.get().ended_at is None
    release(ill, AT + 7 * DAY)
    case = Case.objects.get()
    assert (case.ended_at, case.classification, case.closed_at) == (AT + 7 * DAY, "confirmed", None)
    assert world.levels() == {friend.pk: 1}
    assert not world.log(CaseWithdrawn)


def test_positive_after_the_end_is_a_new_case_and_an_old_sample_is_not() -> None:
    ill, friend = world.people(2)
    world.turn_positive(ill)
    told = release(ill, AT + 9 * DAY)
    world.turn_positive(ill, collected=AT + 8 * DAY, at=AT + 10 * DAY)
    assert Case.objects.count() == 1
    world.visit(world.venue(), [ill, friend], since=AT + 199 * DAY)
    world.turn_positive(ill, collected=AT + 200 * DAY, at=AT + 200 * DAY)
    old, new = Case.objects.order_by("pk")
    assert (old.ended_at, new.ended_at) == (AT + 9 * DAY, None)
    assert new.first_positive_at == AT + 200 * DAY
    assert len(world.log(CaseConfirmed, ill)) == 2
    assert world.levels() == {friend.pk: 1}
    handlers.end_cases([told], AT + 201 * DAY)
    assert Case.objects.filter(ended_at__isnull=True).get() == new


def test_recovered_person_is_a_contact_of_later_meetings_only() -> None:
    recovered, ill = world.people(2)
    cafe = world.venue()
    world.visit(cafe, [recovered, ill], since=AT + 8 * DAY)
    world.turn_positive(recovered)
    world.turn_positive(ill, collected=AT + 9 * DAY, at=AT + 9 * DAY)
    release(recovered, AT + 9 * DAY)
    assert world.levels() == {}
    world.visit(cafe, [recovered, ill], since=AT + 9 * DAY + HOUR)
    night(AT + 10 * DAY)
    assert world.levels() == {recovered.pk: 1}
    assert world.log(ContactFound, recovered)[0].exposed_at == AT + 9 * DAY + 2 * HOUR


def test_whom_the_recovered_meet_is_no_contact() -> None:
    recovered, friend = world.people(2)
    world.turn_positive(recovered)
    release(recovered, AT + 5 * DAY)
    world.visit(world.venue(), [recovered, friend], since=AT + 5 * DAY + HOUR)
    night(AT + 6 * DAY)
    assert world.levels() == {}
    assert Case.objects.get().infectious_until <= AT + 5 * DAY  # type: ignore[operator]


def test_amended_positive_of_an_ended_case_withdraws_that_case() -> None:
    ill = world.people(1)[0]
    swab = world.turn_positive(ill)[0]
    release(ill, AT + 9 * DAY)
    world.turn_positive(ill, collected=AT + 60 * DAY, at=AT + 60 * DAY)
    handlers.withdraw_cases([world.amended(swab, "negative")], AT + 61 * DAY)
    assert list(Case.objects.order_by("pk").values_list("classification", flat=True)) == [
        "withdrawn",
        "confirmed",
    ]


@pytest.mark.parametrize("isolated", [True, False])
def test_case_without_an_order_ends_by_the_days_of_the_policy(isolated: bool) -> None:
    ill = world.people(1)[0]
    world.turn_positive(ill)
    if isolated:
        order = OrderIssued(
            person_id=ill.pk, happened_at=AT, order_id=1, subject="F0", order_kind="home", starts_on=AT.date(),
            ends_on=AT.date(), test_dates=(), policy_id="p",
        )  # fmt: skip
        world.told(order)
    night(AT + 5 * DAY)
    assert Case.objects.get().ended_at is None
    night(AT + 90 * DAY)
    assert (Case.objects.get().ended_at is None) is isolated


def test_one_live_case_stands_beside_ended_ones_and_no_second() -> None:
    ill = world.people(1)[0]
    given = {"person": ill, "root": ill, "classification": "suspect", "opened_at": AT}
    Case.objects.create(**given, ended_at=AT)
    Case.objects.create(**given, ended_at=AT + DAY)
    Case.objects.create(**given)
    with pytest.raises(IntegrityError, match="case_one_live_a_person"), transaction.atomic():
        Case.objects.create(**given)
