"""Inviting: by priority, only whom the rules allow that vaccine that day, each place once, and how it ends."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.errors import Refusal
from lachan.core.models import EventRow, Person
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Invitation, Session
from lachan.systems.vaccination.tests.conftest import NOON, keeper, received
from lachan.systems.vaccination.tests.people import (
    TOMORROW,
    approved,
    commune,
    district,
    dosed,
    elsewhere,
    invite,
    invited,
    person,
    registered,
    session,
    site,
    visiting,
)

pytestmark = pytest.mark.django_db


def guests(of: Session) -> list[int]:
    found = Invitation.objects.filter(session=of, closed_at__isnull=True)
    return list(found.order_by("slot_at", "pk").values_list("person", flat=True))


def code_of(error: "pytest.ExceptionInfo[Refusal]") -> str:
    return error.value.code


def test_the_group_comes_first_then_the_elder_then_the_earlier() -> None:
    worker = approved(person(born=1990), group="13")
    young, old = approved(person(born=1985), group="9"), approved(person(born=1940), group="9")
    nurse = approved(person(born=1995), group="1")
    to = session(places=3)
    assert invite(to) == 3
    assert set(guests(to)) == {nurse.person_id, old.person_id, young.person_id}
    other = session(places=3)
    invite(other)
    assert guests(other) == [worker.person_id]


def test_only_those_allocated_here_are_invited() -> None:
    registered()  # not approved
    approved(area=elsewhere())
    here = approved()
    to = session()
    assert invite(to) == 1
    assert guests(to) == [here.person_id]


def test_those_who_want_it_nearby_can_be_invited_alone() -> None:
    approved(area=commune("Phường Bình Hiên", "t20196"))
    here = approved()
    to = session()
    invite(to, near=commune())
    assert guests(to) == [here.person_id]


def test_only_to_whom_the_vaccine_is_allowed_that_day() -> None:
    fresh, soon, due, mixed, done = (person() for _ in range(5))
    dosed(soon, days_ago=20)
    dosed(due, days_ago=40)
    dosed(mixed, days_ago=40, product="comirnaty")
    dosed(done, days_ago=80)
    dosed(done, days_ago=40, number=2)
    for who in (fresh, soon, due, mixed):
        approved(who)
    to = session()
    invite(to)
    assert set(guests(to)) == {fresh.pk, due.pk}


def test_nobody_has_two_open_invitations_and_slots_are_filled_in_turn() -> None:
    for _ in range(5):
        approved()
    to = session(places=6, hours=1)
    assert invite(to, most=3) == 3
    assert invite(to) == 2
    starts = list(Invitation.objects.order_by("slot_at", "pk").values_list("slot_at", flat=True))
    assert starts == [TOMORROW] * 3 + [TOMORROW + timedelta(minutes=30)] * 2
    to.refresh_from_db()
    assert to.taken == 5
    with pytest.raises(Refusal) as error:
        invite(session())
    assert code_of(error) == "nobody-waits"


def test_a_full_session_refuses_in_words() -> None:
    approved()
    approved()
    to = session(places=1)
    invite(to)
    with pytest.raises(Refusal) as error:
        invite(to)
    assert code_of(error) == "session-full"


def test_an_invitation_is_told_with_its_place_and_time() -> None:
    row = invited()
    told = EventRow.objects.get(kind="InvitedToSession")
    assert (told.id, told.person_id, told.place_id) == (row.cause, row.person_id, row.session.site_id)
    assert told.facts["slot_at"].startswith("2026-11-11T01:00:00")


def test_sessions_of_a_stopped_lot_invite_nobody() -> None:
    where = site()
    lot = received(where)
    to = session(where, lot=lot)
    approved()
    commands.hold_lot(lot=lot, reason="sốt", actor=keeper(), at=NOON)
    with pytest.raises(Refusal) as error:
        invite(to)
    assert code_of(error) == "lot-held"


def test_who_declines_gives_the_place_back_and_waits_again() -> None:
    row = invited(to=session(places=1))
    commands.answer_invitation(invitation=row, coming=False, actor=keeper(), at=NOON)
    row.session.refresh_from_db()
    assert row.session.taken == 0
    with pytest.raises(Refusal) as error:
        invite(row.session)
    assert code_of(error) == "nobody-waits"  # not to the same session again
    assert invite(session()) == 1


def test_an_acceptance_can_become_a_refusal_but_not_the_other_way() -> None:
    row = invited()
    for _ in range(2):
        commands.answer_invitation(invitation=row, coming=True, actor=keeper(), at=NOON)
    commands.answer_invitation(invitation=row, coming=False, actor=keeper(), at=NOON)
    with pytest.raises(Refusal) as error:
        commands.answer_invitation(invitation=row, coming=True, actor=keeper(), at=NOON)
    assert code_of(error) == "invitation-over"
    kinds = EventRow.objects.filter(kind__startswith="Invitation").values_list("kind", flat=True)
    assert sorted(kinds) == ["InvitationAccepted", "InvitationDeclined"]


def test_after_the_session_or_the_reception_no_answer_is_taken() -> None:
    row, here = invited(), invited()
    visiting(here.person, here.session)
    for each, at in ((row, row.session.ends_at), (here, NOON)):
        with pytest.raises(Refusal) as error:
            commands.answer_invitation(invitation=each, coming=False, actor=keeper(), at=at)
        assert code_of(error) == "invitation-over"


def test_who_did_not_come_is_invited_again() -> None:
    row = invited()
    later = row.session.ends_at + timedelta(hours=1)
    next_one = session(starts_at=TOMORROW + timedelta(days=2), at=later)
    assert invite(next_one, at=later) == 1
    row.refresh_from_db()
    assert (row.end, guests(next_one)) == ("over", [row.person_id])


def test_a_cancelled_session_sends_everybody_back_into_the_queue() -> None:
    rows = [approved() for _ in range(3)]
    to = session()
    invite(to)
    assert commands.cancel_session(session=to, reason="Mất điện", actor=keeper(), at=NOON) == 3
    to.refresh_from_db()
    assert (to.taken, guests(to)) == (0, [])
    told = EventRow.objects.filter(kind="InvitationCancelled")
    cause = EventRow.objects.get(kind="SessionCancelled")
    assert {t.person_id for t in told} == {r.person_id for r in rows}
    assert {t.caused_by_id for t in told} == {cause.id}
    assert invite(session()) == 3


def test_a_session_is_cancelled_once_and_only_before_it_begins() -> None:
    to, running = session(), session()
    visiting(person(), running)
    commands.cancel_session(session=to, reason="Mất điện", actor=keeper(), at=NOON)
    for each, reason, code in (
        (to, "Mất điện", "already-cancelled"), (running, "Mất điện", "session-began"),
        (running, " ", "reason-missing"), (running, "x" * 501, "reason-long"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as error:
            commands.cancel_session(session=each, reason=reason, actor=keeper(), at=NOON)
        assert code_of(error) == code
    to.refresh_from_db()
    with pytest.raises(Refusal) as error:
        invite(to)
    assert code_of(error) == "session-cancelled"


def test_who_withdraws_gives_the_place_back() -> None:
    row = invited()
    commands.withdraw_registration(registration=row.registration, actor=keeper(), at=NOON)
    row.refresh_from_db()
    row.session.refresh_from_db()
    assert (row.end, row.session.taken) == ("withdrawn", 0)


def test_who_is_at_a_site_or_may_never_be_vaccinated_is_not_invited() -> None:
    here, never = approved(), approved()
    visiting(here.person, session())
    visit = visiting(never.person, session())
    visit.forms.create(
        answers={}, signs={}, outcome="contraindicated", consent=False, rules="r", screened_at=NOON,
        screened_by=keeper(),
    )  # fmt: skip
    visit.left_at, visit.ending = NOON, "sent_away"
    visit.save()
    with pytest.raises(Refusal) as error:
        invite(session())
    assert code_of(error) == "nobody-waits"


@pytest.mark.parametrize(("days", "asked"), [(0, 1), (1, 1), (2, 0)])
def test_who_was_told_to_wait_is_not_invited_before_that_day(days: int, asked: int) -> None:
    row, to = approved(), session()
    visit = visiting(row.person, session())
    visit.forms.create(
        answers={}, signs={}, outcome="defer", consent=False, rules="r", screened_at=NOON, screened_by=keeper(),
        defer_until=NOON.date() + timedelta(days=days),
    )  # fmt: skip
    visit.left_at, visit.ending = NOON, "sent_away"
    visit.save()
    other = approved()
    invite(to)
    assert len(guests(to)) == 1 + asked
    assert other.person_id in guests(to)


def test_a_person_without_a_birth_date_is_passed_over() -> None:
    row = approved()
    Person.objects.filter(pk=row.person_id).update(birth_year=None)
    with pytest.raises(Refusal):
        invite(session())


def test_the_whole_district_waits_in_a_constant_number_of_statements() -> None:
    def counted(people: int) -> int:
        for _ in range(people):
            approved()
        to = session()
        with CaptureQueriesContext(connection) as asked:
            assert invite(to, area=district()) == people
        return len(asked)

    assert counted(2) == counted(12)
