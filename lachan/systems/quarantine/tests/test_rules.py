"""Who needs an order, who shares a room, who goes home: pure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.policy import QuarantinePolicy, QuarantineRow, load, profiles
from lachan.systems.quarantine.rules import (
    Dose,
    Evidence,
    Guest,
    Reading,
    Result,
    Terms,
    alarms,
    company_of,
    evidence_of,
    is_clean,
    order_needed,
    refusal_to_share,
    release_due,
    status,
    still_holds,
)
from lachan.systems.quarantine.rules.rooms import Room, fit

NOBODY = Evidence()
SIGNS = load("vn/exercise").at(date(2026, 1, 1)).signs


def versions() -> list[QuarantinePolicy]:
    """Every version of every shipped profile."""
    return [span.policy for profile in profiles() for span in load(profile).quarantine.spans]


ROWS = [(policy, row) for policy in versions() for row in policy.rows]
POLICY = load("vn/exercise").quarantine.spans[0].policy


def evidence_for(policy: QuarantinePolicy, row: QuarantineRow, exposed_on: date) -> Evidence:
    """Evidence that makes exactly this row apply."""
    if row.immunity != "immune":
        return NOBODY
    last = exposed_on - timedelta(days=policy.immune_after_days)
    doses = tuple(Dose(on=last, number=n, primary=2) for n in range(1, policy.immune_doses + 1))
    return Evidence(doses=doses)


@pytest.mark.parametrize(
    ("policy", "row"), ROWS, ids=[f"{p.basis.id} {r.subject} {r.immunity}" for p, r in ROWS]
)
@settings(max_examples=25)
@given(exposed=st.dates(date(2020, 3, 1), date(2030, 1, 1)), decided_after=st.integers(0, 40))
def test_an_order_ends_as_every_row_of_every_policy_says(
    policy: QuarantinePolicy, row: QuarantineRow, exposed: date, decided_after: int
) -> None:
    on = exposed + timedelta(days=decided_after)
    decision = order_needed(row.subject, exposed, evidence_for(policy, row, exposed), policy, on)
    assert decision.row == row
    if row.kind == "none":
        assert (decision.needed, decision.reason) == (False, "not-needed")
    elif decided_after >= row.days:
        assert (decision.needed, decision.reason) == (False, "already-past")
    else:
        assert (decision.kind, decision.starts_on) == (row.kind, on)
        assert decision.ends_on == exposed + timedelta(days=row.days)
        planned = {exposed + timedelta(days=d) for d in row.test_days}
        assert set(decision.test_dates) == {max(on, d) for d in planned}
        assert decision.negatives_needed == min(row.negatives_needed, len(decision.test_dates))
        assert decision.policy_id == policy.basis.id


def test_shipped_profiles_hold_rows_of_all_kinds() -> None:
    """So that the test above says something."""
    assert {row.kind for _policy, row in ROWS} == {"facility", "home", "monitoring", "none"}
    assert len({policy.basis.id for policy, _row in ROWS}) >= 10


DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("doses", "immune"),
    [
        ([(1, 60)], False),
        ([(1, 60), (2, 14)], True),
        ([(1, 60), (2, 13)], False),
        ([(1, 300), (2, 181)], False),
        ([(1, 300), (2, 170), (3, 2)], True),
        ([(1, 300), (2, 280), (3, 20)], True),
    ],
)  # fmt: skip
def test_a_booster_of_last_week_does_not_undo_a_full_course(
    doses: list[tuple[int, int]], immune: bool
) -> None:
    given = tuple(Dose(on=DAY - timedelta(days=ago), number=n, primary=2) for n, ago in doses)
    assert Evidence(doses=given).immune(POLICY, DAY) is immune


def test_one_dose_of_a_one_dose_vaccine_is_a_course() -> None:
    assert Evidence(doses=(Dose(on=DAY - timedelta(days=20), number=1, primary=1),)).immune(POLICY, DAY)


def test_two_of_three_doses_are_no_course() -> None:
    doses = tuple(Dose(on=DAY - timedelta(days=20), number=n, primary=3) for n in (1, 2))
    assert not Evidence(doses=doses).immune(POLICY, DAY)


def test_a_case_counts_as_recovered_from_its_release() -> None:
    past = DAY - timedelta(days=100)
    known = evidence_of(doses=[], case_days=[past], released_on=[past + timedelta(days=8)], policy=POLICY)
    assert known.recovered_on == (past + timedelta(days=8),)
    assert known.immune(POLICY, DAY)
    assert not known.immune(POLICY, past)
    supposed = evidence_of(doses=[], case_days=[past], released_on=[], policy=POLICY)
    assert supposed.recovered_on == (past + timedelta(days=7),)


subjects = st.sampled_from(["F1", "F2"])
exposures = st.lists(st.tuples(subjects, st.integers(0, 30)), min_size=1, max_size=8)


@given(exposures)
def test_the_strictest_exposure_holds_in_any_order(found: list[tuple[str, int]]) -> None:
    """Exposures told one by one, without corrections, all decided on one day."""

    def walk(order: list[tuple[str, int]]) -> tuple[str, int] | None:
        held: tuple[str, int] | None = None
        for subject, ago in order:
            decision = order_needed(subject, DAY - timedelta(days=ago), NOBODY, POLICY, DAY)  # type: ignore[arg-type]
            if held is None:
                held = (subject, ago) if decision.needed else None
                continue
            exposed = DAY - timedelta(days=held[1])
            if not still_holds(
                subject=held[0], exposed_on=exposed, ends_on=exposed + timedelta(days=14), new=decision,
                corrected=False, policy=POLICY,
            ):  # fmt: skip
                held = (subject, ago)
        return held

    assert walk(found) == walk(sorted(found)) == walk(sorted(found, reverse=True))


@pytest.mark.parametrize(
    ("held", "new", "corrected", "stays"),
    [
        (("F0", 5), ("F1", 0), True, True),
        (("F1", 5), ("F1", 5), True, True),
        (("F1", 5), ("F1", 2), False, False),
        (("F1", 2), ("F1", 5), False, True),
        (("F1", 2), ("F1", 5), True, False),
        (("F1", 2), ("F2", 0), False, True),
        (("F1", 2), ("F2", 0), True, False),
        (("F2", 0), ("F1", 9), False, False),
        (("arrival", 2), ("F2", 0), True, True),
        (("arrival", 5), ("F1", 2), False, False),
        (("arrival", 2), ("F1", 5), True, True),
    ],
)
def test_which_exposure_changes_an_order(
    held: tuple[str, int], new: tuple[str, int], corrected: bool, stays: bool
) -> None:
    exposed = DAY - timedelta(days=held[1])
    decision = order_needed(new[0], DAY - timedelta(days=new[1]), NOBODY, POLICY, DAY)  # type: ignore[arg-type]
    kept = still_holds(
        subject=held[0], exposed_on=exposed, ends_on=exposed + timedelta(days=14), new=decision, corrected=corrected,
        policy=POLICY,
    )  # fmt: skip
    assert kept is stays


TERMS = Terms(
    subject="F1", exposed_on=date(2026, 1, 1), ends_on=date(2026, 1, 15), negatives_needed=3,
    test_dates=(date(2026, 1, 2), date(2026, 1, 8), date(2026, 1, 15)),
)  # fmt: skip
CASE = Terms(
    subject="F0", exposed_on=date(2026, 1, 1), ends_on=date(2026, 1, 8), negatives_needed=1,
    test_dates=(date(2026, 1, 8),), at_most_on=date(2026, 1, 11),
)  # fmt: skip


def results(outcome: str, *days: int) -> list[Result]:
    return [Result(collected_on=date(2026, 1, d), outcome=outcome) for d in days]


def unmet(terms: Terms, *, on: int, found: list[Result], readings: list[Reading] | None = None) -> list[str]:
    verdict = release_due(terms, results=found, readings=readings or [], on=date(2026, 1, on))
    assert verdict.due == (not verdict.unmet)
    return [check.name for check in verdict.unmet]


@pytest.mark.parametrize(
    ("on", "negatives", "missing"),
    [
        (15, (2, 8, 15), []),
        (16, (3, 9, 16), []),
        (14, (2, 8, 14), ["days", "tests"]),
        (15, (2, 8, 14), ["tests"]),
        (15, (8, 15), ["tests"]),
        (15, (), ["tests"]),
        (15, (13, 14, 15), []),
        (20, (2, 8, 25), ["tests"]),
    ],
)
def test_a_contact_goes_when_the_days_are_over_and_the_negatives_are_in(
    on: int, negatives: tuple[int, ...], missing: list[str]
) -> None:
    assert unmet(TERMS, on=on, found=results("negative", *negatives)) == missing


def test_a_positive_contact_does_not_go() -> None:
    found = results("negative", 2, 8, 15) + results("positive", 12)
    assert unmet(TERMS, on=15, found=found) == ["positive"]


def test_a_positive_of_before_the_exposure_is_past() -> None:
    found = [Result(collected_on=date(2025, 12, 1), outcome="positive"), *results("negative", 2, 8, 15)]
    assert unmet(TERMS, on=15, found=found) == []


@pytest.mark.parametrize(
    ("on", "found", "missing"),
    [
        (8, results("positive", 1) + results("negative", 8), []),
        (8, results("positive", 1), ["tests"]),
        (9, results("negative", 8) + results("positive", 9), ["tests"]),
        (11, results("positive", 1, 9), []),
        (7, results("negative", 7), ["days", "tests"]),
    ],
)
def test_a_case_goes_after_a_negative_or_at_the_latest_day(
    on: int, found: list[Result], missing: list[str]
) -> None:
    assert unmet(CASE, on=on, found=found) == missing


def test_only_a_clean_reading_closes_a_complaint() -> None:
    found = results("negative", 2, 8, 15)
    cough = Reading(limits=SIGNS, taken_at=datetime(2026, 1, 13, 8, tzinfo=UTC), symptoms=("cough",))
    fever = Reading(limits=SIGNS, taken_at=datetime(2026, 1, 13, 8, tzinfo=UTC), temperature=37.6)
    clean = Reading(limits=SIGNS, taken_at=datetime(2026, 1, 14, 8, tzinfo=UTC), temperature=36.8)
    assert unmet(TERMS, on=15, found=found, readings=[cough]) == ["symptoms"]
    assert unmet(TERMS, on=15, found=found, readings=[fever]) == ["symptoms"]
    assert unmet(TERMS, on=15, found=found, readings=[clean, cough]) == []


@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from(["negative", "positive", "invalid"])), max_size=8),
    st.integers(1, 20),
)
def test_nobody_goes_before_the_end_or_without_the_negatives(found: list[tuple[int, str]], on: int) -> None:
    given = [r for day, outcome in found for r in results(outcome, day)]
    verdict = release_due(TERMS, results=given, readings=[], on=date(2026, 1, on))
    negatives = sorted({(d, n) for n, (d, o) in enumerate(found) if o == "negative" and d <= on})
    if verdict.due:
        assert on >= 15
        assert len(negatives) >= 3
        assert negatives[-1][0] >= 15
        assert not any(o == "positive" and d <= on for d, o in found)


@pytest.mark.parametrize(
    ("reading", "codes"),
    [
        ({"spo2": 95}, ("low-spo2",)),
        ({"spo2": 96, "pulse": 120, "breaths": 20}, ()),
        ({"pulse": 121}, ("pulse",)),
        ({"pulse": 49, "breaths": 21}, ("pulse", "fast-breathing")),
        ({"symptoms": ("cough", "chest_pain")}, ("chest_pain",)),
    ],
)
def test_danger_signs_alarm(reading: dict[str, int], codes: tuple[str, ...]) -> None:
    taken = Reading(limits=SIGNS, taken_at=datetime(2026, 1, 1, 8, tzinfo=UTC), **reading)  # type: ignore[arg-type]
    assert alarms(taken) == codes
    assert not (codes and is_clean(taken))


def guest(sex: str = "f", *, day: int = 1, subject: str = "F1", household: int | None = None) -> Guest:
    return Guest(subject=subject, exposed_on=date(2026, 1, day), sex=sex, household=household)


@pytest.mark.parametrize(
    ("there", "new", "refusal"),
    [
        ([], guest(""), None),
        ([guest("f")], guest("f"), None),
        ([guest("f")], guest("m"), "room-sex"),
        ([guest("")], guest(""), "room-sex"),
        ([guest("f")], guest("f", day=2), "room-cohort"),
        ([guest("f", subject="F0")], guest("f"), "room-cohort"),
        ([guest("f", subject="F0")], guest("f", day=5, subject="F0"), None),
        ([guest("f", household=7)], guest("m", day=2, household=7), None),
        ([guest("f", household=7), guest("m", household=7)], guest("f"), "room-sex"),
        ([guest("f", household=7, subject="F0")], guest("m", household=7), "room-cohort"),
        ([guest("f", household=7)], guest("m", household=8), "room-sex"),
    ],
)
def test_who_may_share_a_room(there: list[Guest], new: Guest, refusal: str | None) -> None:
    assert refusal_to_share(there, new) == refusal


guests = st.builds(
    guest, st.sampled_from(["m", "f", ""]), day=st.integers(1, 3), subject=st.sampled_from(["F0", "F1"]),
    household=st.sampled_from([None, 1, 2]),
)  # fmt: skip


@given(st.lists(guests, max_size=12), st.lists(st.integers(1, 4), max_size=5))
def test_beds_are_filled_within_the_rules(waiting: list[Guest], sizes: list[int]) -> None:
    rooms = [Room(n, size, []) for n, size in enumerate(sizes)]
    placed = fit(dict(enumerate(waiting)), rooms)
    for number, size in enumerate(sizes):
        inside = [waiting[order] for order, room in placed.items() if room == number]
        assert len(inside) <= size
        for position, new in enumerate(inside):
            assert refusal_to_share(inside[:position], new) is None
    left = [g for order, g in enumerate(waiting) if order not in placed]
    assert not any(r.free and refusal_to_share(r.there, g) is None for r in rooms for g in left)


def test_a_family_stays_together() -> None:
    family = {1: guest("f", household=7), 2: guest("m", household=7), 3: guest("m", day=2, household=7)}
    strangers = {4: guest("m"), 5: guest("f"), 6: guest("m")}
    rooms = [Room(1, 2, []), Room(2, 3, []), Room(3, 2, [])]
    placed = fit(strangers | family, rooms)
    assert {placed[order] for order in family} == {2}
    assert placed[4] == placed[6] != placed[5]


def test_who_waits_longest_gets_the_last_bed() -> None:
    alike = guest("m")
    for longest, other in ((9, 4), (4, 9)):
        assert fit({longest: alike, other: alike}, [Room(1, 1, [])]) == {longest: 1}


def test_the_label_of_a_room_tells_companies_apart() -> None:
    labels = {company_of(g) for g in (guest("f"), guest("m"), guest("f", day=2), guest("f", subject="F0"))}
    assert len(labels) == 4


@pytest.mark.parametrize(
    ("facts", "computed"),
    [
        ({"kind": "home"}, "active"),
        ({"kind": "facility"}, "waiting-for-bed"),
        ({"kind": "facility", "has_bed": True}, "in-facility"),
        ({"kind": "facility", "has_bed": True, "due": True}, "due"),
        ({"kind": "home", "closed_how": "released", "due": True}, "released"),
        ({"kind": "home", "closed_how": "lifted"}, "lifted"),
        ({"kind": "facility", "closed_how": "superseded"}, "superseded"),
    ],
)
def test_a_status_follows_from_the_evidence(facts: dict[str, object], computed: str) -> None:
    whole = {"closed_how": "", "has_bed": False, "due": False} | facts
    assert status(**whole) == computed  # type: ignore[arg-type]
