"""Accounts and postings: who gives them, who has to agree, and how they end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from lachan.core import actors, clock
from lachan.core.models import Actor, ActorKind, Area, EventRow, Posting, Role
from lachan.platform.staff import commands, queries
from lachan.platform.staff.commands import (
    CannotDecide,
    CannotEnd,
    CannotEnrol,
    CannotLink,
    CannotPost,
    Wanted,
)
from lachan.platform.staff.models import PostingRequest
from tests.rows import area_in
from tests.town import moment

AT = moment(4, 10)


@pytest.fixture
def province(db: None) -> Area:
    return area_in(None, "48", "Thành phố Đà Nẵng", level=1)


@pytest.fixture
def commune(province: Area) -> Area:
    return area_in(province, "20194", "Phường Hải Châu")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def administrator(name: str, area: Area) -> Actor:
    user = User.objects.create_user(name)
    actor = Actor.objects.create(kind=ActorKind.STAFF, name=name, user=user, created_at=AT)
    actors.post(actor, Role.ADMINISTRATOR, at=AT - timedelta(days=30), area=area)
    return actor


def wanted(
    area: Area, role: str = Role.TRACER, starts_at: datetime = AT, ends_at: datetime | None = None
) -> Wanted:
    return Wanted(role=role, area=area, starts_at=starts_at, ends_at=ends_at)


def new(name: str, actor: Actor) -> Actor:
    return commands.enrol(username=name, name=name.title(), actor=actor, at=AT)


def kinds() -> list[str]:
    return list(EventRow.objects.order_by("id").values_list("kind", flat=True))


def test_an_account_begins_without_a_password(province: Area) -> None:
    boss = administrator("boss", province)
    member = new("an.tran", boss)
    assert member.user is not None
    assert not member.user.has_usable_password()
    posting = commands.give_posting(member=member, wanted=wanted(province), actor=boss, at=AT)
    assert isinstance(posting, Posting)
    assert list(actors.postings_of(member, at=AT)) == [posting]
    assert kinds() == ["StaffEnrolled", "PostingGiven"]


def test_a_name_to_sign_in_with_is_one_persons(province: Area) -> None:
    boss = administrator("boss", province)
    new("an.tran", boss)
    with pytest.raises(CannotEnrol):
        new("an.tran", boss)
    assert kinds() == ["StaffEnrolled"]


def test_account_and_posting_are_made_both_or_neither(province: Area) -> None:
    boss = administrator("boss", province)
    backward = wanted(province, ends_at=AT)
    with pytest.raises(CannotPost, match="period-backward"):
        commands.enrol_with_posting(username="an.tran", name="An", wanted=backward, actor=boss, at=AT)
    assert not User.objects.filter(username="an.tran").exists()


def test_nobody_posts_themselves_nor_to_nowhere(province: Area) -> None:
    boss = administrator("boss", province)
    with pytest.raises(CannotPost, match="own-posting"):
        commands.give_posting(member=boss, wanted=wanted(province), actor=boss, at=AT)
    nowhere = Wanted(role=Role.TRACER, starts_at=AT)
    with pytest.raises(CannotPost, match="area-or-place"):
        commands.give_posting(member=new("an", boss), wanted=nowhere, actor=boss, at=AT)


# --- what takes two -----------------------------------------------------------------------------------------------


def asked(boss: Actor, province: Area) -> PostingRequest:
    made = commands.give_posting(
        member=new("an.tran", boss), wanted=wanted(province, Role.ADMINISTRATOR), actor=boss, at=AT
    )
    assert isinstance(made, PostingRequest)
    return made


def test_a_province_gets_an_administrator_when_a_second_one_agrees(province: Area) -> None:
    boss, second = administrator("boss", province), administrator("second", province)
    request = asked(boss, province)
    assert actors.postings_of(request.member, at=AT) == []
    posting = commands.decide_posting(request=request, agreed=True, actor=second, at=AT + timedelta(hours=1))
    assert posting is not None
    assert (posting.role, posting.area, posting.starts_at) == (
        Role.ADMINISTRATOR,
        province,
        AT + timedelta(hours=1),
    )
    assert kinds() == ["StaffEnrolled", "PostingAsked", "PostingGiven"]
    with pytest.raises(CannotDecide, match="decided-before"):
        commands.decide_posting(request=request, agreed=True, actor=second, at=AT)


def test_a_refused_posting_is_not_given(province: Area) -> None:
    boss, second = administrator("boss", province), administrator("second", province)
    request = asked(boss, province)
    assert commands.decide_posting(request=request, agreed=False, actor=second, at=AT) is None
    assert not request.member.postings.exists()


def test_neither_who_asked_nor_whom_it_is_for_agrees(province: Area) -> None:
    boss = administrator("boss", province)
    request = asked(boss, province)
    for alone in (boss, request.member):
        with pytest.raises(CannotDecide, match="takes-two"):
            commands.decide_posting(request=request, agreed=True, actor=alone, at=AT)
    assert not request.member.postings.exists()


def test_the_same_is_not_asked_for_twice(province: Area) -> None:
    boss = administrator("boss", province)
    request = asked(boss, province)
    with pytest.raises(CannotPost, match="asked-before"):
        commands.give_posting(
            member=request.member, wanted=wanted(province, Role.ADMINISTRATOR), actor=boss, at=AT
        )


def test_the_administrator_of_a_commune_takes_one(province: Area, commune: Area) -> None:
    boss = administrator("boss", province)
    made = commands.give_posting(
        member=new("an", boss), wanted=wanted(commune, Role.ADMINISTRATOR), actor=boss, at=AT
    )
    assert isinstance(made, Posting)


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_give_one_posting(province: Area) -> None:
    boss = administrator("boss", province)
    request, start = asked(boss, province), Barrier(2)
    seconds = [administrator(f"second{n}", province) for n in range(2)]

    def agree(actor: Actor) -> str:
        try:
            start.wait(10)
            commands.decide_posting(request=request, agreed=True, actor=actor, at=AT)
            return "given"
        except CannotDecide as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, seconds)) == ["decided-before", "given"]
    assert request.member.postings.count() == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("posting_request_takes_two", {"decided_by": "asked_by", "decided_at": AT}),
        ("posting_request_not_for_oneself", {"decided_by": "member", "decided_at": AT}),
        ("posting_request_decided_by_somebody", {"decided_at": AT}),
    ],
)
def test_the_database_refuses_what_one_person_decides_alone(
    province: Area, name: str, change: dict[str, object]
) -> None:
    request = asked(administrator("boss", province), province)
    facts = {k: getattr(request, v) if isinstance(v, str) else v for k, v in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PostingRequest.objects.filter(pk=request.pk).update(**facts)


def test_the_database_keeps_one_open_request(province: Area) -> None:
    request = asked(administrator("boss", province), province)
    request.pk = None
    with pytest.raises(IntegrityError, match="posting_request_open_once"), transaction.atomic():
        request.save()


# --- the end ------------------------------------------------------------------------------------------------------


def test_a_posting_ends_now_and_once(province: Area) -> None:
    boss = administrator("boss", province)
    posting = commands.give_posting(member=new("an", boss), wanted=wanted(province), actor=boss, at=AT)
    assert isinstance(posting, Posting)
    later = AT + timedelta(hours=1)
    commands.end_posting(posting=posting, actor=boss, at=later)
    assert actors.postings_of(posting.actor, at=later) == []
    assert actors.postings_of(posting.actor, at=later - timedelta(seconds=1)) == [posting]
    with pytest.raises(CannotEnd, match="ended-before"):
        commands.end_posting(posting=posting, actor=boss, at=later + timedelta(hours=1))


def test_a_posting_that_has_not_begun_never_does(province: Area) -> None:
    boss = administrator("boss", province)
    ahead = wanted(province, starts_at=AT + timedelta(days=3))
    posting = commands.give_posting(member=new("an", boss), wanted=ahead, actor=boss, at=AT)
    assert isinstance(posting, Posting)
    commands.end_posting(posting=posting, actor=boss, at=AT)
    assert actors.postings_of(posting.actor, at=AT + timedelta(days=4)) == []


def test_a_closed_account_has_no_posting_and_no_way_to_a_password(province: Area) -> None:
    boss = administrator("boss", province)
    member = new("an", boss)
    commands.give_posting(member=member, wanted=wanted(province), actor=boss, at=AT)
    commands.close_account(member=member, actor=boss, at=AT + timedelta(hours=1))
    assert actors.of_user(User.objects.get(username="an")) is None
    assert actors.postings_of(member, at=AT + timedelta(hours=1)) == []
    with pytest.raises(CannotLink):
        commands.make_password_link(member=Actor.objects.get(pk=member.pk), actor=boss, at=AT)
    with pytest.raises(CannotEnd, match="closed-before"):
        commands.close_account(member=member, actor=boss, at=AT)


def test_a_closed_account_gets_no_posting_any_more(province: Area, commune: Area) -> None:
    boss, second = administrator("boss", province), administrator("second", province)
    request = asked(boss, province)
    commands.close_account(member=request.member, actor=boss, at=AT)
    with pytest.raises(CannotPost, match="account-closed"):
        commands.decide_posting(request=request, agreed=True, actor=second, at=AT)
    with pytest.raises(CannotPost, match="account-closed"):
        commands.give_posting(member=request.member, wanted=wanted(commune), actor=boss, at=AT)
    assert not request.member.postings.exists()
    assert not queries.requests(second.postings.get()).exists()


def test_no_administrator_of_a_province_takes_over_the_account_of_another(province: Area) -> None:
    """Else one of them would ask, set the other's password, and agree."""
    boss, second = administrator("boss", province), administrator("second", province)
    commands.make_password_link(member=second, actor=boss, at=AT)  # nobody has signed in with it yet
    assert second.user is not None
    second.user.set_password("bốn từ tự nghĩ ra")
    with pytest.raises(CannotLink, match="takes-two"):
        commands.make_password_link(member=second, actor=boss, at=AT)
    assert commands.make_password_link(member=second, actor=actors.system(at=AT), at=AT, alone=True)
    commands.end_posting(posting=second.postings.get(), actor=boss, at=AT)
    assert commands.make_password_link(member=second, actor=boss, at=AT)


def test_nobody_ends_their_own_posting_or_account(province: Area) -> None:
    boss = administrator("boss", province)
    with pytest.raises(CannotEnd, match="own-posting"):
        commands.end_posting(posting=boss.postings.get(), actor=boss, at=AT)
    with pytest.raises(CannotEnd, match="own-account"):
        commands.close_account(member=boss, actor=boss, at=AT)


# --- whom an administrator sees -----------------------------------------------------------------------------------


def test_an_administrator_sees_accounts_of_the_area_and_what_lies_elsewhere(
    province: Area, commune: Area
) -> None:
    boss = administrator("boss", province)
    local = administrator("local", commune)
    both = new("both", boss)
    for area in (commune, province):
        commands.give_posting(member=both, wanted=wanted(area), actor=boss, at=AT)
    seen = queries.members(local.postings.get())
    assert {a.name for a in seen} == {"local", "Both"}
    lines = {m.actor.name: m for m in queries.with_postings(local.postings.get(), list(seen), at=AT)}
    assert lines["Both"].elsewhere
    assert [p.area for p in lines["Both"].postings] == [commune]
    assert not lines["local"].elsewhere
    assert {a.name for a in queries.members(boss.postings.get())} == {"boss", "local", "Both"}
