"""Retention over the whole of a story: what explains an order stays as long as the order; the rest goes."""

from datetime import timedelta

import pytest

from lachan.core import retention
from lachan.core.models import EventRow
from lachan.platform.models import Message
from lachan.systems.quarantine.models import Order
from tests.town import Town, moment

pytestmark = pytest.mark.django_db


def test_a_purge_years_later_leaves_what_orders_rest_on_and_nothing_else_behind(town: Town) -> None:
    hoa, ba = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8))
    causes = set(Order.objects.values_list("cause_event", flat=True))
    assert causes

    purged = {p.rule.name: p for p in retention.purge(at=moment(2) + timedelta(days=365 * 8))}
    assert {name: p.left for name, p in purged.items() if p.left} == {}
    assert purged["events"].removed > 0
    assert purged["messages"].removed > 0
    assert not Message.objects.exists()
    assert causes <= set(EventRow.objects.values_list("id", flat=True))


def test_one_rule_that_fails_does_not_keep_the_others_from_their_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import IntegrityError

    def fail(_before: object) -> int:
        raise IntegrityError("still in use")

    broken = retention.Rule(name="broken", what="", purpose="", days=1, purge=fail, overdue=lambda _before: 7)
    monkeypatch.setattr(retention, "RULES", [broken, *retention.RULES])
    purged = {p.rule.name: p for p in retention.purge(at=moment(0))}
    assert (purged["broken"].removed, purged["broken"].left) == (0, 7)
    assert purged["presences"].left == 0
