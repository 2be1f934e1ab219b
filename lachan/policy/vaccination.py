"""Who may be given which dose when, by dated rules. Days count from the dose before; ages are in whole years.

Rows name products by their code. A row's `verified` says whether its text was seen; `unverified` names the fields
of a verified row that the text did not settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.policy.basis import RuleSet

Family = Literal["mrna", "vector", "inactivated", "protein"]
Storage = Literal["ultra_cold", "frozen", "cold"]
Conclusion = Literal["contraindicated", "defer", "hospital", "careful"]
Asked = Literal["everyone", "women", "children"]
Indication = Literal["immunocompromised", "course"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A vaccine as licensed here. `mp` is its code on certificates.

    `least_days[n]` must pass between primary dose n+1 and the next, `latest_days[n]` should not (it is told, not
    refused; empty: no limit is known). A vial holds `vial_doses`, at most `vial_most` can be drawn from it.
    `storage`: ultra_cold -80 to -60 °C, frozen -25 to -15 °C, cold 2 to 8 °C.
    """

    code: str
    name: str
    mp: str
    family: Family
    approved_on: date
    primary_doses: int
    least_days: tuple[int, ...] = ()
    latest_days: tuple[int, ...] = ()
    dose_ml: float
    vial_doses: int
    vial_most: int
    opened_hours: int
    storage: Storage
    least_age: int
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """After a primary dose of `after` the next may be one of `then`, with written consent if `consent`."""

    after: str
    then: tuple[str, ...]
    least_days: int
    consent: bool = False
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalDose:
    """One more dose that completes a primary course: one of `then`, or the product of the course.

    `indication`: for people whose immune system is weak, or for everyone whose course was of a product in `after`.
    """

    indication: Indication
    after: tuple[str, ...] = ()
    then: tuple[str, ...]
    same_as_course: bool
    least_days: int
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Booster:
    """Booster number `number` after a course of a product in `after` (empty: any): one of `then`.

    `same_as_course`: the product of the course will do as well.
    """

    number: int
    after: tuple[str, ...] = ()
    then: tuple[str, ...]
    same_as_course: bool
    least_days: int
    least_age: int
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """People from `from_age` to below `to_age` (None: no end) may be given `products`."""

    from_age: int
    to_age: int | None = None
    products: tuple[str, ...]
    guardian_consent: bool
    same_product: bool
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityGroup:
    """Who comes first. `rank` 1 is served before 2."""

    code: str
    rank: int
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the screening form; a yes leads to `yes`, whatever the others say (the gravest counts)."""

    code: str
    text_vi: str
    text_en: str
    yes: Conclusion
    asked: Asked = "everyone"
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    """Outside these limits a sign is abnormal: °C, beats and breaths a minute, mmHg, whole years of age.

    So is a systolic pressure more than `systolic_rise` above the person's usual one. Blood pressure is measured for
    those with a reason and for those older than `pressure_above_age`.
    """

    temperature_low: float
    temperature_high: float
    pulse_low: int
    pulse_high: int
    systolic_low: int
    systolic_high: int
    systolic_rise: int
    diastolic_low: int
    diastolic_high: int
    breaths_high: int
    pressure_above_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a campaign, which began at `since`, is to reach `by` a day: `least` per cent of adults or of everybody with
    `step`, or so many million doses given."""

    code: str
    who: Literal["adults", "everybody", "doses"]
    step: Literal["first", "complete", ""] = ""
    least: float
    since: date
    by: date | None = None
    verified: bool = True
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccinationPolicy(RuleSet):
    """Products, courses, boosters, the order of people, the screening form, and the clocks after an injection.

    A course counts as complete `complete_after_days` after its last dose. A serious reaction is to be
    investigated within `investigate_hours`; the council meets within `council_working_days`.
    """

    products: tuple[Product, ...]
    mixes: tuple[Mix, ...] = ()
    additional: tuple[AdditionalDose, ...] = ()
    boosters: tuple[Booster, ...] = ()
    ages: tuple[AgeBand, ...]
    groups: tuple[PriorityGroup, ...]
    questions: tuple[Question, ...]
    vital_signs: VitalSigns
    goals: tuple[Goal, ...] = ()
    screening_decision: str
    complete_after_days: int
    observation_minutes: int
    home_watch_hours: int
    follow_up_days: int
    investigate_hours: int
    council_working_days: int

    def product(self, code: str) -> Product | None:
        """The product of this code, if it is known under these rules."""
        return next((product for product in self.products if product.code == code), None)
