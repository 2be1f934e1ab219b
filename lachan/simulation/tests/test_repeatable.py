"""The same seed gives the same outbreak, whatever the ids and in whatever order the loop handles what happened."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from lachan.core import actors, clock, subscribers
from lachan.simulation.country import Country
from lachan.simulation.loading import load_country
from lachan.simulation.outcome import Row, digest, outcome
from lachan.simulation.play import play
from lachan.simulation.score import Score, score
from lachan.simulation.tests.conftest import invented_communes, make_areas

pytestmark = pytest.mark.django_db
SIZE, DAYS = 2_000, 11
START = date(2026, 2, 2)
COMPARED = (
    "cases",
    "exposures",
    "contacts",
    "orders",
    "tests",
    "tubes",
    "pools",
    "results",
    "scans",
    "messages",
)
Told = dict[str, list[Row]]


def played(seed: int, days: int = DAYS) -> tuple[Told, Score]:
    """An outbreak played and rolled back: sequences go on, so that the next one has other ids."""
    with transaction.atomic():
        make_areas()
        country = Country.of(seed, SIZE, invented_communes(), "48", START, days)
        ends_at = clock.day_start(START) + timedelta(days=days, hours=10)
        with clock.frozen(ends_at):
            loaded = load_country(country, actor=actors.system(at=ends_at))
        done = play(loaded, days=days, ends_at=ends_at, imports=7)
        told = outcome(done), score(done)
        transaction.set_rollback(True)
    return told


def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker take few lanes at a time and small batches: others come first, and people are told apart."""
    monkeypatch.setattr(subscribers, "BATCH", 150)
    monkeypatch.setattr(subscribers, "LANES_AT_ONCE", 5)


def test_a_seed_gives_the_same_outbreak_in_whatever_order_it_is_handled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, first_score = played(11)
    in_small_pieces(monkeypatch)
    second, second_score = played(11)
    for part, rows in first.items():
        assert rows == second[part], part
    assert digest(first) == digest(second)
    assert repr(first_score) == repr(second_score)
    assert all(first[part] for part in COMPARED), "nothing to compare"


def test_another_seed_gives_another_outbreak() -> None:
    days = 8
    one, other = played(11, days)[0], played(12, days)[0]
    assert one["results"] != other["results"]
    assert digest(one) != digest(other)
