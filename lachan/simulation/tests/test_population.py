import numpy as np

from lachan.simulation.country import Country
from lachan.simulation.households import AGE_BANDS, SIZE_SHARE, Role
from lachan.simulation.tests.conftest import make_country


def test_same_seed_gives_the_same_country_and_another_seed_another() -> None:
    first = make_country(3_000, seed=1).fingerprint()
    assert make_country(3_000, seed=1).fingerprint() == first
    assert make_country(3_000, seed=2).fingerprint() != first


def test_ages_follow_the_census_pyramid(country: Country) -> None:
    age = country.population.age
    expected = np.array(AGE_BANDS) / sum(AGE_BANDS)
    edges = [*range(0, 5 * len(AGE_BANDS), 5), 200]
    found = np.histogram(age, bins=edges)[0] / len(age)
    assert np.abs(found - expected).max() < 0.006


def test_households_have_the_sizes_of_the_census(country: Country) -> None:
    sizes = np.diff(country.population.home_first)
    assert abs(sizes.mean() - 3.6) < 0.1
    found = np.bincount(sizes, minlength=9)[1:] / len(sizes)
    assert np.abs(found - np.array(SIZE_SHARE)).max() < 0.015


def test_parents_are_older_than_their_children(country: Country) -> None:
    people = country.population
    head = people.age[people.home_first[:-1]][people.home]
    child, elder = people.role == Role.CHILD, people.role == Role.GRANDPARENT
    assert (head[child] - people.age[child]).min() > 14
    assert (people.age[elder] - head[elder]).min() > 14
    assert people.age[people.role == Role.HEAD].min() >= 18


def test_children_carry_the_family_name_of_their_father(country: Country) -> None:
    people = country.population
    family = np.array([name.split(" ")[0] for name in people.name])
    heads = people.home_first[:-1]
    of_father = (people.role == Role.CHILD) & people.male[heads][people.home]
    assert (family[of_father] == family[heads][people.home][of_father]).all()


def test_identity_numbers_are_unique_and_agree_with_birth_and_sex(country: Country) -> None:
    people = country.population
    held = np.flatnonzero(people.number)
    assert len(np.unique(people.number[held])) == len(held)
    for i in held[:2_000]:
        text, year = f"{people.number[i]:012d}", int(str(people.birth[i])[:4])
        assert len(text) == 12
        assert text[:3] == "048"
        assert int(text[3]) == (year - 1900) // 100 * 2 + (not people.male[i])
        assert text[4:6] == f"{year % 100:02d}"


def test_phones_are_unique_and_rarer_among_the_old_and_in_the_country(country: Country) -> None:
    people, urban = country.population, country.communes.urban[country.population.area]
    held = people.phone[people.phone > 0]
    assert len(np.unique(held)) == len(held)
    has, adult, old = people.phone > 0, (people.age >= 18) & (people.age < 60), people.age >= 75
    assert has[adult].mean() > 0.9 > 0.6 > has[old].mean()
    assert has[old & urban].mean() > has[old & ~urban].mean()


def test_doses_are_in_order_and_before_the_start(country: Country) -> None:
    people = country.population
    both = people.doses == 2
    gap = (people.dose_dates[both, 1] - people.dose_dates[both, 0]).astype(int)
    assert gap.min() >= 21
    assert people.dose_dates[~np.isnat(people.dose_dates)].max() < np.datetime64(country.start)
    assert (people.doses[people.age < 12] == 0).all()
    assert np.isnat(people.dose_dates[people.doses == 0]).all()
