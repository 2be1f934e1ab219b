from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from lachan.core import actors, clock, eventlog
from lachan.core.models import Delivery, EventRow, Presence
from lachan.simulation.country import Country
from lachan.simulation.loading import load_country
from lachan.simulation.outbreak import Setting
from lachan.simulation.play import Played, play
from lachan.simulation.play.play import ALERT_DAY
from lachan.simulation.score import Recall, Score, _count, _Found, score
from lachan.simulation.tests.conftest import invented_communes, make_areas
from lachan.systems.checkpoints.models import Breach, Scan
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.testing.models import Batch, Pool, PoolTube, Result, TestOrder, TubeMember
from lachan.systems.tracing.models import Case, Contact

pytestmark = pytest.mark.django_db
SIZE, DAYS = 2_000, 11
START = date(2026, 2, 2)
SAMPLED = 5


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Played]:
    """A small outbreak, played once for all tests of this file and rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_areas()
        country = Country.of(11, SIZE, invented_communes(), "48", START, DAYS)
        ends_at = clock.day_start(START) + timedelta(days=DAYS, hours=10)
        with clock.frozen(ends_at):
            loaded = load_country(country, actor=actors.system(at=ends_at))
        yield play(loaded, days=DAYS, ends_at=ends_at, imports=7)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def scored(played: Played) -> Score:
    return score(played)


def _kinds_of_chain(event_id: object) -> list[str]:
    return [event.kind for event in eventlog.chain(event_id)]


def test_every_event_was_handled(played: Played) -> None:
    assert played.handled > 500
    assert not Delivery.objects.exists()


def test_every_case_goes_back_to_a_swab(played: Played) -> None:
    confirmed = EventRow.objects.filter(kind="CaseConfirmed")
    assert confirmed.count() >= 5
    for event in confirmed:
        kinds = _kinds_of_chain(event.pk)
        assert "ResultReported" in kinds or "ResultAmended" in kinds
        assert kinds[-1] in {"SampleCollected", "TestOrdered"} or "SampleCollected" in kinds


def test_every_order_contact_and_contact_test_goes_back_to_a_case(played: Played) -> None:
    for kind in ("ContactFound", "OrderIssued"):
        found = EventRow.objects.filter(kind=kind)
        assert found.count() >= 10
        for event in found.order_by("pk")[::SAMPLED]:
            kinds = _kinds_of_chain(event.pk)
            evidence = {
                "CaseConfirmed",
                "ExposuresRecorded",
                "FindingRecorded",
                "ResultReported",
                "ResultAmended",
            }
            assert evidence & set(kinds[1:]), kinds
    for test in TestOrder.objects.filter(reason="contact-day").order_by("pk")[::SAMPLED]:
        assert "OrderIssued" in _kinds_of_chain(test.event_id) or "OrderChanged" in _kinds_of_chain(
            test.event_id
        )


def test_each_desk_has_work_at_first_sight(played: Played) -> None:
    waiting = Result.objects.filter(verified_at__isnull=True, closed_at__isnull=True)
    assert waiting.exists()
    assert Batch.objects.filter(received_at__isnull=True).exists()
    today = clock.local_date(played.ended_at)
    due = TestOrder.objects.filter(due_on__lte=today, cancelled_at__isnull=True, sample__isnull=True)
    assert due.exists()
    assert Contact.objects.filter(ended_at__isnull=True, calls__isnull=True).exists()
    beds = OrderTerm.objects.filter(
        superseded_at__isnull=True, kind="facility", order__closed_at__isnull=True
    )
    assert beds.filter(order__stays__isnull=True).exists()


def test_pools_stand_in_each_state_on_the_bench(played: Played) -> None:
    unread = Pool.objects.filter(results__isnull=True)
    of_pools = Result.objects.filter(pool__isnull=False, closed_at__isnull=True)
    positive = of_pools.filter(outcome="positive", verified_at__isnull=False)
    waiting = PoolTube.objects.filter(pool__in=positive.values("pool"), tube__results__isnull=True)
    assert unread.exists()
    assert of_pools.filter(verified_at__isnull=True).exists()
    assert waiting.exists()
    assert of_pools.filter(outcome="negative", verified_at__isnull=False).exists()


def test_stored_tubes_of_a_positive_pool_are_tested_one_by_one(played: Played) -> None:
    tested = Result.objects.filter(tube__pooling__isnull=False)
    assert tested.exists()
    for result in tested.select_related("tube__pooling"):
        assert result.tube
        pool = Result.objects.get(pool=result.tube.pooling.pool_id)
        assert pool.outcome == "positive"
        assert pool.verified_at
        assert pool.verified_at <= result.entered_at


def test_posts_read_people_every_day_and_some_should_not_be_out(played: Played) -> None:
    days = {clock.local_date(at) for at in Scan.objects.values_list("happened_at", flat=True)}
    assert len(days) == DAYS - ALERT_DAY + 1
    payloads = Scan.objects.values_list("payload", flat=True)
    assert {"person_code", "citizen_card", "unknown"} <= set(payloads)
    assert Breach.objects.exists()
    of_nobody = Scan.objects.filter(person__isnull=True).count()
    assert 0 < of_nobody < 0.1 * Scan.objects.count()


def test_nothing_happened_after_the_present(played: Played) -> None:
    assert not EventRow.objects.filter(recorded_at__gt=played.ended_at).exists()
    assert not Presence.objects.filter(starts_at__gt=played.ended_at).exists()
    assert not Order.objects.filter(issued_at__gt=played.ended_at).exists()


def test_positive_are_those_whom_the_outbreak_infected(played: Played) -> None:
    infected = set(played.truth.person.tolist())
    cases = Case.objects.filter(classification="confirmed", first_positive_at__isnull=False)
    wrong = [root for root in cases.values_list("root", flat=True) if played.index_of(root) not in infected]
    assert len(wrong) <= 1  # the label that was misread


def test_most_swabs_are_negative_and_everybody_swabbed_is_of_this_country(played: Played) -> None:
    members = TubeMember.objects.values_list("person", flat=True)
    assert all(played.index_of(pk) >= 0 for pk in members)
    outcomes = list(Result.objects.filter(verified_at__isnull=False).values_list("outcome", flat=True))
    assert outcomes.count("negative") > outcomes.count("positive") > 0


def test_scores_add_up(played: Played, scored: Score) -> None:
    caused = int((played.truth.setting != Setting.IMPORT).sum())
    assert sum(row.true for row in scored.recall.values()) == caused
    for row in scored.recall.values():
        assert row.true >= row.infector_known >= row.named >= row.named_before
    assert scored.infections == len(played.truth) >= scored.confirmed - 1
    assert scored.hours_median >= 0


def test_households_of_known_cases_are_named(scored: Score) -> None:
    home = scored.recall[Setting.HOUSEHOLD]
    assert home.infector_known > 0
    assert home.share >= 0.6


def test_a_transmission_counts_once_where_it_belongs() -> None:
    early = clock.day_start(START)
    late = early + timedelta(days=1)
    found = _Found({1: early, 2: early}, {1: early}, {(1, 2): late, (1, 3): late})
    row = Recall()
    for infector, infected in ((1, 2), (1, 3), (1, 4), (9, 5)):
        _count(row, infector, infected, found)
    assert row == Recall(true=4, infector_known=3, named=2, named_before=1)
    assert row.share == pytest.approx(2 / 3)
    assert np.isnan(Recall().share)
