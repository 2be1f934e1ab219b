import numpy as np

from lachan.simulation.arrays import Bools, Floats, Ints
from lachan.simulation.country import Country
from lachan.simulation.mobility import Visits
from lachan.simulation.outbreak import Isolation, Outbreak, Setting, Truth

Lived = tuple[Outbreak, list[Visits]]
MINUTES = 1440


class EverybodyApart:
    def isolated(self, persons: Ints, at: Floats) -> Bools:  # noqa: ARG002
        return np.ones(len(persons), dtype=np.bool_)


def _row_of(truth: Truth) -> dict[int, int]:
    return {int(person): row for row, person in enumerate(truth.person)}


def _caused(truth: Truth) -> np.ndarray:
    return np.flatnonzero(truth.setting != Setting.IMPORT)


def test_there_is_an_outbreak_in_every_setting(lived: Lived) -> None:
    counts = np.bincount(lived[0].truth.setting, minlength=4)
    assert counts[Setting.IMPORT] == 25
    assert (counts[1:] >= 10).all()


def test_the_chain_is_a_forest(lived: Lived) -> None:
    truth = lived[0].truth
    assert len(np.unique(truth.person)) == len(truth)
    row = _row_of(truth)
    for child in _caused(truth):
        parent = row[int(truth.infector[child])]
        assert parent != child
        assert truth.at[parent] < truth.at[child]
    assert (truth.infector[truth.setting == Setting.IMPORT] == -1).all()


def test_every_infector_was_infectious_at_that_moment(lived: Lived) -> None:
    truth = lived[0].truth
    row = _row_of(truth)
    for child in _caused(truth):
        parent = row[int(truth.infector[child])]
        assert truth.infectious_from[parent] <= truth.at[child] < truth.infectious_until[parent]


def test_infections_at_home_are_within_one_household(country: Country, lived: Lived) -> None:
    truth, home = lived[0].truth, country.population.home
    inside = truth.setting == Setting.HOUSEHOLD
    assert (home[truth.person[inside]] == home[truth.infector[inside]]).all()
    assert (home[truth.person[inside]] == truth.place[inside]).all()


def test_infections_elsewhere_are_between_people_who_were_there_together(lived: Lived) -> None:
    truth, moves = lived[0].truth, lived[1]
    elsewhere = np.flatnonzero((truth.setting == Setting.GROUP) | (truth.setting == Setting.VENUE))
    for row in elsewhere:
        day, minute = int(truth.at[row]), (truth.at[row] % 1) * MINUTES
        visits = moves[day]
        there = (
            (visits.venue == truth.place[row])
            & (visits.start <= minute + 1e-6)
            & (visits.end >= minute - 1e-6)
        )
        assert {int(truth.person[row]), int(truth.infector[row])} <= set(visits.person[there].tolist())


def test_classmates_and_teams_share_their_group(country: Country, lived: Lived) -> None:
    truth, group = lived[0].truth, country.groups.group
    inside = truth.setting == Setting.GROUP
    assert (group[truth.person[inside]] == group[truth.infector[inside]]).all()
    assert (group[truth.person[inside]] >= 0).all()


def test_few_people_cause_most_infections(lived: Lived) -> None:
    truth = lived[0].truth
    early = truth.person[truth.at < 16]
    caused = np.sort([(truth.infector == person).sum() for person in early])[::-1]
    assert caused.mean() > 0.8
    assert caused.var() > 1.5 * caused.mean()


def test_courses_run_in_order(lived: Lived) -> None:
    truth = lived[0].truth
    sick = ~np.isnan(truth.onset)
    assert 0.5 < sick.mean() < 0.8
    assert (truth.infectious_from >= truth.at + 1).all()
    assert (truth.infectious_until > truth.infectious_from).all()
    assert (truth.onset[sick] > truth.infectious_from[sick]).all()
    tested = ~np.isnan(truth.tested_at)
    assert not tested[~sick].any()
    assert (truth.result_at[tested] > truth.tested_at[tested]).all()
    assert (truth.tested_at[tested] > truth.onset[tested]).all()


def test_an_outbreak_is_the_same_when_lived_again(country: Country, lived: Lived) -> None:
    again = country.outbreak(imports=25)
    for day in range(12):
        again.step(day)
    count = len(again.truth)
    assert (again.truth.person == lived[0].truth.person[:count]).all()
    assert (again.truth.at == lived[0].truth.at[:count]).all()


def test_keeping_people_apart_nearly_stops_it(country: Country, lived: Lived) -> None:
    apart = country.outbreak(EverybodyApart(), imports=25)
    for day in range(20):
        apart.step(day)
    free = (lived[0].truth.at < 20).sum() - 25
    assert len(apart.truth) - 25 < 0.3 * free
    assert len(apart.today) == 0


def test_isolation_holds_over_its_period_and_the_longer_one_wins() -> None:
    isolation = Isolation(3)
    isolation.isolate(np.array([0, 1]), 2.0, 9.0)
    isolation.isolate(np.array([1]), 4.0, 6.0)
    person = np.array([0, 0, 0, 1, 2])
    assert isolation.isolated(person, np.array([1.9, 2.0, 9.0, 8.5, 5.0])).tolist() == [
        False,
        True,
        False,
        True,
        False,
    ]
    isolation.release(np.array([0]), 5.0)
    assert isolation.isolated(np.array([0, 0]), np.array([4.9, 5.0])).tolist() == [True, False]
    isolation.isolate(np.array([0]), 12.0, 13.0)
    assert isolation.isolated(np.array([0, 0]), np.array([7.0, 12.5])).tolist() == [False, True]


def test_isolated_people_visit_nothing(country: Country) -> None:
    isolation = Isolation(len(country.population))
    isolation.isolate(np.arange(100), 0.0, 99.0)
    outbreak = country.outbreak(isolation, imports=1)
    outbreak.step(0)
    assert outbreak.today.person.min() >= 100
