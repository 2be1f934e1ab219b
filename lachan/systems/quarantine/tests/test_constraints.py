"""What the rules refuse, the database refuses too: each constraint broken on purpose."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lachan.core import actors
from lachan.systems.quarantine import models
from lachan.systems.quarantine.models import Bed, Order, OrderTerm, Reading, ReleaseDecision, Stay
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    bed_in,
    contact_under_order,
    day,
    officer,
    order_of,
    room,
    site,
)

pytestmark = pytest.mark.django_db


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def checked() -> None:
    """Let deferred constraints speak."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def order() -> Order:
    return order_of(contact_under_order())


def test_a_person_has_one_open_order(order: Order) -> None:
    with refuses("order_open_once_a_person"):
        Order.objects.create(person=order.person, issued_at=NOON, issued_by=officer())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("order_closed_with_its_cause", {"closed_at": NOON}),
        ("order_closed_with_its_cause", {"closed_how": "released"}),
        ("order_closed_with_its_cause", {"closed_at": NOON, "closed_how": "vanished", "closing": True}),
        (
            "order_closed_after_issue",
            {"closed_at": NOON - timedelta(days=1), "closed_how": "lifted", "closing": True},
        ),
    ],
)
def test_an_order_is_closed_whole(order: Order, name: str, change: dict[str, Any]) -> None:
    if change.pop("closing", False):
        change["closing_event"] = order.cause_event_id
    with refuses(name):
        Order.objects.filter(pk=order.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("term_ends_after_start", {"ends_on": day(9), "starts_on": day(10), "exposed_on": day(1)}),
        ("term_ends_after_exposure", {"exposed_on": day(30)}),
        ("term_at_most_not_before_end", {"at_most_on": day(22)}),
        ("term_needs_no_more_than_tests", {"negatives_needed": 4}),
        ("term_needs_no_more_than_tests", {"test_dates": []}),
        ("term_of_known_subject_and_kind", {"subject": "F7"}),
        ("term_of_known_subject_and_kind", {"kind": "none"}),
    ],
)
def test_terms_make_sense(order: Order, name: str, change: dict[str, Any]) -> None:
    with refuses(name):
        OrderTerm.objects.filter(order=order).update(**change)


def test_one_set_of_terms_is_in_force(order: Order) -> None:
    term = order.terms.get()
    term.pk, term.cause_event_id = None, None
    with refuses("term_one_in_force"):
        term.save()


def test_a_cause_gives_terms_once(order: Order) -> None:
    term = order.terms.get()
    term.pk, term.superseded_at = None, NOON
    with refuses("term_once_a_cause"):
        term.save()


def test_beds_have_labels_once_a_room() -> None:
    place = room(site())
    with refuses("bed_label_once_a_room"), transaction.atomic():
        Bed.objects.create(room=place, label="1", opened_at=NOON)
    with refuses("bed_has_a_label"), transaction.atomic():
        Bed.objects.create(room=place, label="", opened_at=NOON)
    with refuses("bed_period_forward"), transaction.atomic():
        Bed.objects.create(room=place, label="9", opened_at=NOON, closed_at=NOON)


def stay(
    order: Order, bed: Bed, *, company: str = "a", start: int = 0, end: int | None = None, **more: Any
) -> Stay:
    period = DateTimeTZRange(
        NOON + timedelta(days=start), None if end is None else NOON + timedelta(days=end)
    )
    by = actors.system(at=NOON)
    return Stay.objects.create(
        **{
            "order": order,
            "bed": bed,
            "room": bed.room,
            "period": period,
            "company": company,
            "assigned_by": by,
        }
        | more
    )


def test_a_bed_holds_one_and_one_has_one_bed(order: Order) -> None:
    place = room(site())
    one, two = bed_in(place, "1"), bed_in(place, "2")
    other = order_of(contact_under_order(name="Lê Thị Hoa"))
    stay(order, one, end=5)
    with refuses("stay_bed_once"), transaction.atomic():
        stay(other, one, start=4)
    with refuses("stay_one_bed_at_a_time"), transaction.atomic():
        stay(order, two, start=4)
    stay(other, one, start=5)


def test_two_companies_do_not_meet_in_a_room(order: Order) -> None:
    place = room(site())
    other = order_of(contact_under_order(name="Lê Thị Hoa"))
    stay(order, bed_in(place, "1"), company="2026-01-09 m -")
    with refuses("stay_one_company_a_room"), transaction.atomic():
        stay(other, bed_in(place, "2"), company="2026-01-09 f -")
    stay(other, bed_in(place, "2"), company="2026-01-09 m -")


def test_a_stay_lies_in_the_room_of_its_bed_and_lasts(order: Order) -> None:
    place = site()
    here, elsewhere = room(place), room(place, name="Phòng 102")
    with refuses("stay_bed_in_its_room"), transaction.atomic():
        stay(order, bed_in(here), room=elsewhere)
        checked()
    with refuses("stay_period_not_empty"), transaction.atomic():
        stay(order, bed_in(here), end=0)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("reading_temperature_possible", {"temperature": 29}),
        ("reading_temperature_possible", {"temperature": 46}),
        ("reading_spo2_possible", {"spo2": 39}),
        ("reading_spo2_possible", {"spo2": 101}),
        ("reading_pulse_possible", {"pulse": 19}),
        ("reading_pulse_possible", {"pulse": 251}),
        ("reading_breaths_possible", {"breaths": 3}),
        ("reading_breaths_possible", {"breaths": 91}),
        ("reading_symptoms_known", {"symptoms": ["boredom"]}),
    ],
)
def test_readings_are_possible(order: Order, name: str, change: dict[str, Any]) -> None:
    by = officer()
    with refuses(name):
        Reading.objects.create(order=order, taken_at=NOON, recorded_by=by, recorded_at=NOON, **change)


def test_a_reading_of_a_time_is_one(order: Order) -> None:
    by = officer()
    Reading.objects.create(order=order, taken_at=NOON, recorded_by=by, recorded_at=NOON)
    with refuses("reading_once_a_time"):
        Reading.objects.create(order=order, taken_at=NOON, recorded_by=by, recorded_at=NOON)


def decided(order: Order, **more: Any) -> ReleaseDecision:
    by = officer()
    facts = {
        "certificate": f"{by.pk:017}",
        "early": True,
        "reason": "surgery",
        "decided_at": NOON,
        "decided_by": by,
    }
    return ReleaseDecision.objects.create(order=order, **facts | more)


def test_early_release_needs_a_reason_and_two_signers(order: Order) -> None:
    same = officer()
    signed = {"second_signer": same, "second_signed_at": NOON, "agreed": True}
    with refuses("release_two_different_signers"), transaction.atomic():
        decided(order, decided_by=same, **signed)
    with refuses("release_signed_whole"), transaction.atomic():
        decided(order, agreed=True)
    with refuses("release_signed_whole"), transaction.atomic():
        decided(order, second_signer=same)
    with refuses("release_early_with_a_reason"), transaction.atomic():
        decided(order, reason=" \n")
    with refuses("release_early_with_a_reason"), transaction.atomic():
        decided(order, early=False, **signed)


def test_an_order_is_released_once(order: Order) -> None:
    decided(order)
    with refuses("release_one_proposal"), transaction.atomic():
        decided(order)
    decided(order, early=False)
    with refuses("release_once_an_order"), transaction.atomic():
        decided(order, second_signer=officer(), second_signed_at=NOON, agreed=True)
    with refuses("certificate"), transaction.atomic():
        decided(order_of(contact_under_order()), certificate=ReleaseDecision.objects.all()[0].certificate)


def test_every_constraint_is_broken_in_this_file() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    tables = (Order, OrderTerm, Bed, Stay, Reading, ReleaseDecision)
    names = {c.name for table in tables for c in table._meta.constraints} - {"bed_with_its_room"}
    assert not [name for name in names if name not in told]
    assert {
        m
        for m in vars(models).values()
        if getattr(m, "__module__", "") == models.__name__ and hasattr(m, "_meta")
    } == set(tables)
