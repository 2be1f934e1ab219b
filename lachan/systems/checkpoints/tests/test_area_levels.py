"""A signed epidemic level changes what a gate asks for: of who lives there, or was there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, areas, places
from lachan.core.eventlog import emit
from lachan.core.events import ResultReported, RiskLevelSigned, RiskLevelWithdrawn
from lachan.core.models import Area, AreaSuccessor, Person, Place, PlaceKind
from lachan.policy import load
from lachan.systems.checkpoints import commands, handlers, queries
from lachan.systems.checkpoints.models import AreaLevel, Scan
from lachan.systems.checkpoints.rules import Evidence, judge
from tests.rows import area_in, nobody_listening, residents
from tests.town import moment

pytestmark = pytest.mark.django_db
NOW = moment(21, 9)
TODAY = date(2026, 1, 1)
EXERCISE = load("vn/exercise").at(date(2026, 2, 1)).checkpoints
OF_2021 = load("vn/covid19").at(date(2021, 11, 1)).checkpoints


@pytest.mark.parametrize(
    ("level", "kind", "met", "expected"),
    [
        (2, "control_post", {}, ("pass", "nothing-against")),
        (3, "control_post", {}, ("check", "test-asked-from-level-3")),
        (4, "control_post", {}, ("check", "test-asked-from-level-3")),
        (4, "venue", {}, ("pass", "nothing-against")),
        (4, "control_post", {"active_case": True}, ("stop", "active-case")),
    ],
)
def test_a_control_post_asks_who_comes_from_a_high_level_for_a_test(
    level: int, kind: str, met: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = judge(Evidence(area_level=level, **met), EXERCISE, kind, NOW)
    assert (found.verdict, found.reason) == expected


def test_by_the_rules_of_october_2021_only_the_highest_level_counts_even_for_the_vaccinated() -> None:
    at = datetime(2021, 11, 1, tzinfo=NOW.tzinfo)
    assert judge(Evidence(area_level=3), OF_2021, "control_post", at).reason == "no-evidence"
    assert judge(Evidence(area_level=4), OF_2021, "control_post", at).reason == "test-asked-from-level-4"
    row = next(row for row in OF_2021.rows if row.condition == "from_level_4")
    assert not row.verified


@pytest.fixture
def commune() -> Area:
    province = area_in(areas.country(), "g48", "Đà Nẵng", level=1)
    return area_in(province, "g20194", "Hải Châu")


@pytest.fixture
def post(commune: Area) -> Place:
    return places.open_place(
        kind=PlaceKind.CONTROL_POST, name="Chốt cầu Rồng", area=commune.parent or commune, closed_space=False,
        at=moment(0),
    )  # fmt: skip


@pytest.fixture
def actor() -> Any:
    return actors.system(at=NOW)


def signed(
    area: Area, level: int, *, at: datetime = NOW - timedelta(days=1), number: int = 1
) -> RiskLevelSigned:
    day = at.date()
    return RiskLevelSigned(
        signature_id=number, area_id=area.pk, area_code=area.code, risk_level=level, from_on=day - timedelta(days=2),
        to_on=day + timedelta(days=5), rule="x", overridden=False, happened_at=at, ref=f"riskmap.signature:{number}",
    )  # fmt: skip


def withdrawn(event: RiskLevelSigned, at: datetime) -> RiskLevelWithdrawn:
    return RiskLevelWithdrawn(
        signature_id=event.signature_id, area_id=event.area_id, area_code=event.area_code, risk_level=event.risk_level,
        from_on=event.from_on, to_on=event.to_on, happened_at=at, ref=event.ref,
    )  # fmt: skip


def tell(event: Any, actor: Any) -> None:
    """Keep the event and let the gates hear of it, as the loop does."""
    with nobody_listening(), transaction.atomic():
        emit([event], actor=actor)
    handle = handlers.note_levels if isinstance(event, RiskLevelSigned) else handlers.drop_levels
    handle([event], NOW)


def scanned(person: Person, place: Place, actor: Any, at: datetime = NOW) -> Scan:
    return commands.record_scan(place=place, payload=person.code, actor=actor, at=at)


def test_a_signed_orange_changes_the_gates_decision_until_withdrawn(
    commune: Area, post: Place, actor: Any
) -> None:
    [person] = residents(1, area=commune, at=moment(0))
    assert scanned(person, post, actor).verdict == "pass"
    event = signed(commune, 3, at=NOW + timedelta(hours=1))
    tell(event, actor)
    orange = scanned(person, post, actor, NOW + timedelta(hours=2))
    assert (orange.verdict, orange.reason) == ("check", "test-asked-from-level-3")
    tell(withdrawn(event, NOW + timedelta(hours=3)), actor)
    assert scanned(person, post, actor, NOW + timedelta(hours=4)).verdict == "pass"


def test_a_recent_negative_test_answers_what_the_level_asks(commune: Area, post: Place, actor: Any) -> None:
    [person] = residents(1, area=commune, at=moment(0))
    tell(signed(commune, 4), actor)
    result = ResultReported(
        result_id=1, outcome="negative", assay="pcr", collected_at=NOW - timedelta(hours=20), person_id=person.pk,
        happened_at=NOW - timedelta(hours=10),
    )  # fmt: skip
    with nobody_listening(), transaction.atomic():
        emit([result], actor=actor)
    assert scanned(person, post, actor).reason == "recent-negative"


def test_who_was_scanned_in_an_orange_area_in_the_last_days_comes_from_there(
    commune: Area, post: Place, actor: Any
) -> None:
    elsewhere = area_in(commune.parent, "g20195", "Hòa Cường")
    [visitor, other] = residents(2, area=elsewhere, at=moment(0))
    market = places.open_place(
        kind=PlaceKind.VENUE, name="Chợ Hàn", area=commune, closed_space=True, at=moment(0)
    )  # fmt: skip
    scanned(visitor, market, actor, NOW - timedelta(days=3))
    scanned(other, market, actor, NOW - timedelta(days=15))
    tell(signed(commune, 3), actor)
    assert scanned(visitor, post, actor).verdict == "check"
    assert scanned(other, post, actor).verdict == "pass"


def test_the_smallest_unit_decides_and_a_wider_one_where_it_has_no_level(commune: Area, actor: Any) -> None:
    other = area_in(commune.parent, "g20195", "Hòa Cường")
    [here, there] = residents(1, area=commune, at=moment(0)) + residents(1, area=other, at=moment(0))
    assert commune.parent is not None
    tell(signed(commune.parent, 3, number=1), actor)
    tell(signed(commune, 1, number=2), actor)
    assert queries.area_levels([(here.pk, NOW, 14), (there.pk, NOW, 14)]) == [1, 3]


def test_a_home_under_a_unit_of_before_has_the_level_of_the_unit_it_went_into(
    commune: Area, actor: Any
) -> None:
    old = area_in(None, "g00001", "Xã cũ")
    AreaSuccessor.objects.create(old=old, new=commune, share=1)
    [person] = residents(1, area=old, at=moment(0))
    tell(signed(commune, 4), actor)
    assert queries.area_levels([(person.pk, NOW, 0)]) == [4]


def test_a_level_counts_only_on_its_days_and_once_it_is_signed(commune: Area, actor: Any) -> None:
    [person] = residents(1, area=commune, at=moment(0))
    tell(signed(commune, 4), actor)
    days = [NOW - timedelta(days=2), NOW, NOW + timedelta(days=10)]
    assert queries.area_levels([(person.pk, at, 0) for at in days]) == [0, 4, 0]


def test_told_twice_and_in_batches_it_is_noted_once_with_as_many_queries(commune: Area, actor: Any) -> None:
    communes = [area_in(commune.parent, f"g3{n:04}", f"Phường {n}") for n in range(30)]
    events = [signed(area, 2, number=n) for n, area in enumerate(communes)]
    with nobody_listening(), transaction.atomic():
        emit(events, actor=actor)
    with CaptureQueriesContext(connection) as few:
        handlers.note_levels(events[:2], NOW)
    with CaptureQueriesContext(connection) as many:
        handlers.note_levels(events, NOW)
    assert len(few) == len(many)
    assert AreaLevel.objects.count() == 30
    handlers.drop_levels([withdrawn(e, NOW) for e in events], NOW)
    handlers.note_levels(events, NOW)
    assert not AreaLevel.objects.filter(withdrawn_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("area_level_of_four", {"level": 5}),
        ("area_level_period_forward", {"to_on": TODAY - timedelta(days=900)}),
    ],
)
def test_a_level_noted_is_whole(name: str, change: dict[str, Any], commune: Area, actor: Any) -> None:
    tell(signed(commune, 2), actor)
    with pytest.raises(IntegrityError, match=name):
        AreaLevel.objects.update(**change)


def test_a_level_is_noted_once_an_event_and_area(commune: Area, actor: Any) -> None:
    tell(signed(commune, 2), actor)
    row = AreaLevel.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="area_level_once_an_event"):
        row.save()
