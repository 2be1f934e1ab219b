"""What the rules would refuse, the database refuses too: each constraint of testing, violated on purpose."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core.ids import uuid7
from lachan.core.models import Person
from lachan.systems.testing.models import (
    Batch,
    BatchTube,
    Pool,
    PoolTube,
    Rejection,
    Result,
    TestOrder,
    Tube,
    TubeMember,
)
from lachan.systems.testing.tests.conftest import AT, Bench

People = Callable[[int], list[Person]]


@pytest.fixture
def made(bench: Bench, people: People) -> "Made":
    return Made(bench, people)


class Made:
    """Rows written past the commands."""

    def __init__(self, bench: Bench, people: People) -> None:
        self.bench, self.people = bench, people
        self.person = people(1)[0]

    def order(self, **more: Any) -> TestOrder:
        given = {"person": self.person, "assay": "pcr", "reason": "indicated", "due_on": AT.date()}
        return TestOrder.objects.create(**given | {"event_id": uuid7(), "ordered_at": AT} | more)

    def tube(self, **more: Any) -> Tube:
        given = {
            "barcode": self.bench.barcode(), "assay": "pcr", "size": 1, "collected_at": AT, "recorded_at": AT,
            "collected_by": self.bench.nurse, "place": self.bench.station, "area": self.bench.station.area,
        }  # fmt: skip
        return Tube.objects.create(**given | more)

    def pool(self, **more: Any) -> Pool:
        given = {"barcode": self.bench.barcode(), "laboratory": self.bench.laboratory, "made_at": AT}
        return Pool.objects.create(**given | {"made_by": self.bench.technician} | more)

    def batch(self, **more: Any) -> Batch:
        given = {"from_place": self.bench.station, "laboratory": self.bench.laboratory, "sent_at": AT}
        return Batch.objects.create(**given | {"sent_by": self.bench.nurse} | more)

    def result(self, **more: Any) -> Result:
        given: dict[str, Any] = {"outcome": "negative", "place": self.bench.laboratory, "entered_at": AT}
        if not {"tube", "pool"} & more.keys():
            given["tube"] = self.tube()
        return Result.objects.create(**given | {"entered_by": self.bench.technician} | more)

    def verified(self, **more: Any) -> Result:
        return self.result(verified_by=self.bench.verifier, verified_at=AT, **more)


def pair_of_pools(made: Made) -> None:
    pool, other, tube = made.pool(), made.pool(), made.tube()
    PoolTube.objects.create(pool=pool, tube=tube)
    PoolTube.objects.create(pool=other, tube=tube)


def two_journeys(made: Made) -> None:
    tube = made.tube()
    BatchTube.objects.create(batch=made.batch(), tube=tube)
    BatchTube.objects.create(batch=made.batch(), tube=tube)


def two_members(made: Made) -> None:
    tube = made.tube()
    TubeMember.objects.create(tube=tube, person=made.person, event_id=uuid7())
    TubeMember.objects.create(tube=tube, person=made.person, event_id=uuid7())


def two_swabs_for_an_order(made: Made) -> None:
    order = made.order()
    for _ in range(2):
        TubeMember.objects.create(tube=made.tube(), person=made.person, event_id=uuid7(), order=order)


def twice(make: Callable[..., Any], **same: Any) -> None:
    make(**same)
    make(**same)


def two_live_of_a_tube(made: Made) -> None:
    """An amendment is verified while what it amends still holds."""
    first = made.verified()
    made.verified(tube=first.tube, amends=first, reason="typo")


def two_live_of_a_pool(made: Made) -> None:
    twice(made.result, pool=made.pool())


def two_amendments(made: Made) -> None:
    first = made.verified()
    twice(made.result, tube=first.tube, amends=first, reason="typo")


def amended_without_reason(made: Made) -> None:
    first = made.verified()
    made.result(tube=first.tube, amends=first)


def rejected(made: Made, **more: Any) -> Rejection:
    given = {
        "tube": made.tube(),
        "reason": "leaking",
        "rejected_at": AT,
        "rejected_by": made.bench.technician,
    }
    return Rejection.objects.create(**given | more)


CAUSE = uuid7()
VIOLATIONS: list[tuple[str, Callable[[Made], Any]]] = [
    ("testorder_cancelled_for_a_reason", lambda m: m.order(cancelled_at=AT)),
    ("testorder_cancelled_for_a_reason", lambda m: m.order(cancel_reason="released")),
    ("testorder_assay_known", lambda m: m.order(assay="smell")),
    ("testorder_reason_known", lambda m: m.order(reason="curiosity")),
    ("testorder_once_a_cause", lambda m: twice(m.order, cause_event=CAUSE)),
    ("testorder_one_open_a_day", lambda m: twice(m.order, quarantine_order=5, reason="contact-day")),
    ("testing_tube_barcode", lambda m: twice(m.tube, barcode="T-1")),
    ("tube_has_a_barcode", lambda m: m.tube(barcode="")),
    ("tube_size_sensible", lambda m: m.tube(size=0)),
    ("tube_size_sensible", lambda m: m.tube(size=101)),
    ("tube_assay_known", lambda m: m.tube(assay="smell")),
    ("tube_member_once", two_members),
    ("testing_tubemember_order_id", two_swabs_for_an_order),
    ("rejection_reason_known", lambda m: rejected(m, reason="ugly")),
    ("testing_rejection_tube_id", lambda m: twice(lambda **t: rejected(m, **t), tube=m.tube())),
    ("batch_received_by_somebody", lambda m: m.batch(received_at=AT)),
    (
        "batch_received_after_sending",
        lambda m: m.batch(received_at=AT - timedelta(1), received_by=m.bench.technician),
    ),
    ("testing_batchtube_tube_id", two_journeys),
    ("testing_pool_barcode", lambda m: twice(m.pool, barcode="P-1")),
    ("pool_is_pcr", lambda m: m.pool(assay="antigen")),
    ("pool_has_a_barcode", lambda m: m.pool(barcode="")),
    ("testing_pooltube_tube_id", pair_of_pools),
    ("result_of_a_tube_or_a_pool", lambda m: m.result(tube=m.tube(), pool=m.pool())),
    ("result_of_a_tube_or_a_pool", lambda m: m.result(tube=None, pool=None)),
    ("result_outcome_known", lambda m: m.result(outcome="perhaps")),
    ("result_ct_in_range", lambda m: m.result(ct={"N": 51})),
    ("result_ct_in_range", lambda m: m.result(ct={"N": "low"})),
    ("result_verified_by_somebody", lambda m: m.result(verified_at=AT)),
    ("result_verified_by_another", lambda m: m.result(verified_at=AT, verified_by=m.bench.technician)),
    ("result_amended_for_a_reason", amended_without_reason),
    ("result_closed_in_a_way", lambda m: m.verified(closed_at=AT)),
    ("result_closed_in_a_way", lambda m: m.verified(closed_as="replaced")),
    ("result_closed_as_it_stood", lambda m: m.verified(closed_at=AT, closed_as="returned")),
    ("result_closed_as_it_stood", lambda m: m.result(closed_at=AT, closed_as="replaced")),
    ("result_one_live_a_tube", lambda m: twice(m.result, tube=m.tube())),
    ("result_one_live_a_tube", two_live_of_a_tube),
    ("result_one_live_a_pool", two_live_of_a_pool),
    ("result_one_amendment_at_a_time", two_amendments),
]


@pytest.mark.parametrize(
    ("name", "violate"), VIOLATIONS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(VIOLATIONS)]
)
def test_the_database_refuses_what_the_rules_refuse(
    name: str, violate: Callable[[Made], Any], made: Made
) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(made)


def test_what_the_rules_allow_the_database_allows(made: Made) -> None:
    made.order(cancelled_at=AT, cancel_reason="released")
    made.order(quarantine_order=5)
    made.order(quarantine_order=5, cancelled_at=AT, cancel_reason="replanned")
    first = made.verified(ct={"N": 21.4})
    made.result(tube=first.tube, amends=first, reason="typo")
    made.result(closed_at=AT, closed_as="returned", closing_note="wrong row")
    made.verified(closed_at=AT, closed_as="replaced")
    made.batch(received_at=AT, received_by=made.bench.technician)
