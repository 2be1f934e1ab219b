"""A simulated outbreak of 10,000 people, played through the commands that desks use, and then asked: does everything
that was ordered, told or let go lead back to evidence, and is everything stored what the evidence says?"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from pytest_django import DjangoDbBlocker

from lachan.core import actors, clock, eventlog, subscribers
from lachan.core.events import SymptomsDeclared
from lachan.core.models import Area, Delivery, EventRow, Posting
from lachan.platform import policies
from lachan.platform.models import Message
from lachan.simulation.country import Country
from lachan.simulation.loading import load_country
from lachan.simulation.play import Played, play
from lachan.simulation.tests.conftest import invented_communes, make_areas
from lachan.systems.checkpoints import queries as checkpoints
from lachan.systems.checkpoints.models import Scan
from lachan.systems.checkpoints.rules import evidence_of, judge
from lachan.systems.quarantine import queries as quarantine
from lachan.systems.quarantine import rules as staying
from lachan.systems.quarantine.models import Order, OrderTerm, Reading, ReleaseDecision, Stay
from lachan.systems.quarantine.queries.evidence import as_reading, limits_at
from lachan.systems.testing.models import (
    Batch,
    BatchTube,
    PoolTube,
    Rejection,
    Result,
    TestOrder,
    Tube,
    TubeMember,
)
from lachan.systems.tracing import rules as tracing
from lachan.systems.tracing.commands import upkeep
from lachan.systems.tracing.commands.assessing import as_finding
from lachan.systems.tracing.models import Case, CaseFinding, Contact, NegativeTest
from lachan.systems.tracing.tests.test_levels_property import expected, stored
from tests.promises.chain import Walk, baseless, looping, uncaused, walks

pytestmark = pytest.mark.django_db
SIZE, DAYS, IMPORTS, SEED = 10_000, 18, 10, 11
START = date(2026, 2, 2)


@contextmanager
def _with_fresh_statistics(_step: str, _size: int) -> Iterator[None]:
    """A day of the play. Nobody else can see into its one transaction, autovacuum neither: plans would stay those of
    empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield


def _check_what_was_deferred() -> None:
    """Once here, or after each test again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Played]:
    """The outbreak, played once and rolled back afterwards, with the nightly run over the contacts at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_areas()
        country = Country.of(SEED, SIZE, invented_communes(), "48", START, DAYS)
        ends_at = clock.day_start(START) + timedelta(days=DAYS, hours=10)
        with clock.frozen(ends_at):
            loaded = load_country(country, actor=actors.system(at=ends_at))
        played = play(loaded, days=DAYS, ends_at=ends_at, imports=IMPORTS, steps=_with_fresh_statistics)
        with clock.frozen(ends_at):
            upkeep.refresh_contacts(actor=actors.system(at=ends_at), at=ends_at)
            subscribers.drain(at=ends_at)
            _check_what_was_deferred()
            yield played
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def walked(played: Played) -> dict[UUID, Walk]:
    return walks()


def _of(walked: dict[UUID, Walk], *kinds: str, least: int = 1) -> list[Walk]:
    found = [walk for walk in walked.values() if walk.kind in kinds]
    assert len(found) >= least, kinds
    return found


def test_the_outbreak_is_one_and_everything_was_handled(played: Played) -> None:
    assert Case.objects.filter(classification="confirmed").count() >= 10
    assert Contact.objects.filter(level=2).count() >= 100
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("kinds", "least"),
    [
        (("OrderIssued",), 500),
        (("OrderChanged", "OrderLifted"), 100),
        (("PersonReleased",), 20),
        (("BedAssigned", "BedVacated", "SentToSite"), 20),
        (("TestOrdered", "TestCancelled"), 500),
        (("ContactFound", "ContactChanged", "ContactCleared"), 500),
        (("CaseConfirmed", "CaseReported", "CaseWithdrawn"), 10),
        (("ResultReported", "ResultAmended", "PoolPositive"), 500),
    ],
)
def test_whatever_is_done_to_people_leads_back_to_evidence(
    walked: dict[UUID, Walk], kinds: tuple[str, ...], least: int
) -> None:
    assert not baseless(_of(walked, *kinds, least=least))


def test_the_program_does_nothing_without_a_cause(walked: dict[UUID, Walk]) -> None:
    assert not uncaused(walked.values())


def test_no_cause_is_its_own_effect_and_none_is_learned_of_later(walked: dict[UUID, Walk]) -> None:
    assert not looping(walked.values())
    assert not EventRow.objects.filter(recorded_at__lt=F("caused_by__recorded_at")).exists()


def test_every_order_and_all_its_terms_rest_on_evidence(walked: dict[UUID, Walk]) -> None:
    by_rule = OrderTerm.objects.filter(decided_by__kind="system")
    assert by_rule.count() >= 500
    causes = [walked.get(cause) for cause in by_rule.values_list("cause_event", flat=True)]
    assert not baseless(walk for walk in causes if walk)
    assert None not in causes
    told = set(EventRow.objects.filter(kind="OrderIssued").values_list("facts__order_id", flat=True))
    assert told == set(Order.objects.values_list("pk", flat=True))


def test_every_test_order_was_told_and_rests_on_evidence(walked: dict[UUID, Walk]) -> None:
    orders = TestOrder.objects.values_list("event_id", "cause_event")
    assert orders
    for told, cause in orders:
        assert walked[told].rests_on_evidence
        assert cause is None or cause in walked[told].ids


def test_every_message_has_a_cause_that_is_about_its_reader(walked: dict[UUID, Walk]) -> None:
    messages = list(Message.objects.select_related("person", "cause__person"))
    assert len(messages) >= 500
    assert not baseless(walked[m.cause_id] for m in messages)
    assert all(m.cause.person and m.cause.person.root_id == m.person.root_id for m in messages)


def test_every_order_leads_to_a_case_confirmed_by_two_people(walked: dict[UUID, Walk]) -> None:
    """An order goes back to a confirmed case: by its chain, or through the case whom the chain's contacts met."""
    rows = {e.pk: e for e in EventRow.objects.filter(kind__in=("CaseConfirmed", *ABOUT_CASES))}
    confirmed = {e.person_id for e in rows.values() if e.kind == "CaseConfirmed"}
    for walk in _of(walked, "OrderIssued"):
        if "CaseConfirmed" not in walk.kinds:
            assert confirmed & _met(walk, rows), walk.kinds
    assert not [walk.kinds for walk in _of(walked, "CaseConfirmed", least=10) if not _by_two(walk)]


ABOUT_CASES = ("ContactFound", "ContactChanged", "ExposuresRecorded", "FindingRecorded", "ResultReported")


def _met(walk: Walk, rows: dict[UUID, EventRow]) -> set[int | None]:
    """The persons of whom the chain tells, and those by whom they were exposed."""
    told = [rows[pk] for pk in walk.ids if pk in rows]
    return {e.person_id for e in told} | {e.facts.get("source_id") for e in told}


def _by_two(walk: Walk) -> bool:
    """Whether the case rests on a positive that one person read and another one verified."""
    told = EventRow.objects.filter(pk__in=walk.ids, kind__in=("ResultReported", "ResultAmended"))
    for event in told.filter(facts__outcome="positive"):
        result = Result.objects.get(pk=event.facts["result_id"])
        entered = EventRow.objects.get(kind="ResultEntered", facts__result_id=result.pk)
        by = {entered.actor_id, event.actor_id}
        if by == {result.entered_by_id, result.verified_by_id} and len(by) == 2:
            return True
    return False


def test_stored_levels_are_those_of_the_plain_search(played: Played) -> None:
    levels = stored()
    assert len(levels) >= 100
    assert levels == expected(played.ended_at)


def test_classifications_are_what_the_findings_amount_to(played: Played) -> None:
    policy = policies.at(clock.local_date(played.ended_at))
    findings = defaultdict[int, list[tracing.Finding]](list)
    for row in CaseFinding.objects.all():
        findings[row.case_id].append(as_finding(row))
    negatives = defaultdict[int, list[tracing.Finding]](list)
    for test in NegativeTest.objects.filter(voided_by__isnull=True):
        negatives[test.root_id].append(tracing.Finding(id=-test.pk, kind="negative", at=test.collected_at))
    for case in Case.objects.filter(joined_to__isnull=True):
        held = findings[case.pk] + negatives[case.root_id]
        assert case.classification == tracing.assess(held, policy, zone=clock.zone()).classification


def test_verdicts_at_gates_are_what_the_evidence_says(played: Played) -> None:
    scans = list(Scan.objects.select_related("place"))
    assert len(scans) >= 20
    assert len({scan.verdict for scan in scans}) > 1
    told = checkpoints.histories([scan.person_id for scan in scans if scan.person_id])
    for scan in scans:
        at = scan.happened_at.astimezone(clock.zone())
        policy = policies.at(at.date())
        days = policy.tracing.max_window_days
        evidence = evidence_of(told.get(scan.person_id, ()), at, case_days=days) if scan.person_id else None
        judged = judge(evidence, policy.checkpoints, scan.place.kind, at)
        assert (scan.verdict, scan.reason) == (judged.verdict, judged.reason)


def _results(until: datetime) -> dict[int, list[staying.Result]]:
    """What the laboratory's own tables say of each person: a pool's positive is nobody's, its negative everybody's."""
    live = Q(closed_at__isnull=True) | Q(closed_at__gt=until)
    found = defaultdict[int, list[staying.Result]](list)
    verified = Result.objects.filter(live, verified_at__lte=until)
    cleared = verified.filter(outcome="negative", pool__isnull=False).values("pool")
    outcomes = dict.fromkeys(
        PoolTube.objects.filter(pool__in=cleared).values_list("tube", flat=True), "negative"
    )
    outcomes |= dict(verified.filter(tube__isnull=False).values_list("tube", "outcome"))
    for swab in TubeMember.objects.filter(tube__in=outcomes).select_related("tube"):
        outcome = outcomes[swab.tube_id]
        if swab.tube.size == 1 or outcome == "negative":
            day = clock.local_date(swab.tube.collected_at)
            found[swab.person_id].append(staying.Result(collected_on=day, outcome=outcome))
    return found


def _due(term: OrderTerm, results: dict[int, list[staying.Result]], at: datetime) -> bool:
    order = term.order
    readings = [as_reading(row) for row in Reading.objects.filter(order=order, taken_at__lte=at)]
    readings += [
        staying.Reading(
            taken_at=e.happened_at.astimezone(clock.zone()), limits=limits_at(at), symptoms=e.symptoms
        )
        for e in eventlog.of_person(order.person_id, [SymptomsDeclared])
        if order.issued_at <= e.happened_at <= at and not e.ref.startswith("quarantine.")
    ]
    verdict = staying.release_due(
        term.as_terms(), results=results.get(order.person_id, []), readings=readings, on=clock.local_date(at)
    )
    return verdict.due


def test_the_release_list_is_what_days_results_and_readings_say(played: Played) -> None:
    at = played.ended_at
    province = Posting(area=Area.objects.get(level=1))
    lines = quarantine.lines(list(quarantine.orders(province)), at=at)
    listed = {line.order.pk for line in lines if line.status == "due"}
    running = OrderTerm.objects.filter(superseded_at__isnull=True, order__closed_at__isnull=True)
    terms, results = list(running.select_related("order")), _results(at)
    due = {term.order_id for term in terms if _due(term, results, at)}
    assert listed == due
    assert due
    assert {t.order_id for t in terms if t.ends_on <= clock.local_date(at)} > due


def test_who_was_released_had_the_evidence_at_that_hour(played: Played) -> None:
    gone = ReleaseDecision.objects.filter(early=False).select_related("order")
    terms = {
        t.order_id: t for t in OrderTerm.objects.filter(superseded_at__isnull=True).select_related("order")
    }
    assert len(gone) >= 20
    results = {at: _results(at) for at in {decision.decided_at for decision in gone}}
    assert all(_due(terms[d.order_id], results[d.decided_at], d.decided_at) for d in gone)


def test_nobody_has_two_open_orders(played: Played) -> None:
    people = Order.objects.filter(closed_at__isnull=True).select_related("person")
    held = Counter(order.person.root_id for order in people)
    assert len(held) >= 100
    assert max(held.values()) == 1


def test_no_bed_is_booked_twice_and_nobody_has_two(played: Played) -> None:
    stays = list(Stay.objects.order_by("period"))
    assert len(stays) >= 20
    for key in ("bed_id", "order_id"):
        until = dict[int, datetime]()
        for stay in stays:
            assert until.get(getattr(stay, key), stay.period.lower) <= stay.period.lower
            until[getattr(stay, key)] = stay.period.upper or datetime.max.replace(tzinfo=clock.zone())


def test_no_tube_gets_lost_between_the_station_and_the_result(played: Played) -> None:
    read = set(
        Result.objects.filter(closed_at__isnull=True, tube__isnull=False).values_list("tube", flat=True)
    )
    rejected = set(Rejection.objects.values_list("tube", flat=True))
    unread = Tube.objects.filter(rejection__isnull=True).exclude(
        results__closed_at__isnull=True, results__isnull=False
    )
    waiting = set(unread.values_list("pk", flat=True))
    assert Tube.objects.count() == len(read) + len(rejected) + len(waiting)
    assert not (read & rejected | waiting & (read | rejected))
    swabs = EventRow.objects.filter(kind="SampleCollected").count()
    assert swabs == TubeMember.objects.count() == (Tube.objects.aggregate(n=Sum("size"))["n"])
    sent = EventRow.objects.filter(kind="SamplesSent").values_list("facts__tubes", flat=True)
    assert sum(sent) == BatchTube.objects.count()
    received = EventRow.objects.filter(kind="SamplesReceived").values_list("facts__tubes", flat=True)
    assert sum(received) == BatchTube.objects.filter(batch__received_at__isnull=False).count()
    assert waiting >= set(
        BatchTube.objects.filter(batch__received_at__isnull=True).values_list("tube", flat=True)
    )
    assert Batch.objects.filter(received_at__isnull=True).exists()


FORGED = """
    INSERT INTO core_event (id, kind, version, person_id, place_id, actor_id, caused_by_id, ref, facts, happened_at,
        recorded_at)
    SELECT %(id)s, kind, version, person_id, place_id, actor_id, %(cause)s, ref, facts, happened_at, recorded_at
    FROM core_event WHERE id = %(like)s
"""
ONE, OTHER = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"


def _forge(like: UUID, *pairs: tuple[str, str | None]) -> None:
    with connection.cursor() as cursor:
        for pk, cause in pairs:
            cursor.execute(FORGED, {"id": pk, "cause": cause, "like": like})


def test_a_removed_cause_would_be_noticed(walked: dict[UUID, Walk]) -> None:
    """The control: the same order with its cause taken away, and one whose cause has lost its own."""
    order = _of(walked, "OrderIssued")[0]
    with transaction.atomic():
        _forge(order.start, (ONE, None), (OTHER, ONE))
        assert Counter(baseless(walks().values()))[("OrderIssued",)] == 1
        assert ("OrderIssued", "OrderIssued") in baseless(walks().values())
        assert uncaused(walks().values()) == ["OrderIssued"]
        transaction.set_rollback(True)


def test_a_circle_of_causes_would_be_noticed(walked: dict[UUID, Walk]) -> None:
    order = _of(walked, "OrderIssued")[0]
    with transaction.atomic():
        _forge(order.start, (ONE, OTHER), (OTHER, ONE))
        assert {str(pk) for pk in looping(walks().values())} == {ONE, OTHER}
        transaction.set_rollback(True)
