"""Evidence, verdicts and visits, without a database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    DoseGiven,
    DoseWithdrawn,
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    ResultAmended,
    ResultReported,
    SymptomsDeclared,
)
from lachan.policy import CheckpointPolicy, load
from lachan.systems.checkpoints.rules import (
    Evidence,
    Judgement,
    Limits,
    Passage,
    evidence_of,
    judge,
    time_marks,
    timing,
    walk,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2021, 11, 20, 10, 0, tzinfo=ZONE)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
POLICY = load("vn/covid19").at(AT.date()).checkpoints
CASE_DAYS = 28


def policy_of(day: date) -> CheckpointPolicy:
    return load("vn/covid19").at(day).checkpoints


def told(*events: Event, at: datetime = AT) -> Evidence:
    return evidence_of(events, at, case_days=CASE_DAYS)


def judged(*events: Event, place: str = "venue", at: datetime = AT) -> Judgement:
    return judge(told(*events, at=at), POLICY, place, at)


def issued(ago: timedelta = HOUR, days: int = 7, **facts: Any) -> OrderIssued:
    given: dict[str, Any] = {"order_kind": "home", "subject": "F1", "order_id": 1} | facts
    return OrderIssued(
        happened_at=AT - ago, starts_on=(AT - ago).date(), ends_on=(AT - ago).date() + days * DAY, test_dates=(),
        policy_id="p", **given,
    )  # fmt: skip


def released(ago: timedelta, order_id: int = 1) -> PersonReleased:
    return PersonReleased(happened_at=AT - ago, order_id=order_id, early=False)


def negative(ago: timedelta, assay: Any = "pcr", result_id: int = 1) -> ResultReported:
    return ResultReported(
        happened_at=AT - ago, result_id=result_id, outcome="negative", assay=assay, collected_at=AT - ago
    )


def dose(number: int, ago: timedelta, primary: int = 2) -> DoseGiven:
    return DoseGiven(happened_at=AT - ago, vaccine="v", dose_number=number, primary_doses=primary)


def withdrawn(given: DoseGiven) -> DoseWithdrawn:
    return DoseWithdrawn(happened_at=given.happened_at + HOUR, dose_id=1, given_id=given.id)


def case(ago: timedelta = DAY) -> CaseConfirmed:
    return CaseConfirmed(happened_at=AT - ago, case_id=1, infectious_from=AT - ago - 2 * DAY)


def contact(ago: timedelta = DAY, **facts: Any) -> ContactFound:
    given: dict[str, Any] = {"contact_id": 1, "level": 1, "source_id": 1} | facts
    return ContactFound(happened_at=AT - ago, exposed_at=AT - ago, **given)


def cleared(ago: timedelta = HOUR) -> ContactCleared:
    return ContactCleared(happened_at=AT - ago, contact_id=1, level=1, reason="source-cleared")


def ill(ago: timedelta, *symptoms: str) -> SymptomsDeclared:
    return SymptomsDeclared(happened_at=AT - ago, symptoms=symptoms)


SECOND = dose(2, 14 * DAY)
STOPPED = ("stop", "under-order")
UNCONFIRMED = ("check", "order-end-unconfirmed")
FREE = ("pass", "nothing-against")


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        ([], FREE),
        ([case()], ("stop", "active-case")),
        ([case(), CaseWithdrawn(happened_at=AT - HOUR, case_id=1, reason="amended")], FREE),
        ([case(CASE_DAYS * DAY)], FREE),
        ([case(9 * DAY), issued(9 * DAY, 14, subject="F0"), released(HOUR)], ("pass", "immune")),
        ([issued()], STOPPED),
        ([issued(order_kind="facility")], STOPPED),
        ([issued(order_kind="monitoring")], FREE),
        ([issued(7 * DAY, 7)], UNCONFIRMED),
        ([issued(60 * DAY, 7), negative(HOUR)], UNCONFIRMED),
        ([issued(7 * DAY, 7), OrderLifted(happened_at=AT, order_id=1, reason="superseded")], FREE),
        ([issued(7 * DAY, 7), issued(DAY, 7, order_id=2)], STOPPED),
        ([issued(7 * DAY, 7, order_kind="monitoring")], FREE),
        ([issued(7 * DAY, 7), released(MINUTE)], FREE),
        ([issued(6 * DAY, 7)], STOPPED),
        ([issued(), OrderLifted(happened_at=AT, order_id=1, reason="case-withdrawn")], FREE),
        ([issued(), released(MINUTE)], FREE),
        ([issued(-HOUR)], FREE),
        ([contact()], ("check", "contact-uncleared")),
        ([contact(level=2)], ("check", "contact-uncleared")),
        ([contact(15 * DAY)], FREE),
        ([contact(), cleared()], FREE),
        ([contact(), cleared(2 * HOUR), contact(HOUR)], ("check", "contact-uncleared")),
        ([contact(9 * DAY), issued(9 * DAY, 7), released(HOUR)], FREE),
        ([ill(HOUR, "fever")], ("check", "symptoms-declared")),
        ([ill(HOUR)], FREE),
        ([ill(2 * HOUR, "fever"), ill(HOUR)], FREE),
        ([ill(73 * HOUR, "fever")], FREE),
        ([negative(72 * HOUR)], ("pass", "recent-negative")),
        ([negative(73 * HOUR)], FREE),
        ([dose(1, 60 * DAY), dose(2, 14 * DAY)], ("pass", "immune")),
        ([dose(1, 60 * DAY), dose(2, 13 * DAY)], FREE),
        ([dose(1, 14 * DAY, primary=1)], ("pass", "immune")),
        ([dose(1, 90 * DAY), dose(2, 60 * DAY), dose(3, DAY)], ("pass", "immune")),
        ([dose(1, 60 * DAY), SECOND, withdrawn(SECOND)], FREE),
        ([negative(DAY), issued()], STOPPED),
    ],
)
def test_the_first_row_that_evidence_meets_decides(events: Sequence[Event], answer: tuple[str, str]) -> None:
    judgement = judged(*events)
    assert (judgement.verdict, judgement.reason) == answer
    assert judgement.policy_id == "vn-covid19-checkpoints-2021-10"


def test_without_evidence_a_control_post_checks_and_a_venue_lets_in() -> None:
    assert judged(place="control_post").reason == "no-evidence"
    assert judged(place="venue").verdict == "pass"


def test_a_code_of_nobody_is_checked() -> None:
    judgement = judge(None, POLICY, "venue", AT)
    assert (judgement.verdict, judgement.reason, set(judgement.met)) == (
        "check",
        "unknown-person",
        {"unknown_person"},
    )


def test_another_day_has_another_rule() -> None:
    before, after = policy_of(date(2020, 6, 1)), policy_of(date(2022, 5, 1))
    assert judge(told(contact()), before, "venue", AT).reason == "contact-uncleared"
    assert judge(told(contact()), after, "venue", AT).reason == "nothing-against"


@pytest.mark.parametrize(
    ("kind", "where", "verdict"),
    [
        ("home", "health_station", "pass"), ("home", "quarantine_site", "stop"), ("home", "household", "pass"),
        ("facility", "quarantine_site", "pass"), ("facility", "household", "stop"), ("facility", "laboratory", "pass"),
        ("home", "control_post", "stop"), ("monitoring", "venue", "pass"),
    ],
)  # fmt: skip
def test_an_order_says_where_one_may_be(kind: str, where: str, verdict: str) -> None:
    assert judged(issued(order_kind=kind), place=where).verdict == verdict


def test_a_changed_order_keeps_the_event_that_issued_it() -> None:
    first = issued(3 * DAY, 1)
    change = OrderChanged(
        happened_at=AT - DAY, order_id=1, subject="F1", order_kind="facility", ends_on=AT.date() + DAY, test_dates=(),
        policy_id="p", reason="re-exposed",
    )  # fmt: skip
    order = told(first, change).order
    assert order is not None
    assert (order.issued_by, order.kind, order.ends_on) == (first.id, "facility", AT.date() + DAY)


def test_the_stricter_of_two_orders_counts() -> None:
    order = told(issued(order_id=1, order_kind="home"), issued(order_id=2, order_kind="facility")).order
    assert order is not None
    assert order.order_id == 2


def test_an_amended_negative_is_worth_nothing() -> None:
    amended = ResultAmended(
        happened_at=AT, result_id=2, amends_id=1, outcome="invalid", previous_outcome="negative", assay="pcr",
        collected_at=AT - DAY,
    )  # fmt: skip
    assert told(negative(DAY), amended).negatives == ()


def test_a_contact_that_changed_has_its_new_exposure() -> None:
    nearer = ContactChanged(
        happened_at=AT, contact_id=1, level=1, previous_level=2, exposed_at=AT - HOUR, source_id=2
    )
    assert judged(contact(20 * DAY, level=2), nearer).reason == "contact-uncleared"


# Clocks


def test_the_offset_of_the_device_corrects_its_times_and_is_noted_when_large() -> None:
    slow = timing(AT - 2 * HOUR, 90 * MINUTE, at=AT, tolerance=5 * MINUTE)
    assert (slow.device_time, slow.happened_at, slow.clock_wrong) == (AT - 2 * HOUR, AT - 30 * MINUTE, True)
    assert not timing(AT, 2 * MINUTE, at=AT, tolerance=5 * MINUTE).clock_wrong


@pytest.mark.parametrize("said", [None, AT.replace(year=1970), AT.replace(year=9999), AT.replace(year=1)])
def test_a_time_beyond_belief_becomes_the_time_of_receipt(said: datetime | None) -> None:
    found = timing(said, timedelta(0), at=AT, tolerance=5 * MINUTE)
    assert (found.happened_at, found.device_time, found.clock_wrong) == (AT, said, True)


@pytest.mark.parametrize(
    ("ago", "marks"),
    [(-6 * MINUTE, {"early"}), (-5 * MINUTE, set()), (24 * HOUR, set()), (25 * HOUR, {"late"})],
)
def test_scans_from_the_future_and_from_long_ago_are_marked(ago: timedelta, marks: set[str]) -> None:
    assert time_marks(AT - ago, at=AT, revoked_at=None, policy=POLICY) == marks


# Visits


def passages(*spoken: tuple[str, int]) -> list[Passage]:
    return [Passage(UUID(int=n), way, AT + minute * MINUTE, str(n)) for n, (way, minute) in enumerate(spoken)]


def limits(at: datetime) -> Limits:
    return Limits(2 * HOUR, 5 * MINUTE)


def spans(*spoken: tuple[str, int]) -> list[tuple[int, float]]:
    found = walk(passages(*spoken), limits)
    return [((v.starts_at - AT) // MINUTE, (v.ends_at - AT) / MINUTE) for v in found.visits]


@pytest.mark.parametrize(
    ("spoken", "visits"),
    [
        ([("in", 0)], [(0, 120)]),
        ([("in", 0), ("out", 30)], [(0, 30)]),
        ([("in", 0), ("out", 400)], [(0, 400)]),
        ([("in", 0), ("out", 17 * 60)], [(0, 120)]),
        ([("out", 30)], []),
        ([("out", 30), ("in", 0)], [(0, 30)]),
        ([("in", 0), ("in", 3), ("out", 30)], [(0, 30)]),
        ([("in", 0), ("in", 60), ("out", 90)], [(0, 60), (60, 90)]),
        ([("in", 0), ("out", 10), ("out", 12)], [(0, 10)]),
        ([("in", 0), ("out", 1), ("in", 2), ("out", 3)], [(0, 1), (2, 3)]),
        ([("in", 0), ("out", 0)], [(0, 1 / 60)]),
    ],
)
def test_scans_add_up_to_visits(spoken: list[tuple[str, int]], visits: list[tuple[int, float]]) -> None:
    assert spans(*spoken) == visits


def test_exits_alone_and_repeats_are_named() -> None:
    found = walk(passages(("out", 0), ("in", 10), ("in", 12), ("out", 20)), limits)
    assert found.no_entry == {UUID(int=0)}
    assert found.duplicates == {UUID(int=2)}
