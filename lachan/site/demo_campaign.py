"""The demo's campaign: some thousand registrations, most of them allocated, and sessions of yesterday, today and
tomorrow with their guests; of those of today some have had their dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from lachan.core import actors, clock
from lachan.core.models import Actor, Area, Person, Place, PlaceKind, Posting, Role
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotInvite, Examined, LineRecord
from lachan.systems.vaccination.commands.registering import Wish, register_wishes
from lachan.systems.vaccination.models import Invitation, Lot, Registration, Session
from lachan.systems.vaccination.queries.policy import NoVaccinationYet, rules_at
from lachan.systems.vaccination.rules.screening import Signs

PEOPLE, OF_A_FACTORY = 3_000, 600
PLACES = 60
ELDERLY = 65
GROUPS = ("13", "15", "8", "10", "7", "13", "1", "2")
PRODUCT = "comirnaty"


def make() -> None:
    """Once, at the sites of the demo's stock; nothing where there are none."""
    at = clock.now()
    commands.count_residents(at=at)
    posting = (
        Posting.objects.filter(role=Role.VACCINE_OFFICER, area__isnull=False).select_related("area").first()
    )
    if posting is None or posting.area is None or Registration.objects.exists() or not _known(at):
        return
    sites = Place.objects.filter(kind=PlaceKind.VACCINATION_SITE, area__path__startswith=posting.area.path)
    found = list(sites.select_related("area", "parent").order_by("pk")[:3])
    if len(found) < 3:
        return
    actor = actors.system(at=at)
    _register(posting.area, actor, at)
    _sessions(found, posting.area, actor, at)


def _known(at: datetime) -> bool:
    try:
        return rules_at(at).product(PRODUCT) is not None
    except NoVaccinationYet:
        return False


@transaction.atomic
def _register(province: Area, actor: Actor, at: datetime) -> None:
    """Four of five are approved and allocated; the last of a factory's list still wait."""
    grown = at.year - 19
    people = Person.objects.filter(
        home_area__path__startswith=province.path,
        home_area__level=3,
        birth_year__lte=grown,
        merged_into__isnull=True,
    )
    rows = list(people.order_by("pk").values_list("pk", "birth_year", "home_area")[:PEOPLE])
    wishes = [
        Wish(person_id=pk, group=_group(pk, at.year - (born or at.year)), area_id=area)
        for pk, born, area in rows
    ]
    own, listed = wishes[OF_A_FACTORY:], wishes[:OF_A_FACTORY]
    made = register_wishes(wishes=own, source="citizen", actor=actor, at=at - timedelta(days=12))
    commands.approve_registrations(
        registrations=list(made.values()), actor=actor, at=at - timedelta(days=9), allocated=None
    )
    register_wishes(
        wishes=listed,
        source="organisation",
        organisation="Công ty Dệt may 29",
        actor=actor,
        at=at - timedelta(days=1),
    )


def _group(number: int, age: int) -> str:
    return "9" if age > ELDERLY else GROUPS[number % len(GROUPS)]


def _sessions(sites: Sequence[Place], province: Area, actor: Actor, at: datetime) -> None:
    day = timedelta(days=1)
    yesterday, today, tomorrow = sites
    _held(yesterday, province, actor, at - day, share=0.8, over=True)
    _held(today, province, actor, at, share=0.3)
    _held(tomorrow, province, actor, at + day, share=0, invited_at=at - day)


def _held(
    site: Place, province: Area, actor: Actor, at: datetime, *, share: float, over: bool = False,
    invited_at: datetime | None = None,
) -> None:  # fmt: skip
    """A session about `at`; `share` of the guests have come by then."""
    asked_at = invited_at or at - timedelta(days=2)
    start, end = clock.day_bounds(clock.local_date(at))
    lot = (
        Lot.objects.filter(stocks__store=site, product=PRODUCT, holds__isnull=True)
        .order_by("expires_on")
        .first()
    )
    session = commands.plan_session(
        site=site, product=PRODUCT, starts_at=max(start, at - timedelta(hours=2)),
        ends_at=min(end, at + timedelta(hours=0 if over else 3, minutes=30)), tables=3, places=PLACES, lot=lot,
        actor=actor, at=asked_at,
    )  # fmt: skip
    try:
        commands.invite_people(session=session, area=province, most=PLACES, actor=actor, at=asked_at)
    except CannotInvite:
        return
    if share and lot is not None:
        _given(session, lot, share, actor, at)


def _given(session: Session, lot: Lot, share: float, actor: Actor, at: datetime) -> None:
    guests = list(
        Invitation.objects.filter(session=session).order_by("slot_at", "pk").values_list("person", flat=True)
    )
    came = guests[: int(len(guests) * share)]
    size = rules_at(at).product(PRODUCT)
    for begin in range(0, len(came), size.vial_doses if size else 1):
        vial = commands.open_vial(store=session.site, lot=lot, session=session, actor=actor, at=at)
        batch = came[begin : begin + vial.doses]
        records = [LineRecord(person_id=pk, examined=_healthy(at), vial=vial.pk, table=1) for pk in batch]
        commands.record_doses(session=session, records=records, actor=actor, at=at)


def _healthy(at: datetime) -> Examined:
    answers = dict.fromkeys((q.code for q in rules_at(at).questions), False)
    return Examined(
        answers=answers, signs=Signs(temperature=36.6, pulse=76, systolic=120, diastolic=78), consent=True
    )
