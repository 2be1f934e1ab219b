"""A traveller declares at home, is decided about at the gate, and everything else follows without anybody's further
work: the order with its basis, its tests, the message, the stop at a checkpoint; a corrected decision takes it back."""

from datetime import timedelta

import pytest
from django.test import Client

from lachan.core import actors, clock
from lachan.core.models import Actor, ActorKind, Role
from lachan.platform import policies
from lachan.platform.models import Message
from lachan.systems.arrivals.commands import load_gates
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Gate
from lachan.systems.checkpoints.commands import record_scan
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.testing.models import TestOrder
from tests.rows import browser_of
from tests.town import Town, moment

pytestmark = pytest.mark.django_db
MORNING = moment(1, 8)


def gate_desk() -> Client:
    rules = policies.at(clock.local_date(MORNING)).arrivals
    assert rules is not None
    load_gates(listed=rules.gates, at=MORNING)
    officer = Actor.objects.create(kind=ActorKind.STAFF, name="officer at the gate", created_at=MORNING)
    place = Gate.objects.get(code="DAD").place
    return browser_of(actors.post(officer, Role.BORDER_OFFICER, at=moment(-1), place=place))


def declare(town: Town, country: str = "UTO") -> ArrivalDeclaration:
    browser = Client(headers={"accept-language": "en"})
    today = clock.local_date(MORNING)
    sent = {
        "name": "ERIKSSON ANNA MARIA", "birth": "12/8/1974", "sex": "f", "nationality": "UTO",
        "document_kind": "passport", "document_number": "L898902C3", "gate": "DAD", "transport": "plane",
        "vehicle": "VN431", "seat": "10A", "departed_on": f"{today:%d/%m/%Y}", "arrives_on": f"{today:%d/%m/%Y}",
        "from_country": country, "area": town.here.name, "area_id": str(town.here.pk), "address": "12 Bạch Đằng",
        "phone": "+46701234567",
    }  # fmt: skip
    page = browser.post("/entry/", sent)
    assert page.status_code == 200, page.content.decode()[-3000:]
    assert browser.post("/entry/confirm", {"draft": page.context["draft"], "without": "1"}).status_code == 303
    return ArrivalDeclaration.objects.get()


def test_what_the_gate_decides_becomes_order_tests_message_and_a_stop(town: Town) -> None:
    with clock.frozen(MORNING):
        desk = gate_desk()
        made = declare(town, country="FRA")
        found = desk.post("/arrivals/counter", {"typed": made.short_code})
        assert desk.post(found["Location"], {"typed": "366"}).status_code == 303
        town.loop(MORNING)
    done, today = Clearance.objects.get(), clock.local_date(MORNING)
    assert (done.duty, done.days) == ("home", 7)
    term = OrderTerm.objects.get(order__person=made.person)
    assert (term.subject, term.kind, term.policy_id) == ("arrival", "home", done.rule_id)
    assert (term.starts_on, term.ends_on) == (today, today + timedelta(days=7))
    days = TestOrder.objects.filter(person=made.person).order_by("due_on").values_list("due_on", flat=True)
    assert list(days) == [today + timedelta(days=3), today + timedelta(days=7)]
    assert Message.objects.get(person=made.person).template == "order-entry-home"
    with clock.frozen(MORNING):
        again = {"typed": "366", "duty": "none", "reason": "diplomat", "correct": str(done.pk)}
        assert desk.post(found["Location"], again).status_code == 303
        town.loop(MORNING)
    assert Order.objects.get(person=made.person).closed_how == "lifted"
    assert not TestOrder.objects.filter(person=made.person, cancelled_at__isnull=True).exists()
    assert {m.template for m in Message.objects.filter(person=made.person)} == {
        "order-entry-home",
        "order-lifted",
    }


def test_of_a_traveller_from_the_country_of_a_variant_the_shop_knows_the_same_day(town: Town) -> None:
    with clock.frozen(MORNING):
        desk = gate_desk()
        made = declare(town)
        found = desk.post("/arrivals/counter", {"typed": "L898902C3"})
        desk.post(found["Location"], {"typed": "36,6"})
        town.loop(MORNING)
    assert OrderTerm.objects.get(order__person=made.person).kind == "facility"
    scan = record_scan(
        place=town.market,
        payload=made.person.code,
        actor=town.staff[Role.GATE_GUARD],
        at=MORNING + timedelta(hours=1),
    )
    assert (scan.verdict, scan.reason) == ("stop", "under-order")
