"""Each look on rows of its own system: what it finds, where, how many, since when; and what it must not find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from lachan.centre.alarms import commands
from lachan.centre.alarms.queries import causes
from lachan.centre.alarms.rules.causes import KINDS, Cause
from lachan.centre.alarms.tests.conftest import NINE, commune, later, province
from lachan.centre.daily_counts.tests.conftest import list_of, sent
from lachan.centre.daily_counts.tests.conftest import province as counted_province
from lachan.centre.models import Alarm, Difference, Recount
from lachan.core import actors, areas, clock
from lachan.core.models import Area, Delivery, EventRow, Place
from lachan.systems.feedback.tests.conftest import filed, turn_of
from lachan.systems.quarantine.commands import assign_bed
from lachan.systems.quarantine.tests import conftest as isolation
from lachan.systems.testing.models import TestOrder
from lachan.systems.vaccination.commands import hold_lot, waste_doses
from lachan.systems.vaccination.models import Lot
from lachan.systems.vaccination.tests import conftest as stock
from tests.rows import residents

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 1, 11)


def told(found: Iterable[Cause]) -> list[tuple[int, int, int]]:
    return [(cause.area_id, cause.subject, cause.count) for cause in found]


def ordered(area: Area, number: int, *, due_on: date = YESTERDAY, **change: object) -> None:
    for person in residents(number, area=area, at=NINE):
        TestOrder.objects.create(
            person=person, assay="pcr", reason="contact-day", due_on=due_on, area=area, event_id=uuid4(),
            ordered_at=later(days=-5), **change,
        )  # fmt: skip


def test_overdue_tests_are_counted_by_the_unit_above_the_commune() -> None:
    ordered(commune(), 2, due_on=date(2026, 1, 9))
    ordered(commune("Phường An Hải"), 3)
    ordered(commune(), 4, due_on=date(2026, 1, 12))
    ordered(commune(), 5, cancelled_at=NINE, cancel_reason="released")
    [cause] = causes.overdue_tests(NINE)
    assert told([cause]) == [(province().pk, 0, 5)]
    assert cause.oldest_at == clock.day_start(date(2026, 1, 10))


def test_orders_past_their_end_are_counted() -> None:
    who = isolation.contact_under_order()
    ends_on = isolation.term_of(who).ends_on
    assert not list(causes.overdue_orders(clock.day_start(ends_on) - timedelta(minutes=1)))
    [cause] = causes.overdue_orders(clock.day_start(ends_on))
    assert (cause.count, cause.oldest_at) == (1, clock.day_start(ends_on))


def test_overdue_reports_are_counted_where_their_turn_is() -> None:
    report = filed("hardship", at=NINE)
    turn = turn_of(report)
    assert not list(causes.overdue_reports(turn.due_at - timedelta(seconds=1)))
    [cause] = causes.overdue_reports(turn.due_at)
    assert (cause.area_id, cause.count, cause.oldest_at) == (turn.area_id, 1, turn.due_at)


def test_a_site_is_full_when_its_last_bed_is_taken() -> None:
    site = isolation.site()
    room = isolation.room(site, beds=2)
    people = [isolation.contact_under_order(name=name) for name in ("Nguyễn Văn An", "Trần Văn Bình")]
    for person, label in zip(people, ("1", "2"), strict=True):
        assert not list(causes.full_sites(NINE))
        assign_bed(
            order=isolation.order_of(person), bed=isolation.bed_in(room, label), actor=isolation.officer(),
            from_at=isolation.NOON, at=isolation.NOON,
        )  # fmt: skip
    assert told(causes.full_sites(NINE)) == [(site.area_id, site.pk, 2)]


def test_a_store_without_beds_in_use_is_not_full() -> None:
    isolation.site()
    assert not list(causes.full_sites(NINE))


def used(doses: int) -> tuple[Place, Lot]:
    here = stock.store()
    lot = stock.received(here, doses=100)
    waste_doses(store=here, lot=lot, doses=doses, reason="broken", actor=stock.keeper(), at=stock.NOON)
    return here, lot


def test_a_store_runs_out_at_its_pace() -> None:
    at = stock.NOON + timedelta(hours=1)
    here, _lot = used(90)
    assert not list(causes.stock_outs(at))
    waste_doses(
        store=here,
        lot=stock.received(here, doses=50),
        doses=50,
        reason="broken",
        actor=stock.keeper(),
        at=stock.NOON,
    )
    assert told(causes.stock_outs(at)) == [(here.area_id, here.pk, 1)]
    assert not list(causes.stock_outs(at + timedelta(days=40)))


def test_what_is_held_is_no_supply() -> None:
    here, lot = used(20)
    at = stock.NOON + timedelta(hours=1)
    assert not list(causes.stock_outs(at))
    hold_lot(lot=lot, reason="fever", actor=stock.keeper(), at=stock.NOON)
    assert told(causes.stock_outs(at)) == [(here.area_id, here.pk, 1)]


def test_an_area_that_stops_sending_is_silent(tmp_path: Path) -> None:
    area = counted_province("24", "Tỉnh Bắc Ninh", since=date(2025, 7, 1))
    sent(tmp_path, list_of(*range(5, 24), first=date(2025, 12, 22)))  # until 9 January
    [cause] = causes.silent_areas(NINE)
    assert (cause.area_id, cause.count) == (area.pk, 2)
    assert cause.oldest_at == clock.day_start(date(2026, 1, 10))
    sent(tmp_path, list_of(7, first=date(2026, 1, 10)))
    assert not list(causes.silent_areas(NINE))


def test_numbers_that_wait_are_counted_by_province(tmp_path: Path) -> None:
    area = counted_province("24", "Tỉnh Bắc Ninh", since=date(2025, 7, 1))
    sent(tmp_path, list_of(40, 42, 38, 90_000, 44))
    assert told(causes.held_counts(NINE)) == [(area.pk, 0, 1)]


def test_events_set_aside_are_one_cause_of_the_country() -> None:
    filed()
    event = EventRow.objects.order_by("pk")[0]
    Delivery.objects.create(event=event, subscriber="tracing", handler="tracing.find", lane=0)
    assert not list(causes.parked_events(NINE))
    Delivery.objects.update(parked_at=NINE, tries=5)
    assert told(causes.parked_events(NINE)) == [(areas.country().pk, 0, 1)]


def recounted(*figures: int) -> None:
    made = Recount.objects.create(
        from_day=YESTERDAY, to_day=date(2026, 1, 12), made_at=NINE, events=1, cells=1
    )
    for counted in figures:
        Difference.objects.create(
            recount=made, area=province(), day=YESTERDAY, measure=f"m{counted}", counted=counted, recounted=0
        )


def test_only_the_last_recount_counts() -> None:
    recounted(3, 4)
    assert told(causes.counter_differences(NINE)) == [(areas.country().pk, 0, 2)]
    recounted()
    assert not list(causes.counter_differences(NINE))


def happened(kind: str, **facts: object) -> None:
    [person] = residents(1, area=commune(), at=NINE)
    EventRow.objects.create(
        id=uuid4(), kind=kind, version=1, person=person, actor=actors.system(at=NINE), ref="vaccination.reaction:5",
        facts=facts, happened_at=NINE, recorded_at=NINE,
    )  # fmt: skip


def test_a_serious_reaction_is_an_alarm_until_it_is_concluded() -> None:
    happened("SeriousReactionReported", reaction_id=5, dose_id=1, lot="L1")
    assert told(causes.serious_reactions(NINE)) == [(commune().pk, 5, 1)]
    happened("ReactionStepTaken", reaction_id=5, step="investigated")
    assert told(causes.serious_reactions(NINE)) == [(commune().pk, 5, 1)]
    happened("ReactionStepTaken", reaction_id=5, step="concluded")
    assert not list(causes.serious_reactions(NINE))


def test_every_kind_has_its_look() -> None:
    assert set(KINDS) == set(causes.LOOKS)


def test_a_look_at_everything_raises_what_it_finds(django_assert_max_num_queries: object) -> None:
    ordered(commune(), 4, due_on=date(2026, 1, 9))
    system = actors.system(at=NINE)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        made = commands.look(actor=system, at=NINE)
    assert (made.raised, made.gone) == (1, 0)
    assert Alarm.objects.get().kind == "overdue-tests"
    TestOrder.objects.update(cancelled_at=NINE, cancel_reason="released")
    assert commands.look(actor=system, at=later(hours=1)).ended == 1
