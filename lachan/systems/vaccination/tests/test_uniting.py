"""When records are joined a person has one registration and one invitation; when they part, what each had before."""

import pytest
from django.db import IntegrityError, transaction

from lachan.core import eventlog, persons
from lachan.core.events import (
    InvitationCancelled,
    PersonsMerged,
    PersonsSplit,
    RegistrationJoined,
    RegistrationReopened,
)
from lachan.core.models import Person, PersonMerge
from lachan.systems.vaccination import commands, handlers
from lachan.systems.vaccination.models import Invitation, Registration, ScreeningForm, Session
from lachan.systems.vaccination.queries.waiting import waiting
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import (
    approved,
    district,
    invite,
    invited,
    person,
    registered,
    session,
    visiting,
)

pytestmark = pytest.mark.django_db


def join(kept: Person, merged: Person) -> PersonMerge:
    done = persons.merge(kept=kept, merged=merged, reason="một người", actor=keeper(), at=NOON)
    events = eventlog.of_person(kept.pk, [PersonsMerged])[-1:]
    for _ in range(2):  # told twice it is done once
        handlers.follow_persons(events, NOON)
    return done


def part(done: PersonMerge) -> None:
    persons.undo_merge(done, actor=keeper(), at=NOON)
    events = eventlog.of_person(done.kept_id, [PersonsSplit])[-1:]
    for _ in range(2):
        handlers.follow_persons(events, NOON)


def openly(who: Person) -> list[Registration]:
    return list(Registration.objects.filter(person=who, closed_at__isnull=True))


def test_the_registration_that_came_further_stays_and_each_has_its_own_when_they_part() -> None:
    kept, merged = person(), person()
    first, second = registered(kept), approved(merged)
    done = join(kept, merged)
    assert openly(kept) == [second]
    first.refresh_from_db()
    assert (first.closing, first.joined_to) == ("joined", second)
    assert len(eventlog.of_person(kept.pk, [RegistrationJoined])) == 1
    with pytest.raises(commands.CannotRegister):
        registered(kept)
    part(done)
    assert (openly(kept), openly(merged)) == ([first], [second])
    assert len(eventlog.of_person(kept.pk, [RegistrationReopened])) == 1


def test_of_two_invitations_one_place_is_free_again() -> None:
    kept, merged = person(), person()
    there, elsewhere = session(), session()
    invited(kept, to=there)
    invited(merged, to=elsewhere)
    join(kept, merged)
    assert Invitation.objects.get(closed_at__isnull=True).person == kept
    assert sum(Session.objects.values_list("taken", flat=True)) == 1
    [told] = eventlog.of_person(kept.pk, [InvitationCancelled]) or eventlog.of_person(
        merged.pk, [InvitationCancelled]
    )
    assert told.reason == "joined"
    assert list(waiting(district(), at=NOON)) == []


def test_the_only_registration_moves_with_its_invitation_and_back() -> None:
    kept, merged = person(), person()
    row = invited(merged)
    done = join(kept, merged)
    row.refresh_from_db()
    assert (row.person, openly(kept)) == (kept, [row.registration])
    part(done)
    row.refresh_from_db()
    assert (row.person, openly(merged), openly(kept)) == (merged, [row.registration], [])


def test_one_that_was_withdrawn_after_the_join_opens_nothing_but_what_was_joined_to_it() -> None:
    kept, merged = person(), person()
    first, second = registered(kept), approved(merged)
    done = join(kept, merged)
    second.refresh_from_db()
    commands.withdraw_registration(registration=second, actor=keeper(), at=NOON)
    part(done)
    assert (openly(kept), openly(merged)) == ([first], [])


def test_who_was_found_unfit_under_a_record_that_was_joined_is_not_invited() -> None:
    kept, merged = person(), person()
    approved(kept)
    visit = visiting(merged, session())
    ScreeningForm.objects.create(
        visit=visit, answers={}, signs={}, outcome="contraindicated", consent=True, rules="r", screened_at=NOON,
        screened_by=keeper(),
    )  # fmt: skip
    type(visit).objects.update(left_at=NOON, ending="sent_away")
    assert waiting(district(), at=NOON).count() == 1
    join(kept, merged)
    assert waiting(district(), at=NOON).count() == 0
    with pytest.raises(commands.CannotInvite):
        invite(session())


def test_the_database_joins_no_registration_to_itself_or_to_none() -> None:
    row = registered()
    for other in (None, row):
        with pytest.raises(IntegrityError, match="registration_joined_to_another"), transaction.atomic():
            Registration.objects.filter(pk=row.pk).update(
                closed_at=NOON, closed_by=keeper(), closing="joined", joined_to=other
            )
