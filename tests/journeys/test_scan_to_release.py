"""From a scan to a release: the product's main story, without mocks.

Hoa spends an hour at the market next to Ba. Two days later Hoa is swabbed; the result is positive. Within the same
minute Ba, and everybody at Ba's home, is known, ordered, booked for tests and told; days later they are free again,
and each step can say why it happened.
"""

import pytest

from lachan.core import eventlog, subscribers
from lachan.core.events import ContactFound, Event, OrderIssued, PersonReleased, ResultReported, TestOrdered
from lachan.core.models import Delivery, EventRow, Person
from lachan.platform.models import Message
from lachan.site.trace import tree
from lachan.systems.quarantine.commands import assign_beds_automatically, release, send_to_site
from lachan.systems.quarantine.models import Order
from lachan.systems.testing.commands import amend_result, verify_results
from lachan.systems.testing.models import TestOrder
from tests.town import Town, moment

pytestmark = pytest.mark.django_db


def open_order(person: Person) -> Order | None:
    return Order.objects.filter(person=person, closed_at__isnull=True).first()


def term(order: Order) -> tuple[str, str]:
    current = order.terms.get(superseded_at__isnull=True)
    return current.subject, current.kind


def days_of_tests(person: Person) -> list[int]:
    """Days of the story on which a test of this person is due."""
    due = TestOrder.objects.filter(person=person, cancelled_at__isnull=True, sample__isnull=True)
    return sorted((d - moment(0).date()).days for d in due.values_list("due_on", flat=True))


def causes(person: Person, kind: type[Event]) -> list[str]:
    """The kinds of events that led to the person's last event of a kind, nearest first."""
    last = eventlog.of_person(person.pk, [kind])[-1]
    return [e.kind for e in eventlog.chain(last.id)]


def test_from_a_scan_to_the_release(town: Town) -> None:
    home = town.household()
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", home=home, sex="m")
    tu = town.resident("Lê Thị Tư", home=home)
    stranger = town.resident("Phạm Văn Năm")

    # Day 0: two scans at the same hour, one at another.
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9, 15))
    town.visit(stranger, town.market, moment(0, 14))

    # Day 2: Hoa is swabbed; next morning the result is verified. The loop does the rest.
    town.test(hoa, outcome="positive", at=moment(2, 8), known_at=moment(3, 8))
    town.loop(moment(3, 8, 1))
    assert not Delivery.objects.exists()

    # Ba is an F1, not vaccinated: facility. Tư lives with Ba: F2, at home. The stranger is nobody's contact.
    for person, expected in ((hoa, ("F0", "facility")), (ba, ("F1", "facility")), (tu, ("F2", "home"))):
        order = open_order(person)
        assert order is not None
        assert term(order) == expected
    assert open_order(stranger) is None

    # Tests stand on the policy's days after the last contact, and everybody was told once.
    assert days_of_tests(ba) == [3, 7, 14]
    assert Message.objects.filter(person=ba).count() == 1
    assert Message.objects.filter(person=tu).count() == 1

    # Why? Tư's order leads back to Hoa's swab.
    assert causes(tu, OrderIssued)[-5:] == [
        "ContactFound", "ContactFound", "CaseConfirmed", "ResultReported", "SampleCollected",
    ]  # fmt: skip

    # Ba gets a bed.
    ba_order = open_order(ba)
    assert ba_order is not None
    manager = town.staff["site_manager"]
    send_to_site(orders=[ba_order], site=town.site, actor=manager, at=moment(3, 9))
    placed = assign_beds_automatically(site=town.site, actor=manager, at=moment(3, 9))
    assert [stay.order for stay in placed.stays] == [ba_order]

    # Ba's first negative clears Tư (F2); Ba stays until the days and the tests are done.
    town.test(ba, outcome="negative", at=moment(4, 8))
    town.loop(moment(4, 9))
    assert open_order(tu) is None
    assert open_order(ba) is not None
    for day in (7, 14):
        town.test(ba, outcome="negative", at=moment(day, 8))
        town.loop(moment(day, 9))
    outcome = release(orders=[ba_order], actor=manager, at=moment(14, 10))
    assert [decision.order_id for decision in outcome.released] == [ba_order.pk]
    town.loop(moment(14, 10))
    assert causes(ba, PersonReleased)
    assert open_order(ba) is None


def test_an_amended_result_takes_everything_back_with_the_reason(town: Town) -> None:
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9))
    result = town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    order = open_order(ba)
    assert order is not None

    amended = amend_result(
        result=result, outcome="negative", ct={}, reason="tubes were mixed up", actor=town.staff["lab_technician"],
        at=moment(2, 12),
    )  # fmt: skip
    verify_results(results=[amended], actor=town.staff["lab_verifier"], at=moment(2, 13))
    town.loop(moment(2, 13))

    assert open_order(ba) is None
    assert open_order(hoa) is None
    assert days_of_tests(ba) == []
    order.refresh_from_db()
    assert order.closing_event is not None
    told = eventlog.from_row(order.closing_event)
    assert told.kind == "OrderLifted"
    assert [e.kind for e in eventlog.chain(told.id)][1:4] == [
        "ContactCleared",
        "CaseWithdrawn",
        "ResultAmended",
    ]


def test_a_positive_pool_is_nobodys_result_until_each_was_tested(town: Town) -> None:
    three = [town.resident(name) for name in ("Đỗ Thị Một", "Đỗ Thị Hai", "Đỗ Thị Ba")]
    town.test(*three, outcome="positive", at=moment(1, 8))
    town.loop(moment(1, 8, 1))
    for person in three:
        assert not eventlog.of_person(person.pk, [ResultReported])
        assert len(eventlog.of_person(person.pk, [TestOrdered])) == 1
        assert open_order(person) is None

    town.test(three[0], outcome="positive", at=moment(1, 12))
    town.test(three[1], outcome="negative", at=moment(1, 12))
    town.loop(moment(1, 12, 1))
    assert open_order(three[0]) is not None
    assert open_order(three[1]) is None


def test_being_told_twice_changes_nothing(town: Town) -> None:
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    before = EventRow.objects.count(), Message.objects.count()

    from lachan.core.subscriptions import loop

    for on in loop().table:
        told = [eventlog.from_row(r) for r in EventRow.objects.filter(kind=on.event.__name__).order_by("id")]
        if wanted := [e for e in told if on.wants(e)]:
            on.do(wanted, moment(2, 8, 2))
    subscribers.drain(at=moment(2, 8, 3))
    assert (EventRow.objects.count(), Message.objects.count()) == before


def test_the_chain_of_causes_reads_as_a_tree(town: Town) -> None:
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    order = open_order(ba)
    assert order is not None
    kinds = [(n.depth, n.event.kind) for n in tree(f"order:{order.pk}")]
    assert [k for _, k in kinds[:5]] == [
        "SampleCollected", "ResultReported", "CaseConfirmed", "ContactFound", "OrderIssued",
    ]  # fmt: skip
    assert [d for d, _ in kinds[:5]] == [0, 1, 2, 3, 4]
    assert {k for d, k in kinds if d == 5} == {"TestOrdered"}
    assert ContactFound.__name__ in {n.event.kind for n in tree(ba.code)}
