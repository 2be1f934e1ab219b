"""The people: who they are on paper, where they live, whether they have a phone and which doses they had."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lachan.simulation import names
from lachan.simulation.areas import Communes
from lachan.simulation.arrays import Bools, Days, Floats, Ints, Words, pick, stream
from lachan.simulation.households import Role, make_households

# Shares without an identity number: 3.5 million of 76 million records had none in the check of March 2022.
_NUMBERLESS_ADULT, _NUMBERLESS_CHILD = 0.03, 0.25
_NUMBER_SERIALS, _STRIDE = 1_000_000, 618_033  # the stride is coprime to the serials: no number comes twice
_MOBILE_PREFIXES = (
    32, 33, 34, 35, 36, 37, 38, 39, 70, 76, 77, 78, 79, 81, 82, 83, 84, 85, 86, 88, 89, 90, 91, 93,
    94, 96, 97, 98,
)  # fmt: skip
_STREETS = (
    "Lê Lợi", "Trần Phú", "Nguyễn Huệ", "Hùng Vương", "Quang Trung", "Phan Chu Trinh", "Lý Thường Kiệt",
    "Bạch Đằng", "Nguyễn Trãi", "Hai Bà Trưng", "Điện Biên Phủ", "Trần Hưng Đạo", "Ngô Quyền", "Nguyễn Du",
    "Hoàng Diệu",
)  # fmt: skip
PRODUCTS = ("astrazeneca", "comirnaty", "moderna", "vero-cell")
_PRODUCT_SHARE = (0.40, 0.30, 0.08, 0.22)
_PRODUCT_GAP = (63, 28, 28, 24)  # usual days between the two doses


@dataclass(frozen=True, slots=True)
class Population:
    """One entry a person; dates are days; `number` and `phone` are 0 where there is none.

    `doses` is 0 to 2; `dose_dates[:, 0]` and `[:, 1]` are NaT where the dose was not given.
    """

    age: Floats
    male: Bools
    birth: Days
    year_only: Bools
    home: Ints
    home_first: Ints
    role: Ints
    area: Ints
    name: Words
    number: Ints
    phone: Ints
    address: Words
    doses: Ints
    product: Ints
    dose_dates: Days

    def __len__(self) -> int:
        return len(self.age)

    @property
    def homes(self) -> int:
        """Number of households."""
        return len(self.home_first) - 1


def _home_areas(rng: np.random.Generator, communes: Communes, homes: int) -> Ints:
    """Whole households settle by the communes' weights; neighbours in the list are neighbours in the
    commune.
    """
    return np.sort(pick(rng, communes.weight, homes))


def _names(seed: int, home: Ints, role: Ints, male: Bools, homes: int) -> Words:
    """Children and the father's parents carry the father's family name; wives keep their own."""
    rng = stream(seed, "names")
    family = names.family_names(rng, len(home))
    father = np.full(homes, -1, dtype=np.int64)
    for holder in (Role.SPOUSE, Role.HEAD):
        chosen = (role == holder) & male
        father[home[chosen]] = family[chosen]
    inherits = (role == Role.CHILD) | ((role == Role.GRANDPARENT) & male)
    inherits &= father[home] >= 0
    return names.full_names(rng, np.where(inherits, father[home], family), male)


def _birthdays(rng: np.random.Generator, age: Floats, start: date) -> tuple[Days, Bools]:
    birth = np.datetime64(start, "D") - np.floor(age * 365.2425).astype(np.int64)
    chance = np.select([age >= 80, age >= 70, age >= 60], [0.45, 0.25, 0.10], 0.004)
    return birth, rng.random(len(age)) < chance


def identity_numbers(rng: np.random.Generator, province: str, birth: Days, male: Bools) -> Ints:
    """Twelve digits: province (3), century and sex (1), year (2), serial (6); unique by construction."""
    year = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    group = (year - 1900) * 2 + ~male
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], group[order], side="left")
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - starts
    serial = (rank * _STRIDE + group * 271_829 + int(rng.integers(_NUMBER_SERIALS))) % _NUMBER_SERIALS
    century_sex = (year - 1900) // 100 * 2 + ~male
    return ((int(province) * 10 + century_sex) * 100 + year % 100) * _NUMBER_SERIALS + serial


def _phones(rng: np.random.Generator, age: Floats, urban: Bools) -> Ints:
    """Mobile numbers without the leading zero: fewer among the old, the young and in the countryside."""
    bounds = [age < 10, age < 15, age < 60, age < 75]
    chance = np.where(
        urban, np.select(bounds, [0, 0.35, 0.97, 0.78], 0.45), np.select(bounds, [0, 0.25, 0.93, 0.60], 0.28)
    )
    people = len(age)
    prefix = np.array(_MOBILE_PREFIXES)[np.arange(people) % len(_MOBILE_PREFIXES)]
    line = (np.arange(people) * 3_779_861 + int(rng.integers(10_000_000))) % 10_000_000
    return np.where(rng.random(people) < chance, prefix * 10_000_000 + line, 0)


def _addresses(rng: np.random.Generator, home_urban: Bools, home: Ints) -> Words:
    """House and street in wards, hamlet in rural communes; the commune's name is not repeated."""
    homes = len(home_urban)
    house = rng.integers(1, 320, homes)
    street = np.array(_STREETS, dtype=object)[rng.integers(0, len(_STREETS), homes)]
    hamlet = rng.integers(1, 15, homes)
    lines = [
        f"Số {house[i]} đường {street[i]}" if home_urban[i] else f"Thôn {hamlet[i]}, số nhà {house[i]}"
        for i in range(homes)
    ]
    return np.array(lines, dtype=object)[home]


def _doses(rng: np.random.Generator, age: Floats, start: date) -> tuple[Ints, Ints, Days]:
    """A campaign two thirds done: most adults with two doses in the last six months, few children."""
    people = len(age)
    bounds = [age < 12, age < 18, age < 65]
    one = rng.random(people) < np.select(bounds, [0.0, 0.72, 0.93], 0.84)
    two = one & (rng.random(people) < np.select(bounds, [0.0, 0.55, 0.80], 0.76))
    product = pick(rng, _PRODUCT_SHARE, people)
    product[age < 18] = PRODUCTS.index("comirnaty")
    gap = np.array(_PRODUCT_GAP)[product] + rng.integers(0, 15, people)
    last = np.datetime64(start, "D") - rng.integers(3, 170, people)
    dates = np.full((people, 2), np.datetime64("NaT", "D"))
    dates[one, 0] = np.where(two, last - gap, last)[one]
    dates[two, 1] = last[two]
    return one.astype(np.int64) + two, product, dates


def populate(seed: int, people: int, communes: Communes, start: date) -> Population:
    """All people of the province on the day `start`."""
    homes = make_households(seed, people)
    rng = stream(seed, "people")
    home_count = len(homes.first) - 1
    home_area = _home_areas(rng, communes, home_count)
    area = home_area[homes.home]
    birth, year_only = _birthdays(rng, homes.age, start)
    number = identity_numbers(rng, communes.province_code, birth, homes.male)
    numberless = rng.random(people) < np.where(homes.age < 14, _NUMBERLESS_CHILD, _NUMBERLESS_ADULT)
    doses, product, dose_dates = _doses(rng, homes.age, start)
    return Population(
        age=homes.age,
        male=homes.male,
        birth=birth,
        year_only=year_only,
        home=homes.home,
        home_first=homes.first,
        role=homes.role,
        area=area,
        name=_names(seed, homes.home, homes.role, homes.male, home_count),
        number=np.where(numberless, 0, number),
        phone=_phones(rng, homes.age, communes.urban[area]),
        address=_addresses(rng, communes.urban[home_area], homes.home),
        doses=doses,
        product=product,
        dose_dates=dose_dates,
    )
