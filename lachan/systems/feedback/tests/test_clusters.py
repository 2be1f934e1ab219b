"""Much of one kind from one area is told once, and at once."""

from datetime import timedelta
from typing import Any

import pytest

from lachan.core import actors
from lachan.core.eventlog import from_row
from lachan.core.models import EventRow
from lachan.systems.feedback import handlers
from lachan.systems.feedback.models import Cluster
from lachan.systems.feedback.tests.conftest import NINE, commune, filed, later

pytestmark = pytest.mark.django_db
LEAST, HOURS = 5, 24


def hear(at: Any = NINE) -> list[Cluster]:
    """The handler hears of everything that was filed, as it does when it is told twice."""
    told: Any = [from_row(row) for row in EventRow.objects.filter(kind="ReportFiled").order_by("id")]
    handlers.notice_clusters(told, at)
    return list(Cluster.objects.order_by("pk"))


def several(number: int, category: str = "suspected", **more: Any) -> None:
    for _ in range(number):
        filed(category, **more)


def test_one_fewer_is_nothing_and_enough_is_told_once() -> None:
    several(LEAST - 1)
    assert not hear()
    several(1)
    [cluster] = hear()
    several(3)
    assert hear(later(hours=1)) == [cluster]
    told = EventRow.objects.get(kind="ReportsClustered")
    assert told.facts == {
        "cluster_id": cluster.pk, "category": "suspected", "area_code": commune().code, "reports": LEAST,
    }  # fmt: skip
    assert told.caused_by is not None
    assert told.caused_by.kind == "ReportFiled"


def test_other_areas_other_kinds_and_older_ones_do_not_add_up() -> None:
    several(LEAST - 1)
    several(1, category="hardship")
    several(1, area=commune("Phường Đa Kao"))
    several(1, at=NINE - timedelta(hours=HOURS))
    assert not hear()


def test_after_its_hours_it_may_be_told_again() -> None:
    several(LEAST)
    hear()
    several(LEAST, at=later(hours=HOURS))
    assert len(hear(later(hours=HOURS))) == 2


def test_a_batch_costs_as_many_statements_as_one(django_assert_max_num_queries: Any) -> None:
    for name in ("Phường Đa Kao", "Phường Cô Giang", "Phường Tân Định"):
        several(LEAST, area=commune(name))
    actors.system(at=NINE)
    with django_assert_max_num_queries(16):
        assert len(hear()) == 3
