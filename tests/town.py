"""A small town for tests that tell a whole story: real areas, people in households, a market, a station, a laboratory,
a quarantine site, and staff in postings. Everything is made through the same commands that desks use."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lachan.core import actors, clock, persons, places, presences, subscribers
from lachan.core.dates import BirthDate
from lachan.core.models import (
    Actor,
    ActorKind,
    Area,
    Person,
    Place,
    PlaceKind,
    PresenceSource,
    Residence,
    Role,
)
from lachan.core.persons import Identity
from lachan.core.presences import Stay
from lachan.systems.quarantine.commands import open_room
from lachan.systems.testing.commands import (
    ResultEntry,
    collect,
    enter_results,
    receive_batch,
    send_batch,
    verify_results,
)
from lachan.systems.testing.models import Result
from tests.rows import area_in

FIRST_DAY = date(2026, 11, 2)
TWO_LEVELS = date(2025, 7, 1)
MOVED_IN = datetime(2020, 1, 1, tzinfo=UTC)


def moment(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """`hour`:`minute` local time on a day of the story; day 0 is Monday 2 November 2026."""
    return clock.day_start(FIRST_DAY) + timedelta(days=day, hours=hour, minutes=minute)


@dataclass
class Town:
    """Two communes of one province; `here` has everything, `there` is another posting's area."""

    province: Area
    here: Area
    there: Area
    market: Place
    station: Place
    laboratory: Place
    site: Place
    system: Actor
    staff: dict[str, Actor] = field(default_factory=dict)
    tubes: int = 0

    def resident(
        self, name: str, *, home: Place | None = None, area: Area | None = None, sex: str = "f"
    ) -> Person:
        """Somebody who lives in `area` (here), alone or with those of `home`."""
        area = area or self.here
        identity = Identity(name=name, birth=BirthDate(1980, None, None), sex=sex, home_area=area)
        person = persons.register(identity, actor=self.system, at=moment(-30))
        home = home or self.household(area)
        Residence.objects.create(
            person=person,
            place=home,
            kind="household",
            period=DateTimeTZRange(MOVED_IN, None),
            recorded_at=moment(-30),
        )
        return person

    def household(self, area: Area | None = None) -> Place:
        return places.open_place(kind=PlaceKind.HOUSEHOLD, name="Hộ", area=area or self.here, at=MOVED_IN)

    def visit(
        self, person: Person, place: Place, start: datetime, *, minutes: int = 60, masked: bool = False
    ) -> None:
        """`person` was at `place`, as a scan would have left it."""
        stay = Stay(
            person_id=person.pk, place_id=place.pk, starts_at=start, ends_at=start + timedelta(minutes=minutes),
            masked=masked, source=PresenceSource.SCAN,
        )  # fmt: skip
        presences.record([stay], at=start)

    def test(
        self,
        *swabbed: Person,
        outcome: str,
        at: datetime,
        known_at: datetime | None = None,
        ct: float | None = None,
    ) -> Result:
        """One tube: collected `at`, sent, received; its result entered by one person and verified by a second at
        `known_at` (at once)."""
        known_at = known_at or at
        self.tubes += 1
        barcode = f"TUBE{self.tubes:06d}"
        tube = collect(
            barcode=barcode, persons=swabbed, place=self.station, assay="pcr", actor=self.staff["sampler"], at=at
        )  # fmt: skip
        batch = send_batch(
            tubes=[tube],
            laboratory=self.laboratory,
            from_place=self.station,
            actor=self.staff["sampler"],
            at=at,
        )
        receive_batch(batch=batch, rejections={}, actor=self.staff["lab_technician"], at=known_at)
        entry = ResultEntry(barcode=barcode, outcome=outcome, ct={"E": ct} if ct else {})
        [result] = enter_results(entries=[entry], actor=self.staff["lab_technician"], at=known_at)
        verify_results(results=[result], actor=self.staff["lab_verifier"], at=known_at)
        return result

    def loop(self, at: datetime) -> int:
        """Let the workers finish what waits; the number of events handled."""
        return subscribers.drain(at=at)


def build() -> Town:
    """The town, with one posting a role over `here` (laboratory and site staff at their place)."""
    system = actors.system(at=MOVED_IN)
    province = area_in(None, "48", "Thành phố Đà Nẵng", level=1, since=TWO_LEVELS)
    here = area_in(province, "20194", "Phường Hải Châu", since=TWO_LEVELS)
    there = area_in(province, "20305", "Phường An Hải", since=TWO_LEVELS)

    def opened(kind: PlaceKind, name: str) -> Place:
        return places.open_place(kind=kind, name=name, area=here, closed_space=True, at=MOVED_IN)

    town = Town(
        province=province, here=here, there=there, system=system,
        market=opened(PlaceKind.VENUE, "Chợ Hàn"), station=opened(PlaceKind.HEALTH_STATION, "Trạm y tế Hải Châu"),
        laboratory=opened(PlaceKind.LABORATORY, "Phòng xét nghiệm CDC"),
        site=opened(PlaceKind.QUARANTINE_SITE, "Ký túc xá phía Tây"),
    )  # fmt: skip
    for role in Role.values:
        town.staff[role] = staff_member(role, town)
    open_room(site=town.site, name="P.101", beds=2, actor=town.staff[Role.HEALTH_OFFICER], at=moment(-20))
    open_room(site=town.site, name="P.102", beds=2, actor=town.staff[Role.HEALTH_OFFICER], at=moment(-20))
    return town


def staff_member(role: str, town: Town, *, area: Area | None = None, suffix: str = "") -> Actor:
    """A user with one posting in `role`: at its place for those who work at one, else over `area` (here)."""
    user = User.objects.create_user(username=f"{role}{suffix}")
    actor = Actor.objects.create(kind=ActorKind.STAFF, name=role, user=user, created_at=MOVED_IN)
    at_a_place = {
        Role.LAB_TECHNICIAN: town.laboratory, Role.LAB_VERIFIER: town.laboratory, Role.SITE_MANAGER: town.site,
        Role.GATE_GUARD: town.market,
    }  # fmt: skip
    place = at_a_place.get(Role(role)) if area is None else None
    actors.post(actor, role, at=MOVED_IN, place=place, area=None if place else area or town.here)
    return actor
