"""Everybody who has had a recalled lot is told once, by text or by a call."""

import pytest
from django.db import IntegrityError, transaction

from lachan.core import eventlog, persons
from lachan.core.events import RecallNoticeGiven
from lachan.core.ids import uuid7
from lachan.core.models import EventRow
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotTell
from lachan.systems.vaccination.models import Dose, Lot, RecallNotice, RecallRound
from lachan.systems.vaccination.queries.recalling import had_lot, reached
from lachan.systems.vaccination.tests import line_rows, people
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper, received, store
from lachan.systems.vaccination.tests.recalls import given_to, recall, recalled, three

pytestmark = pytest.mark.django_db


def tell(lot: Lot) -> RecallRound:
    row = commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    commands.finish_round(row.pk, at=NOON)
    row.refresh_from_db()
    return row


def test_all_who_had_it_are_told_and_who_has_no_number_is_to_be_called() -> None:
    first, second, silent = three()
    lot = recalled(first, second, silent)
    row = tell(lot)
    ways = dict(RecallNotice.objects.values_list("person", "way"))
    assert ways == {first.pk: "text", second.pk: "text", silent.pk: "call"}
    found = reached(lot)
    assert (found.people, found.told, found.without_phone, found.waiting, found.running) == (
        3,
        2,
        1,
        0,
        False,
    )
    [event] = eventlog.of_person(silent.pk, [RecallNoticeGiven])
    assert (event.number, event.way, event.caused_by) == (lot.number, "call", row.asked)


def test_a_second_round_tells_only_who_was_found_since() -> None:
    first, second, _ = three()
    lot = recalled(first)
    tell(lot)
    line_rows.earlier(second, TODAY.replace(day=3))
    Dose.objects.filter(person=second).update(lot_number=lot.number, product=lot.product)  # from papers
    assert reached(lot).waiting == 1
    tell(lot)
    before, after = reached(lot).rounds
    assert (before.told, before.already) == (1, 0)
    assert (after.told, after.already) == (1, 1)
    tell(lot)
    assert RecallNotice.objects.count() == EventRow.objects.filter(kind="RecallNoticeGiven").count() == 2


def test_a_dose_that_was_withdrawn_or_is_of_another_product_tells_nobody() -> None:
    first, second, third = three()
    here = given_to(first, second)
    assert here.lot is not None
    commands.withdraw_dose(dose=Dose.objects.get(person=first), reason="nhầm", actor=keeper(), at=NOON)
    line_rows.earlier(third, TODAY.replace(day=3), product="vaxzevria")
    Dose.objects.filter(person=third).update(lot_number=here.lot.number)
    assert had_lot(recall(here.lot)) == [second.pk]


def test_two_records_that_were_joined_are_told_once_by_the_number_of_either() -> None:
    numbered, bare = people.person(), people.person(phone="")
    lot = recalled(bare)
    persons.merge(kept=bare, merged=numbered, reason="một người", actor=keeper(), at=NOON)
    tell(lot)
    assert RecallNotice.objects.get().way == "text"
    other = people.person(phone="")
    persons.merge(kept=other, merged=bare, reason="một người", actor=keeper(), at=NOON)
    tell(lot)
    assert RecallNotice.objects.count() == 1
    assert (reached(lot).people, reached(lot).waiting) == (1, 0)


def test_a_round_cut_short_goes_on_and_one_that_is_finished_tells_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lachan.systems.vaccination.commands.recalling.BATCH", 1)
    lot = recalled(*three())
    row = commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    pauses = iter([None, None])
    with monkeypatch.context() as cut:
        cut.setattr("lachan.platform.jobs.go_on", lambda: next(pauses))
        with pytest.raises(StopIteration):
            commands.finish_round(row.pk, at=NOON)
    assert RecallNotice.objects.count() == 2
    commands.finish_round(row.pk, at=NOON)
    [only] = reached(lot).rounds
    assert (only.told + only.without_phone, only.already, only.finished_at) == (3, 0, NOON)
    commands.finish_round(row.pk, at=NOON)
    assert RecallNotice.objects.count() == 3


def test_nobody_is_told_of_a_lot_that_is_only_held_and_no_two_rounds_run() -> None:
    lot = received(store())
    commands.hold_lot(lot=lot, reason="sốt", actor=keeper(), at=NOON)
    with pytest.raises(CannotTell) as refusal:
        commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    assert refusal.value.code == "not-recalled"
    commands.recall_lot(lot=lot, reason="văn bản", actor=keeper(), at=NOON)
    commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    with pytest.raises(CannotTell) as refusal:
        commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    assert refusal.value.code == "round-open"


def test_the_database_keeps_rounds_and_notices_whole() -> None:
    lot = recalled(*three())
    row = tell(lot)
    notice = RecallNotice.objects.all()[:1].get()
    with pytest.raises(IntegrityError, match="recall_round_ends_after_it_began"), transaction.atomic():
        RecallRound.objects.filter(pk=row.pk).update(finished_at=NOON.replace(year=2020))
    with pytest.raises(IntegrityError, match="recall_notice_by_a_known_way"), transaction.atomic():
        RecallNotice.objects.filter(pk=notice.pk).update(way="post")
    again = {"hold": notice.hold, "round": row, "way": "text", "told_at": NOON, "event_id": uuid7()}
    with pytest.raises(IntegrityError, match="recall_notice_once_a_person"), transaction.atomic():
        RecallNotice.objects.create(person=notice.person, **again)
    open_one = {"hold": notice.hold, "asked_at": NOON, "asked_by": row.asked_by}
    RecallRound.objects.create(asked=uuid7(), **open_one)
    with pytest.raises(IntegrityError, match="recall_round_one_at_a_time"), transaction.atomic():
        RecallRound.objects.create(asked=uuid7(), **open_one)
