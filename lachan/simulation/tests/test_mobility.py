import numpy as np

from lachan.simulation.country import Country
from lachan.simulation.mobility import Scan
from lachan.simulation.venues import Kind


def test_nobody_is_in_two_venues_at_one_time(country: Country) -> None:
    for day in (0, 3, 4):
        visits = country.visits(day)
        order = np.lexsort((visits.start, visits.person))
        person, start, end = visits.person[order], visits.start[order], visits.end[order]
        same = person[1:] == person[:-1]
        assert (start[1:][same] >= end[:-1][same]).all()
        assert (end > start).all()
        assert start.min() >= 0
        assert end.max() < 1440


def test_visits_to_the_venues_of_a_commune_follow_zipf(country: Country) -> None:
    venues = country.venues
    counts = np.bincount(np.concatenate([country.visits(d).venue for d in range(7)]), minlength=len(venues))
    area = int(np.argmax(np.bincount(venues.area[venues.kind == Kind.RESTAURANT])))
    visitors = counts[(venues.area == area) & (venues.kind == Kind.RESTAURANT)]
    assert len(visitors) >= 10
    slope = np.polyfit(np.log(np.arange(1, len(visitors) + 1)), np.log(visitors), 1)[0]
    assert abs(slope + 1.0) < 0.15


def test_most_visits_are_near_home(country: Country) -> None:
    visits, people = country.visits(2), country.population
    leisure = country.groups.venue[visits.person] != visits.venue
    home = people.area[visits.person[leisure]] == country.venues.area[visits.venue[leisure]]
    assert 0.6 < home.mean() < 0.95


def test_only_part_of_the_visits_is_scanned_and_only_where_a_poster_hangs(country: Country) -> None:
    visits = country.visits(1)
    scanned = visits.scan != Scan.NONE
    assert 0.3 < scanned.mean() < 0.75
    assert country.venues.poster[visits.venue[scanned]].all()
    by_hand = visits.scan == Scan.BY_HAND
    assert by_hand.any()
    assert (country.population.phone[visits.person[by_hand]] == 0).all()
    assert (country.population.phone[visits.person[visits.scan == Scan.PHONE]] > 0).all()


def test_school_and_most_work_rest_on_sunday(country: Country) -> None:
    sunday = (6 - country.start.weekday()) % 7
    at_school = country.venues.kind[country.visits(sunday).venue] == Kind.SCHOOL
    assert at_school.sum() == 0
    assert (country.venues.kind[country.visits(sunday + 1).venue] == Kind.SCHOOL).sum() > 1_000


def test_a_day_is_the_same_when_asked_again(country: Country) -> None:
    first, again = country.visits(5), country.visits(5)
    assert (first.person == again.person).all()
    assert (first.start == again.start).all()
