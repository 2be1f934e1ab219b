"""Households: who lives with whom, by age, sex and family.

Sizes: shares chosen to meet what the 2019 census reports (mean 3.6, 10.9 % alone, about two thirds with 2 to
4). Ages: the 2019 census pyramid by five-year band (General Statistics Office, "Completed results of the
2019 Viet Nam population and housing census"), rounded to 0.1 %.

Roles give every member a first age (a couple, their children, their parents); the ages of the pyramid are
then dealt out in that order. So the pyramid is met exactly, and parents stay older than their children.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from lachan.simulation.arrays import Bools, Floats, Ints, pick, stream

AGE_BANDS = (8.2, 8.4, 7.7, 6.8, 6.7, 8.6, 8.6, 7.7, 6.8, 6.4, 6.0, 5.4, 4.5, 3.3, 1.9, 1.2, 0.9, 0.9)
BAND_YEARS = 5
SIZE_SHARE = (0.109, 0.175, 0.205, 0.255, 0.135, 0.070, 0.030, 0.021)  # 1 to 8 people


class Role(IntEnum):
    """The place of a person in the household."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    GRANDPARENT = 3


@dataclass(frozen=True, slots=True)
class Households:
    """Members are contiguous: those of household h are `first[h]:first[h + 1]`, the head first."""

    first: Ints
    home: Ints
    role: Ints
    age: Floats
    male: Bools


def _sizes(rng: np.random.Generator, people: int) -> Ints:
    mean = float(np.dot(np.arange(1, 9), SIZE_SHARE) / sum(SIZE_SHARE))
    sizes = pick(rng, SIZE_SHARE, int(people / mean * 1.1) + 20) + 1
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, people))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(ends[last]) - people
    return sizes


def _roles(rng: np.random.Generator, sizes: Ints, home: Ints, position: Ints) -> Ints:
    """Head, spouse for most, grandparents in part of the larger homes, children for the rest."""
    couple = (rng.random(len(sizes)) < np.where(sizes == 2, 0.72, 0.90)) & (sizes >= 2)
    chance = np.select([sizes == 3, sizes == 4, sizes >= 5], [0.10, 0.14, 0.75], 0.0)
    elders = (rng.random(len(sizes)) < chance).astype(np.int64)
    elders += (elders > 0) & (sizes >= 5) & (rng.random(len(sizes)) < 0.45)
    role = np.full(len(home), Role.CHILD, dtype=np.int64)
    role[position == 0] = Role.HEAD
    role[(position == 1) & couple[home]] = Role.SPOUSE
    role[position >= (sizes - elders)[home]] = Role.GRANDPARENT
    role[position == 0] = Role.HEAD
    return role


def _head_ages(rng: np.random.Generator, sizes: Ints, with_elders: Bools) -> Floats:
    count = len(sizes)
    young, old = rng.uniform(20, 36, count), rng.uniform(52, 88, count)
    alone = np.where(rng.random(count) < 0.35, young, old)
    pair = np.where(rng.random(count) < 0.30, young, rng.uniform(48, 82, count))
    nuclear = 26 + 38 * rng.beta(1.6, 2.0, count)
    three = rng.uniform(27, 48, count)
    return np.where(with_elders, three, np.select([sizes == 1, sizes == 2], [alone, pair], nuclear))


def _first_ages(rng: np.random.Generator, role: Ints, home: Ints, sizes: Ints) -> Floats:
    with_elders = np.bincount(home[role == Role.GRANDPARENT], minlength=len(sizes)) > 0
    head = _head_ages(rng, sizes, with_elders)[home]
    count = len(role)
    children = np.maximum(head - rng.uniform(20, 36, count), rng.uniform(0, 1, count))
    spouse = np.maximum(head + rng.normal(-2, 3, count), 20.0)
    choices = [head, spouse, children, head + rng.uniform(21, 36, count)]
    return np.select([role == r for r in Role], choices)


def _pyramid_ages(rng: np.random.Generator, people: int) -> Floats:
    band = pick(rng, AGE_BANDS, people)
    within = rng.random(people)
    within = np.where(band == len(AGE_BANDS) - 1, within**2 * 3, within)  # the open band reaches 100
    return (band + within) * BAND_YEARS


def _sexes(rng: np.random.Generator, role: Ints, home: Ints, age: Floats, homes: int) -> Bools:
    """Couples are of two sexes; the old are more often women; children by the sex ratio at birth (1.115)."""
    single_old = np.where(age > 65, 0.38, 0.55)
    chance = np.select(
        [role == Role.HEAD, role == Role.CHILD], [single_old + 0.12, np.full(len(age), 0.525)], 0.36
    )
    male = rng.random(len(role)) < chance
    head_male = np.zeros(homes, dtype=np.bool_)
    head_male[home[role == Role.HEAD]] = male[role == Role.HEAD]
    spouse = role == Role.SPOUSE
    male[spouse] = ~head_male[home[spouse]]
    return male


def make_households(seed: int, people: int) -> Households:
    """`people` persons in households; the last household may be smaller than drawn."""
    rng = stream(seed, "households")
    sizes = _sizes(rng, people)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    home = np.repeat(np.arange(len(sizes)), sizes)
    position = np.arange(people) - first[home]
    role = _roles(rng, sizes, home, position)
    order = np.argsort(_first_ages(rng, role, home, sizes), kind="stable")
    age = np.empty(people)
    age[order] = np.sort(_pyramid_ages(stream(seed, "ages"), people))
    return Households(
        first=first, home=home, role=role, age=age, male=_sexes(rng, role, home, age, len(sizes))
    )
