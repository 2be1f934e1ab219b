"""Pairs of an infectious and a susceptible person who were together, and the hazard of each pair."""

from dataclasses import dataclass, fields

import numpy as np

from lachan.simulation.arrays import Floats, Ints, expanded, grouped
from lachan.simulation.mobility import Visits
from lachan.simulation.outbreak.truth import Setting
from lachan.simulation.population import Population
from lachan.simulation.venues import Groups, Venues

# Hazards for one hour together (venue), a day together (home, group), before strength, profile and
# susceptibility. Set so that, undisturbed, a province grows as Delta did and a household's attack rate is
# near a third (Madewell et al., JAMA Netw Open 2022;5:e229317: 29.7 % for Delta).
AT_HOME, IN_GROUP, AT_VENUE = 0.15, 0.09, 0.22
CLOSE_CONTACTS = 8.0  # beyond this many people at once, more people are not more close contacts
OUTDOORS, MASK, OTHER_TEAM = (
    0.25,
    0.55,
    0.15,
)  # mask: of each side; Chu et al., Lancet 2020;395:1973 found less
_NIGHT = (1305, 1439)
_HOURS_IN_GROUP = 9.0
MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Contacts:
    """Pairs; `moment` in days; `hazard` before strength, profile and susceptibility; `place` as in
    `Truth`.
    """

    infector: Ints
    target: Ints
    moment: Floats
    hazard: Floats
    setting: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.infector)

    def plus(self, other: "Contacts") -> "Contacts":
        """Both sets of pairs."""
        return Contacts(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(Contacts))
        )


def at_home(rng: np.random.Generator, population: Population, infectious: Ints, day: int) -> Contacts:
    """Each infectious person with everyone of the household, at night when all are home."""
    home = population.home[infectious]
    target, owner = expanded(population.home_first[home], population.home_first[home + 1])
    other = target != infectious[owner]
    target, owner = target[other], owner[other]
    moment = day + rng.uniform(*_NIGHT, len(target)) / MINUTES
    setting = np.full(len(target), Setting.HOUSEHOLD, dtype=np.int64)
    return Contacts(infectious[owner], target, moment, np.full(len(target), AT_HOME), setting, home[owner])


def at_venues(
    rng: np.random.Generator, visits: Visits, venues: Venues, groups: Groups, infectious: Ints, day: int
) -> Contacts:
    """Each infectious visitor with everyone whose stay overlapped, class and team mates more than
    passers-by.
    """
    flag = np.zeros(len(groups.group), dtype=np.bool_)
    flag[infectious] = True
    sources = np.flatnonzero(flag[visits.person])
    touched = np.zeros(len(venues), dtype=np.bool_)
    touched[visits.venue[sources]] = True
    present = np.flatnonzero(touched[visits.venue])
    order, first = grouped(visits.venue[present], len(venues))
    place = visits.venue[sources]
    position, owner = expanded(first[place], first[place + 1])
    source, other = sources[owner], present[order[position]]
    begin = np.maximum(visits.start[source], visits.start[other])
    minutes = np.minimum(visits.end[source], visits.end[other]) - begin
    together = (minutes > 0) & (visits.person[source] != visits.person[other])
    source, other, owner = source[together], other[together], owner[together]
    crowd = np.bincount(owner, minlength=len(sources))[owner]
    hazard, setting = _hazards(visits, venues, groups, source, other, minutes[together] / 60.0, crowd)
    moment = day + (begin[together] + rng.random(len(source)) * minutes[together]) / MINUTES
    return Contacts(
        visits.person[source], visits.person[other], moment, hazard, setting, visits.venue[source]
    )


def _hazards(
    visits: Visits, venues: Venues, groups: Groups, source: Ints, other: Ints, hours: Floats, crowd: Ints
) -> tuple[Floats, Ints]:
    """Hazard and setting of each pair of visits at one venue."""
    a, b, venue = visits.person[source], visits.person[other], visits.venue[source]
    mates = (groups.group[a] == groups.group[b]) & (groups.venue[a] == venue)
    colleagues = (groups.venue[a] == venue) & (groups.venue[b] == venue) & ~mates
    closeness = np.minimum(1.0, CLOSE_CONTACTS / np.maximum(crowd, 1)) * np.where(colleagues, OTHER_TEAM, 1.0)
    masks = np.where(visits.masked[source], MASK, 1.0) * np.where(visits.masked[other], MASK, 1.0)
    air = np.where(venues.indoor[venue], 1.0, OUTDOORS)
    passing = AT_VENUE * hours * closeness * masks * air
    hazard = np.where(mates & (groups.group[a] >= 0), IN_GROUP * hours / _HOURS_IN_GROUP, passing)
    return hazard, np.where(mates, Setting.GROUP, Setting.VENUE).astype(np.int64)
