"""What the rules refuse, the database refuses too: each constraint broken on purpose."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lachan.systems.feedback.models import (
    MOST_PHOTOS,
    CallBack,
    CallTry,
    Cluster,
    Join,
    Photo,
    Rating,
    Report,
    Step,
    Turn,
)
from lachan.systems.feedback.tests.conftest import NINE, commune, filed, officer, turn_of
from tests.rows import residents

pytestmark = pytest.mark.django_db


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("report_says_something", {"text": ""}),
        ("report_says_something", {"category": ""}),
        ("report_channel_known", {"channel": "pigeon"}),
        ("report_phone_whole", {"sealed_phone": b"x"}),
        ("report_phone_whole", {"verified": True}),
        ("report_claim_whole", {"claimed_until": NINE}),
    ],
)
def test_a_report_is_whole(name: str, change: dict[str, Any]) -> None:
    report = filed()
    with refuses(name):
        Report.objects.filter(pk=report.pk).update(**change)


def test_a_photo_has_a_size() -> None:
    report = filed()
    with refuses("photo_has_size"):
        Photo.objects.create(report=report, body=b"x", width=0, height=4, taken_at=NINE)


@pytest.mark.parametrize("number", [0, MOST_PHOTOS + 1])
def test_a_photo_is_one_of_a_few(number: int) -> None:
    report = filed()
    with refuses("photo_one_of_a_few"):
        Photo.objects.create(report=report, number=number, body=b"x", width=4, height=4, taken_at=NINE)


def test_two_photos_of_a_report_have_two_numbers() -> None:
    facts: dict[str, Any] = {"report": filed(), "body": b"x", "width": 4, "height": 4, "taken_at": NINE}
    Photo.objects.create(**facts)
    with refuses("photo_once_a_number"):
        Photo.objects.create(**facts)


def cluster(reports: int = 5) -> Cluster:
    period = DateTimeTZRange(NINE, NINE + timedelta(hours=24))
    return Cluster.objects.create(area=commune(), category="crowd", reports=reports, period=period)


def test_a_cluster_is_told_once_a_period() -> None:
    cluster()
    with refuses("cluster_once_a_period"):
        cluster()


def test_one_report_is_no_cluster() -> None:
    with refuses("cluster_of_several"):
        cluster(reports=1)


def joined(duplicate: Report, kept: Report, **more: Any) -> Join:
    return Join.objects.create(duplicate=duplicate, kept=kept, joined_at=NINE, joined_by=officer(), **more)


def test_a_duplicate_is_joined_once() -> None:
    one, two, three = filed(), filed(), filed()
    joined(one, two)
    with refuses("join_one_a_duplicate"):
        joined(one, three)


def test_a_report_is_not_joined_to_itself() -> None:
    report = filed()
    with refuses("join_of_two"):
        joined(report, report)


@pytest.mark.parametrize("change", [{"undone_at": NINE}, {"undone_at": NINE - timedelta(days=1), "by": True}])
def test_a_join_is_undone_by_somebody_afterwards(change: dict[str, Any]) -> None:
    by = {"undone_by": officer()} if change.pop("by", False) else {}
    one, two = filed(), filed()
    with refuses("join_undone_whole"):
        joined(one, two, **change, **by)


def test_a_report_is_one_units_turn_at_a_time() -> None:
    turn = turn_of(filed())
    turn.pk = None
    with refuses("turn_one_at_a_time"):
        turn.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("turn_due_after_clock", {"due_at": NINE}),
        ("turn_ends_after_begin", {"ended_at": NINE - timedelta(days=1)}),
        ("turn_reason_known", {"reason": "whim"}),
    ],
)
def test_a_turn_runs_forward_for_a_reason(name: str, change: dict[str, Any]) -> None:
    turn = turn_of(filed())
    with refuses(name):
        Turn.objects.filter(pk=turn.pk).update(**change)


def step(kind: str, text: str = "") -> Step:
    return Step.objects.create(report=filed(), kind=kind, text=text, area=commune(), by=officer(), at=NINE)


def test_steps_are_known_and_have_their_words() -> None:
    with refuses("step_of_known_kind"):
        step("forgotten")


@pytest.mark.parametrize("kind", ["answered", "not-ours", "handed-on", "reopened"])
def test_what_the_reporter_reads_has_words(kind: str) -> None:
    with refuses("step_with_its_words"):
        step(kind)


@pytest.mark.parametrize("stars", [0, 6])
def test_a_rating_has_one_to_five_stars(stars: int) -> None:
    answer = step("answered", "Xong")
    with refuses("rating_of_five"):
        Rating.objects.create(answer=answer, stars=stars, rated_at=NINE)


def call_back(**change: Any) -> CallBack:
    report = filed()
    given = {"cause_event_id": report.filing_event_id, "asked_at": NINE, "due_at": NINE + timedelta(hours=1)}
    return CallBack.objects.create(report=report, **given | change)


def test_a_call_is_due_after_it_was_asked_for() -> None:
    with refuses("call_back_due_after_asking"):
        call_back(due_at=NINE)


def tried(call: CallBack, outcome: str, **more: Any) -> CallTry:
    return CallTry.objects.create(
        call_back=call, outcome=outcome, called_at=NINE, called_by=officer(), **more
    )


def test_a_call_ends_once() -> None:
    call = call_back()
    tried(call, "no-answer")
    tried(call, "advised")
    with refuses("call_ended_once"):
        tried(call, "not-confirmed")


def test_outcomes_are_known() -> None:
    with refuses("call_outcome_known"):
        tried(call_back(), "busy")


def test_only_what_is_confirmed_is_about_somebody() -> None:
    with refuses("call_confirms_somebody"):
        tried(call_back(), "confirmed")


def test_what_is_not_confirmed_is_about_nobody() -> None:
    [person] = residents(1, area=commune(), at=NINE)
    with refuses("call_confirms_somebody"):
        tried(call_back(), "advised", person=person)
