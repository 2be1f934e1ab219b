"""Two people sign a level for one area and week at one moment: without the guard both stand, with it one does."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from lachan.core.models import Actor, Area
from lachan.systems.riskmap import commands
from lachan.systems.riskmap.commands import CannotSign
from lachan.systems.riskmap.models import Signature
from lachan.systems.riskmap.tests.conftest import NINE, WEEK, commune, officer
from tests.rows import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


def sign(area: Area, level: int, actor: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        commands.override_level(
            area=area, week_on=WEEK, decided=level, reason="Ổ dịch tại chợ đầu mối", actor=actor, at=NINE
        )
        return "signed"
    except CannotSign as refusal:
        return refusal.code
    finally:
        connection.close()


def race() -> list[str]:
    area, start = commune(), Barrier(2)
    officers = [officer(), officer()]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(sign, area, 2 + n, actor, start) for n, actor in enumerate(officers)]
        return sorted(answer.result(timeout=30) for answer in answers)


def test_without_the_guard_an_area_has_two_levels() -> None:
    with without_constraint(Signature, "signature_one_an_area_a_day"):
        assert race() == ["signed", "signed"]


def test_of_two_who_sign_one_does() -> None:
    for _ in range(5):
        assert race() == ["level-signed", "signed"]
        Signature.objects.all().delete()
