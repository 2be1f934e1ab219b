"""Two desks side by side, each with one object of every kind, so that doors can be tried from both sides.

Every person carries the canary: a name and numbers that may stand on a page for whoever may read them, and
nowhere else.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from lachan.core import clock, persons, places
from lachan.core.codes import new_code
from lachan.core.dates import BirthDate
from lachan.core.models import (
    Actor,
    ActorKind,
    Area,
    Identifier,
    IdentifierKind,
    Person,
    PersonMerge,
    PlaceKind,
    Role,
)
from lachan.core.persons import Identity
from lachan.systems.checkpoints.commands import record_scan, register_device, register_place
from lachan.systems.quarantine.commands import (
    assign_bed,
    open_room,
    propose_early_release,
    record_reading,
    second_sign,
    send_to_site,
)
from lachan.systems.quarantine.commands.monitoring import Measured
from lachan.systems.quarantine.models import Bed, Order
from lachan.systems.testing.commands import (
    ResultEntry,
    TestRequest,
    collect,
    enter_results,
    order_tests,
    receive_batch,
    send_batch,
)
from lachan.systems.testing.models import Result
from lachan.systems.tracing.commands import calls, cases, handovers, interviews
from lachan.systems.tracing.models import CallOutcome, Contact, CrowdNotice
from tests.town import MOVED_IN, Town, build, moment, staff_member

CANARY = re.compile(r"canary|kanari|97 ?531 ?24 ?68|0[48]8099753124", re.IGNORECASE)
NOW = moment(21, 9)
NOBODY, NO_POSTING, NO_ACTOR = "anonymous", "no posting", "no actor"
STAFF = [*Role.values]


@dataclass
class Side:
    """A desk with its people (`sessions`: a cookie for each role) and one object of each kind (`things`)."""

    town: Town
    things: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)


@dataclass
class Scene:
    own: Side
    other: Side
    missing: dict[str, Any]
    whole: dict[str, str] = field(default_factory=dict)

    def client(self, role: str, *, side: Side | None = None) -> Client:
        """A fresh browser, signed in as `role` of the own desk (or of another)."""
        client = Client(raise_request_exception=False)
        cookie = (side or self.own).sessions.get(role)
        if cookie is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        return client

    def touched(self) -> set[str]:
        """Tables in which something differs from the scene, apart from the log of reads and sessions."""
        return {table for table, mark in contents(_worked_on()).items() if self.whole.get(table) != mark}


LOGS = {"core_accesslog", "django_session"}


def _worked_on() -> list[str]:
    """Tables written to since the transaction began, also by what was rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_xact_user_tables WHERE schemaname = current_schema()"
            " AND n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return [name for (name,) in cursor.fetchall() if name not in LOGS]


def contents(tables: list[str]) -> dict[str, str]:
    """A digest of all rows of each table."""
    if not tables:
        return {}
    one = "SELECT '{0}', coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def scene() -> Iterator[Scene]:
    """The scene, within a transaction that never commits."""
    with transaction.atomic(), clock.frozen(NOW):
        here = build()
        made = Scene(Side(here), Side(_mirror(here)), _missing())
        for number, side in enumerate((made.own, made.other)):
            _people_it(side, number)
        for side, opposite in ((made.own, made.other), (made.other, made.own)):
            _hand_over(side, opposite)
            _sign_in(side)
        made.whole = contents(_tables())
        yield made
        transaction.set_rollback(True)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema()")
        return [name for (name,) in cursor.fetchall() if name not in LOGS]


def _missing() -> dict[str, Any]:
    """What no object has: well-formed, and nobody's."""
    numbers = (
        "merge identifier device test_order batch result result_in_force fresh_number laboratory case finding contact"
        " exposure handover notice quarantine_order ended_order proposal site bed"
    )
    return dict.fromkeys(numbers.split(), 2_000_000_001) | {
        "person": new_code(), "other_person": new_code(), "place": new_code(), "scan": str(uuid4()),
        **dict.fromkeys(("tube", "fresh_tube", "waiting_tube"), "NONE0001"),
    }  # fmt: skip


def _mirror(here: Town) -> Town:
    def opened(kind: PlaceKind, name: str) -> Any:
        return places.open_place(kind=kind, name=name, area=here.there, closed_space=True, at=MOVED_IN)

    town = Town(
        province=here.province, here=here.there, there=here.here, system=here.system, tubes=500,
        market=opened(PlaceKind.VENUE, "Chợ An Hải"), station=opened(PlaceKind.HEALTH_STATION, "Trạm y tế An Hải"),
        laboratory=opened(PlaceKind.LABORATORY, "Phòng xét nghiệm 199"),
        site=opened(PlaceKind.QUARANTINE_SITE, "Ký túc xá phía Đông"),
    )  # fmt: skip
    for role in STAFF:
        town.staff[role] = staff_member(role, town, suffix="-there")
    for room in ("Q.1", "Q.2"):
        open_room(site=town.site, name=room, beds=2, actor=town.staff[Role.HEALTH_OFFICER], at=moment(-20))
    return town


def _resident(town: Town, name: str, number: int) -> Person:
    identity = Identity(
        name=f"{name} Canary", birth=BirthDate(1980, 4, 8), sex="f", home_area=town.here, address="12 Ngõ Kanari",
        identifiers={
            IdentifierKind.PHONE: "+84975312468", IdentifierKind.NATIONAL_ID: f"04809975312{number}",
        },
    )  # fmt: skip
    return persons.register(identity, actor=town.system, at=moment(-30))


def _people_it(side: Side, number: int) -> None:
    town, things = side.town, side.things
    ill, met = _resident(town, "Xử Thị", number), _resident(town, "Xử Văn", number + 4)
    double = _resident(town, "Xử Thị", number + 6)
    officer = town.staff[Role.HEALTH_OFFICER]
    things |= {
        "person": ill.code,
        "other_person": met.code,
        "area": town.here.pk,
        "place": town.market.code,
        "site": town.site.pk,
    }
    things["identifier"] = Identifier.objects.get(person=ill, kind=IdentifierKind.NATIONAL_ID).pk
    persons.merge(kept=ill, merged=double, reason="same papers", actor=officer, at=moment(1))
    things["merge"] = PersonMerge.objects.get(merged=double).pk
    _trace(side, ill, met)
    _test(side, ill, met)
    _isolate(side, ill, met)
    _scan(side, ill)


def _trace(side: Side, ill: Person, met: Person) -> None:
    town, things = side.town, side.things
    tracer = town.staff[Role.TRACER]
    report = cases.Report(symptoms=("fever", "cough"), onset_on=moment(14).date(), note="")
    case = cases.report_case(person=ill, report=report, actor=tracer, at=moment(15))
    town.test(ill, outcome="positive", at=moment(15, 9), known_at=moment(16), ct=21.5)
    town.loop(moment(16, 9))
    named = interviews.NamedContact(
        person=met, setting="friend", starts_at=moment(14, 9), ends_at=moment(14, 11), masked=False
    )
    [exposure] = interviews.add_exposures(case=case, contacts=[named], actor=tracer, at=moment(16, 10))
    town.loop(moment(16, 11))
    contact = Contact.objects.get(person=met)
    calls.record_call(contact=contact, outcome=CallOutcome.NO_ANSWER, actor=tracer, at=moment(17))
    notice = CrowdNotice.objects.create(
        case=case,
        place=town.market,
        from_at=moment(14, 8),
        until_at=moment(14, 9),
        people=900,
        found_at=moment(16),
    )
    things |= {
        "case": case.pk, "finding": case.findings.filter(kind="symptoms").get().pk, "contact": contact.pk,
        "exposure": exposure.pk, "notice": notice.pk,
    }  # fmt: skip


def _test(side: Side, ill: Person, met: Person) -> None:
    """Tubes at every station of their way: taken, sent, received, with a result that waits, with one in force."""
    town, things = side.town, side.things
    sampler, technician = town.staff[Role.SAMPLER], town.staff[Role.LAB_TECHNICIAN]
    ask = TestRequest(person_id=met.pk, assay="pcr", reason="indicated", due_on=moment(21).date())
    [order] = order_tests(requests=[ask], actor=sampler, at=moment(20))
    fresh, sent, received, tested = (
        collect(
            barcode=f"{word}{things['area']:06d}", persons=[ill], place=town.station, assay="pcr", actor=sampler,
            at=moment(20),
        )
        for word in ("FRESH", "SENT", "HERE", "DONE")
    )  # fmt: skip
    under_way, arrived = (
        send_batch(
            tubes=tubes, laboratory=town.laboratory, from_place=town.station, actor=sampler, at=moment(20, 9)
        )
        for tubes in ([sent], [received, tested])
    )
    receive_batch(batch=arrived, rejections={}, actor=technician, at=moment(20, 10))
    entry = ResultEntry(barcode=tested.barcode, outcome="negative")
    [result] = enter_results(entries=[entry], actor=technician, at=moment(20, 12))
    verified = Result.objects.filter(tube__members__person=ill, verified_at__isnull=False).get()
    things |= {
        "test_order": order.pk, "tube": tested.barcode, "batch": under_way.pk, "result": result.pk,
        "result_in_force": verified.pk, "fresh_tube": fresh.barcode, "fresh_number": fresh.pk,
        "waiting_tube": received.barcode, "laboratory": town.laboratory.pk,
    }  # fmt: skip


def _isolate(side: Side, ill: Person, met: Person) -> None:
    town, things = side.town, side.things
    manager, officer = town.staff[Role.SITE_MANAGER], town.staff[Role.COMMUNE_OFFICER]
    order, over = (Order.objects.get(person=p, closed_at__isnull=True) for p in (ill, met))
    send_to_site(orders=[order, over], site=town.site, actor=manager, at=moment(17))
    first, second, *_rest = Bed.objects.filter(room__parent=town.site).order_by("pk")
    assign_bed(order=order, bed=first, from_at=moment(17), actor=manager, at=moment(17))
    measured = Measured(taken_at=moment(18), temperature=None, spo2=97, pulse=None, breaths=None, symptoms=())
    record_reading(order=order, measured=measured, actor=manager, at=moment(18))
    proposal = propose_early_release(order=order, reason="twin at home", actor=officer, at=moment(20))
    agreed = propose_early_release(order=over, reason="goes abroad", actor=officer, at=moment(20))
    second_sign(decision=agreed, agreed=True, actor=town.staff[Role.HEALTH_OFFICER], at=moment(20, 9))
    things |= {
        "quarantine_order": order.pk,
        "ended_order": over.pk,
        "bed": second.pk,
        "proposal": proposal.pk,
    }


def _scan(side: Side, ill: Person) -> None:
    town, things = side.town, side.things
    officer = town.staff[Role.HEALTH_OFFICER]
    made = register_place(
        kind="venue", name="Quán cà phê", area=town.here, phone="+842363000111", actor=officer, at=moment(3)
    )
    device, token = register_device(place=made.place, name="gate", actor=officer, at=moment(3))
    scan = record_scan(place=made.place, payload="no code at all", actor=officer, at=moment(20))
    record_scan(place=town.market, payload=ill.code, actor=officer, at=moment(20))
    things |= {"place": made.place.code, "device": device.pk, "token": token, "scan": str(scan.pk)}


def _hand_over(side: Side, opposite: Side) -> None:
    """Something that touches nobody but those two areas and a third: what is handed over may be seen there."""
    town = side.town
    third = Area.objects.create(
        code=f"9{town.here.code}", level=3, name="Phường Ba", search_key="phuong ba", parent=town.province,
        path=f"{town.province.path}9{town.here.pk}/", valid_from=date(2025, 7, 1),
    )  # fmt: skip
    ill = _resident(town, "Xử Thị Ba", 8)
    Person.objects.filter(pk=ill.pk).update(home_area=third)
    tracer = town.staff[Role.TRACER]
    report = cases.Report(symptoms=("fever", "cough"))
    case = cases.report_case(person=ill, report=report, actor=tracer, at=moment(19))
    sent = handovers.send_handover(
        from_area=third, to_area=town.here, reason="lives there", case=case, actor=tracer, at=moment(19, 9)
    )
    side.things["handover"] = sent.pk


def _sign_in(side: Side) -> None:
    suffix = "-there" if side.town.market.name == "Chợ An Hải" else ""
    bare = User.objects.create_user(username=f"bare{suffix}")
    unposted = Actor.objects.create(
        kind=ActorKind.STAFF, name="unposted", created_at=MOVED_IN,
        user=User.objects.create_user(username=f"unposted{suffix}"),
    )  # fmt: skip
    users = {role: actor.user for role, actor in side.town.staff.items()}
    for role, user in (users | {NO_ACTOR: bare, NO_POSTING: unposted.user}).items():
        client = Client()
        assert user is not None
        client.force_login(user)
        side.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
