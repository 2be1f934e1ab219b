"""Two desks side by side, each with one object of every kind, so that doors can be tried from both sides.

Every person carries the canary: a name and numbers that may stand on a page for whoever may read them, and
nowhere else.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from lachan.centre.models import SituationReport
from lachan.core import access, clock, persons, places
from lachan.core.access import Purpose
from lachan.core.codes import new_code
from lachan.core.dates import BirthDate
from lachan.core.models import (
    AccessLog,
    Actor,
    ActorKind,
    Area,
    EventRow,
    Identifier,
    IdentifierKind,
    Person,
    PersonMerge,
    PlaceKind,
    Role,
)
from lachan.core.persons import Identity
from lachan.issuer.models import ForeignList, RecallRequest
from lachan.issuer.tests.conftest import Office, authority
from lachan.platform import citizens, exports
from lachan.platform.otp import VerifiedPhone
from lachan.platform.staff.models import PostingRequest
from lachan.portals.health_book.commands import ask_about_read
from lachan.portals.response_centre.commands import take_call, wish_call_back, write_note
from lachan.systems.arrivals.commands import Finding, Journey, Traveller, clear_arrival, declare_arrival
from lachan.systems.arrivals.models import ArrivalDeclaration, Gate
from lachan.systems.checkpoints.commands import record_scan, register_device, register_place
from lachan.systems.declarations.commands import Sender, submit_declaration
from lachan.systems.declarations.models import Diary
from lachan.systems.feedback.commands import Told, file_report, merge_duplicate
from lachan.systems.feedback.models import CallBack, Report
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
from lachan.systems.riskmap.commands import override_level, propose_levels
from lachan.systems.riskmap.queries import last_week
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
from lachan.systems.vaccination.commands import hold_lot, open_store, record_receipt, send_transfer
from tests.promises.scene_centre import count_numbers
from tests.promises.scene_line import vaccinate
from tests.promises.scene_vaccination import wait_for_vaccines
from tests.promises.scene_vessels import bring
from tests.town import MOVED_IN, Town, build, moment, staff_member

CANARY = re.compile(r"canary|kanari|97 ?531 ?24 ?6[89]|0[48]8099753124", re.IGNORECASE)
NOW = moment(21, 9)
NOBODY, NO_POSTING, NO_ACTOR = "anonymous", "no posting", "no actor"
HOLDER = "citizen"  # of the telephone noted for the people of a side
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
    work: dict[str, int] = field(default_factory=dict)

    def client(self, role: str, *, side: Side | None = None) -> Client:
        """A fresh browser, signed in as `role` of the own desk (or of another)."""
        client = Client(raise_request_exception=False)
        cookie = (side or self.own).sessions.get(role)
        if cookie is not None:
            client.cookies[citizens.COOKIE if role == HOLDER else settings.SESSION_COOKIE_NAME] = cookie
        return client

    def touched(self) -> set[str]:
        """Tables in which something differs from the scene, apart from logs, sessions and counts of tries."""
        now = _work_done()
        worked = [table for table, rows in now.items() if self.work.get(table) != rows]
        self.work = now
        return {table for table, mark in contents(worked).items() if self.whole.get(table) != mark}


LOGS = {"core_accesslog", "django_session", "platform_counter"}


def _work_done() -> dict[str, int]:
    """How many rows were written to each table since the transaction began, also by what was rolled back: a table of
    which no more were written since somebody looked is as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = current_schema() AND n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: rows for name, rows in cursor.fetchall() if name not in LOGS}


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
    """What happens within is taken back; what must not run in a transaction takes it for a test's."""
    within = transaction.atomic()
    within._from_testcase = True  # type: ignore[attr-defined]
    with within:
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
        " exposure handover notice quarantine_order ended_order proposal site bed read question"
        " device_open member staff_posting posting_request phone certificate record recall foreign_list signing_key"
        " report other_report joined_report photo_number call_back wish open_call shift_note reaction correction"
        " count_upload held_count counted_province alarm assigned_alarm"
        " vessel passenger_list transfer_list area situation_report vaccine_store vaccine_lot held_lot awaited_doses"
        " registration session registration_list"
        " line_session waiting_visit ready_visit watched_visit line_dose line_lot line_vial"
    )
    return dict.fromkeys(numbers.split(), 2_000_000_001) | {
        "area_code": "99999",
        "person": new_code(), "other_person": new_code(), "report_code": new_code(), "invitation": new_code(),
        "place": new_code(), "scan": str(uuid4()),
        "export": str(uuid4()), "declaration": new_code(), "diary": new_code(),
        "declaration_number": 2_000_000_001, "entry": new_code(), "entry_number": 2_000_000_001,
        "clearance": 2_000_000_001,
        "province_code": "NONE", **dict.fromkeys(("tube", "fresh_tube", "waiting_tube"), "NONE0001"),
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
            IdentifierKind.PHONE: _phone(town), IdentifierKind.NATIONAL_ID: f"04809975312{number}",
        },
    )  # fmt: skip
    return persons.register(identity, actor=town.system, at=moment(-30))


def _phone(town: Town) -> str:
    """One telephone for everybody of a side."""
    return f"+8497531246{9 if _is_mirror(town) else 8}"


def _is_mirror(town: Town) -> bool:
    return town.market.name == "Chợ An Hải"


def _situation_report(side: Side) -> int:
    kept = SituationReport.objects.create(
        area=side.town.here, day=NOW.date(), language="vi", as_of=NOW, pdf=b"%PDF", workbook=b""
    )
    return kept.pk


def _people_it(side: Side, number: int) -> None:
    town, things = side.town, side.things
    ill, met = _resident(town, "Xử Thị", number), _resident(town, "Xử Văn", number + 4)
    double = _resident(town, "Xử Thị", number + 6)
    officer = town.staff[Role.HEALTH_OFFICER]
    things |= {
        "person": ill.code,
        "other_person": met.code,
        "area": town.here.pk,
        "area_code": town.here.code,
        "place": town.market.code,
        "site": town.site.pk,
    }
    _sign_level(side)
    things["identifier"] = Identifier.objects.get(person=ill, kind=IdentifierKind.NATIONAL_ID).pk
    things["phone"] = Identifier.objects.get(person=ill, kind=IdentifierKind.PHONE).pk
    persons.merge(kept=ill, merged=double, reason="same papers", actor=officer, at=moment(1))
    things["merge"] = PersonMerge.objects.get(merged=double).pk
    _trace(side, ill, met)
    _test(side, ill, met)
    _isolate(side, ill, met)
    _scan(side, ill)
    _look(side, ill, met)
    _report(side)
    count_numbers(town, things, at=NOW)
    vaccinate(town, things, at=NOW)
    _ask_for_a_posting(side)
    _certify(side, ill)
    _declare(side, ill)
    _stock(side)
    wait_for_vaccines(town, things, ill, met, at=NOW)
    _export(side)


def _sign_level(side: Side) -> None:
    """The week before the last; the last one waits."""
    officer, area = side.town.staff[Role.HEALTH_OFFICER], side.town.here
    given: dict[str, Any] = {"week_on": last_week(NOW), "actor": officer, "at": NOW}
    propose_levels(root=area, **given)
    override_level(area=area, decided=2, reason="cluster at the market", **given)


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
    [ordered] = order_tests(requests=[ask], actor=sampler, at=moment(20))
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
        "test_order": ordered, "tube": tested.barcode, "batch": under_way.pk, "result": result.pk,
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


def _certify(side: Side, ill: Person) -> None:
    """A certificate that is signed, and a record that has none."""
    town, things = side.town, side.things
    row, private = authority(NOW - timedelta(days=60))
    office = Office(row, private, town.system, town.system, town.system, town.here, town.station)
    things["signing_key"] = office.key_in_use(NOW).pk
    signed, bare = (office.record(person=ill, happened_on=moment(10).date(), at=NOW) for _ in range(2))
    asked = RecallRequest.objects.create(
        scope="place", reason="fraud", evidence="inspection", place=town.station, starts_on=moment(9).date(),
        ends_on=moment(12).date(), certificates=21, asked_by=town.system, asked_at=NOW,
    )  # fmt: skip
    foreign = ForeignList.objects.create(
        country=("FR", "DE")[ForeignList.objects.count()], source="gateway", form="eu", digest=bytes(32), as_of=NOW,
        event_id=signed.event_id, loaded_by=town.system, loaded_at=NOW,
    )  # fmt: skip
    things |= {"certificate": office.issued(signed, at=NOW).pk, "record": bare.pk, "recall": asked.pk}
    things["foreign_list"] = foreign.pk


def _stock(side: Side) -> None:
    """A store under another of its area, with a lot, one that is held, and a transfer on its way to it."""
    officer, things = side.town.staff[Role.VACCINE_OFFICER], side.things
    things["situation_report"] = _situation_report(side)
    above = open_store(name="Kho tỉnh", area=side.town.here, actor=officer, at=moment(1))
    here = open_store(name="Kho huyện", area=side.town.here, parent=above, actor=officer, at=moment(1))
    good, held, sent = (
        record_receipt(
            store=store, product="vaxzevria", number=f"{word}{things['area']}", expires_on=date(2027, 3, 1), doses=100,
            actor=officer, at=moment(2),
        ).lot
        for store, word in ((here, "GOOD"), (here, "HELD"), (above, "SENT"))
    )  # fmt: skip
    hold_lot(lot=held, reason="fever", actor=side.town.system, at=moment(3))
    way = send_transfer(lot=sent, origin=above, destination=here, doses=20, actor=officer, at=moment(4))
    things |= {
        "vaccine_store": here.pk, "vaccine_lot": good.pk, "held_lot": held.pk, "awaited_doses": way.pk,
    }  # fmt: skip


def _report(side: Side) -> None:
    """Reports of citizens: two alike, one joined to another, one whose reporter is to be called back."""
    town, things = side.town, side.things

    def filed(category: str, text: str, phone: str = "") -> Report:
        told = Told(category=category, area=town.here, text=text, name="Xử Canary", phone=phone)
        return file_report(told=told, actor=town.system, at=NOW)

    one, other, joined, urgent = (
        filed("hardship", "No rice at the Canaries'"), filed("hardship", "No rice at the Canaries'"),
        filed("crowd", "A crowd"), filed("suspected", "Fever", phone=_phone(town)),
    )  # fmt: skip
    officer = town.staff[Role.HEALTH_OFFICER]
    merge_duplicate(duplicate=joined, kept=other, actor=officer, at=NOW)
    cause = EventRow.objects.get(kind="UrgentReportFiled", facts__report_id=urgent.pk)
    call = CallBack.objects.create(
        report=urgent, cause_event=cause, asked_at=NOW, due_at=NOW + timedelta(minutes=30)
    )
    things |= {
        "report": one.pk, "other_report": other.pk, "joined_report": joined.pk, "report_code": one.code,
        "call_back": call.pk, "photo_number": 1,
    }  # fmt: skip
    _answer_calls(side)
    _enter(side)


def _answer_calls(side: Side) -> None:
    """The response centre: one who waits, a call that its agent has open, a note of the shift before."""
    town = side.town
    wish = wish_call_back(area=town.here, phone=_phone(town), subject="health", actor=town.system, at=NOW)
    agent = town.staff[Role.CALL_AGENT]
    call = take_call(area=town.here, phone=_phone(town), subject="health", actor=agent, at=NOW)
    note = write_note(area=town.here, text="Xử Canary called twice", actor=town.system, at=NOW)
    side.things |= {"wish": wish.pk, "open_call": call.pk, "shift_note": note.pk}


def _enter(side: Side) -> None:
    """A border gate in the commune; a traveller who is expected there, and one who was cleared."""
    town = side.town
    place = places.open_place(kind=PlaceKind.BORDER_GATE, name="Cửa khẩu", area=town.here, at=MOVED_IN)
    gate = Gate.objects.create(
        code=f"gate-{town.here.code}", name="Cửa khẩu", kind="air", province_code="48", area=town.here, place=place,
        loaded_at=MOVED_IN,
    )  # fmt: skip
    entries = [_entry(town, gate, number) for number in range(2)]
    officer = town.staff[Role.BORDER_OFFICER]
    done = clear_arrival(
        declaration=entries[1], gate=gate, finding=Finding(temperature=Decimal("36.6")), actor=officer, at=NOW
    )
    side.things |= {"entry": entries[0].code, "entry_number": entries[0].pk, "clearance": done.pk}
    bring(town, side.things, gate, done, at=NOW)


def _entry(town: Town, gate: Gate, number: int) -> ArrivalDeclaration:
    today = NOW.date()
    journey = Journey(
        gate=gate, document_number=f"C480997{number}{int(_is_mirror(town))}", nationality="FRA", vehicle="VN18",
        departed_on=today, arrives_on=today, from_country="FRA", destination_area=town.here,
        destination_address="12 Ngõ Kanari", phone=_phone(town),
    )  # fmt: skip
    about = Identity(name="Entry Canary", birth=BirthDate(1980, 4, 8), sex="f")
    return declare_arrival(journey=journey, about=about, key=uuid4(), sender=Traveller(), at=NOW)


def _declare(side: Side, ill: Person) -> None:
    """A declaration taken at the desk, and the diary of the open order."""
    town, things = side.town, side.things
    sender = Sender(channel="paper", provenance="assisted", actor=town.staff[Role.COMMUNE_OFFICER])
    given = dict.fromkeys(("travelled", "contact_case", "contact_abroad", "contact_ill"), False)
    made = submit_declaration(
        form="general", about=ill, given=given, key=uuid4(), sender=sender, made_at=moment(20), at=moment(20)
    )
    number = things["quarantine_order"]
    Diary.objects.filter(order_number=number).delete()
    diary = Diary.objects.create(
        order_number=number, person=ill, code=new_code(), opened_at=moment(17), starts_on=moment(17).date(),
        ends_on=moment(28).date(),
    )  # fmt: skip
    things |= {"declaration": made.code, "declaration_number": made.pk, "diary": diary.code}


def _export(side: Side) -> None:
    """The line list of the health officer, written."""
    [posting] = side.town.staff[Role.HEALTH_OFFICER].postings.select_related("area", "actor")
    line_list = exports.source_of("tracing.line-list")
    asked = exports.ask(posting=posting, source=line_list, ending="csv", filters={}, at=NOW)
    exports.write(asked.pk, at=NOW)
    side.things["export"] = str(asked.pk)


def _look(side: Side, ill: Person, met: Person) -> None:
    """Looks at both records; about one of them its person asks; the book stands open on two devices."""
    town, things = side.town, side.things
    posting = town.staff[Role.TRACER].postings.get()
    access.note_reads([ill.pk, met.pk], posting, purpose=Purpose.TRACING, part="case", at=moment(20))
    asked, things["read"] = (AccessLog.objects.filter(person=p).latest("pk") for p in (met, ill))
    things["read"] = things["read"].pk
    reader = citizens.actor_of(ill, at=moment(20))
    question = ask_about_read(read=asked, person=met, text="Why?", actor=reader, at=moment(20, 9))
    phone = VerifiedPhone(_phone(town), "health-book", NOW)
    held, token = citizens.start(phone, device="Chrome", at=NOW)
    citizens.be(held, ill)
    answer = HttpResponse()
    citizens.remember(answer, token)
    side.sessions[HOLDER] = answer.cookies[citizens.COOKIE].value
    things |= {"question": question.pk, "device_open": citizens.start(phone, device="Firefox", at=NOW)[0].pk}


def _ask_for_a_posting(side: Side) -> None:
    """A member of staff for whom an administrator asks for what takes two."""
    town, member = side.town, side.town.staff[Role.TRACER]
    asked = PostingRequest.objects.create(
        member=member, role=Role.ADMINISTRATOR, area=town.here, starts_at=NOW, asked_at=NOW,
        asked_by=town.staff[Role.HEALTH_OFFICER],
    )  # fmt: skip
    side.things |= {
        "member": member.pk, "staff_posting": member.postings.get().pk, "posting_request": asked.pk,
        "link_uid": "MQ", "link_token": "x-y",
    }  # fmt: skip


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
    suffix = "-there" if _is_mirror(side.town) else ""
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
