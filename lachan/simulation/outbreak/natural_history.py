"""How the disease runs in one person, and how late it is noticed. All times in days.

Sources, each for the value beside its name:
* incubation: lognormal(1.621, 0.418), Lauer et al., Ann Intern Med 2020;172:577
* infectious before onset: 2.3 days, He et al., Nat Med 2020;26:672 (here gamma with shape 4)
* infectious in all: about 8 days, Byrne et al., BMJ Open 2020;10:e039856 (gamma, shape 8)
* without symptoms: 46.7 % of children, 32 % of adults, 19.7 % of the old, Sah et al., PNAS
  2021;118:e2109229118
* these infect less, relative risk 0.58: Byambasuren et al., JAMMI 2020;5:223
* susceptibility by age: Davies et al., Nat Med 2020;26:1205, figure 2
* protection by 1 and 2 doses: 30.7 % and 67 to 88 %, Lopez Bernal et al., NEJM 2021;385:585 (0.70 taken for
  two)
* variation between people: gamma with shape 0.43, Adam et al., Nat Med 2020;26:1714
* delays: onset to test and test to result are assumptions of the order reported in Vietnam in 2021
"""

from dataclasses import dataclass

import numpy as np

from lachan.simulation.arrays import Bools, Floats
from lachan.simulation.population import Population

INCUBATION = (1.621, 0.418)
BEFORE_ONSET = (4.0, 2.3)
INFECTIOUS = (8.0, 8.0)
LEAST_LATENT = 1.0
DISPERSION = 0.43
WITHOUT_SYMPTOMS_INFECT = 0.58
PROTECTION = (0.0, 0.307, 0.70)
DAYS_TO_PROTECTION = 14
_SUSCEPTIBLE_STEPS = (10, 20, 30, 40, 50, 60, 70)
_SUSCEPTIBLE = (0.40, 0.38, 0.79, 0.86, 0.80, 0.82, 0.88, 0.74)
SEEKS_TEST, STAYS_HOME = 0.80, 0.45
ONSET_TO_TEST = (2.0, 2.4)
TEST_TO_RESULT = (-0.25, 0.45)


@dataclass(frozen=True, slots=True)
class Histories:
    """One entry an infection; `onset`, `tested_at`, `result_at` are NaN where there is none."""

    infectious_from: Floats
    infectious_until: Floats
    onset: Floats
    strength: Floats
    stays_home: Bools
    tested_at: Floats
    result_at: Floats


def susceptibility(population: Population, start: np.datetime64) -> Floats:
    """Relative chance to be infected, by age and by doses given long enough before `start`."""
    by_age = np.array(_SUSCEPTIBLE)[np.searchsorted(_SUSCEPTIBLE_STEPS, population.age, side="right")]
    effective = population.dose_dates <= start - DAYS_TO_PROTECTION  # NaT compares as false
    return np.asarray(by_age * (1.0 - np.array(PROTECTION)[effective.sum(axis=1)]), dtype=np.float64)


def _gamma(rng: np.random.Generator, shape_mean: tuple[float, float], size: int) -> Floats:
    return rng.gamma(shape_mean[0], shape_mean[1] / shape_mean[0], size)


def histories(rng: np.random.Generator, age: Floats, infected_at: Floats) -> Histories:
    """The course of each new infection."""
    size = len(age)
    incubation = rng.lognormal(*INCUBATION, size)
    latent = np.maximum(incubation - _gamma(rng, BEFORE_ONSET, size), LEAST_LATENT)
    onset_at = infected_at + np.maximum(incubation, latent + 0.2)
    silent = rng.random(size) < np.select([age < 18, age < 65], [0.467, 0.32], 0.197)
    tested = onset_at + _gamma(rng, ONSET_TO_TEST, size)
    result = tested + rng.lognormal(*TEST_TO_RESULT, size)
    noticed = ~silent & (rng.random(size) < SEEKS_TEST)
    strength = rng.gamma(DISPERSION, 1.0 / DISPERSION, size) * np.where(silent, WITHOUT_SYMPTOMS_INFECT, 1.0)
    begin = infected_at + latent
    return Histories(
        infectious_from=begin,
        infectious_until=begin + np.maximum(_gamma(rng, INFECTIOUS, size), 2.0),
        onset=np.where(silent, np.nan, onset_at),
        strength=strength,
        stays_home=rng.random(size) < STAYS_HOME,
        tested_at=np.where(noticed, tested, np.nan),
        result_at=np.where(noticed, result, np.nan),
    )


def profile(begin: Floats, until: Floats, moment: Floats) -> Floats:
    """Infectiousness at `moment`: the density of Beta(2, 3) over the infectious time (mean 1), 0 outside
    it.
    """
    x = np.clip((moment - begin) / (until - begin), 0.0, 1.0)
    return np.asarray(12.0 * x * (1.0 - x) ** 2, dtype=np.float64)
