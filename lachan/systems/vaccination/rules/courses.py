"""Which dose comes next, and whether this one may be given.

A course is that of its first product: it has as many primary doses as that product needs, whoever made the later
ones. An additional dose completes it where the policy asks for one; boosters follow. Days are local dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from lachan.policy import Product, VaccinationPolicy
from lachan.policy.vaccination import AgeBand, Booster

DoseKind = Literal["primary", "additional", "booster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose that was given: the product's code, the day, and as which dose."""

    product: str
    on: date
    kind: DoseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """`born_by`: the latest day on which the person may have been born (31 December where only the year is known)."""

    born_by: date
    doses: tuple[Dose, ...] = ()
    immunocompromised: bool = False

    def of_kind(self, kind: DoseKind) -> list[Dose]:
        """The doses of this kind, the first first."""
        return sorted((dose for dose in self.doses if dose.kind == kind), key=lambda dose: dose.on)

    def age(self, on: date) -> int:
        """Whole years on this day; who was born on 29 February is a year older on 1 March."""
        return on.year - self.born_by.year - ((on.month, on.day) < (self.born_by.month, self.born_by.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A product that may be given from `from_on`, better not after `until_on`, as one of `of` primary doses.

    `verified`: its rule was seen in a source.
    """

    product: str
    of: int
    from_on: date
    until_on: date | None = None
    consent: bool = False
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The next dose, `number` of its kind, and the products to choose from."""

    kind: DoseKind
    number: int
    guardian_consent: bool
    choices: tuple[Choice, ...]

    def choice(self, product: str) -> Choice | None:
        """The choice of this product, if it is one."""
        return next((choice for choice in self.choices if choice.product == product), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """`code` says why; `from_on` is the first day on which it may be given, where waiting helps.

    Codes: product-unknown, product-not-approved, before-birth, before-an-earlier-dose, too-young,
    product-not-for-age, too-early, wrong-mix, mix-consent-missing, guardian-consent-missing, course-complete.
    """

    code: str
    from_on: date | None = None


def next_dose(recipient: Recipient, *, on: date, policy: VaccinationPolicy) -> Offer | Refused:
    """What may be given next, on `on` or later, by the policy of that day."""
    band = _band(recipient, on, policy)
    if band is None:
        return Refused(code="too-young")
    choices = _following(recipient, band, on, policy)
    if choices is None:
        return Refused(code="course-complete")
    kind, number, found = choices
    allowed = tuple(choice for choice in found if _licensed(choice, band, on, policy))
    return Offer(kind=kind, number=number, guardian_consent=band.guardian_consent, choices=allowed)


def judge_dose(
    recipient: Recipient,
    *,
    product: str,
    on: date,
    policy: VaccinationPolicy,
    consent: bool = False,
    guardian_consent: bool = False,
) -> Offer | Refused:
    """The offer of this product alone, or why it may not be given on this day."""
    refused = _impossible(recipient, product, on, policy)
    if refused:
        return refused
    offer = next_dose(recipient, on=on, policy=policy)
    if isinstance(offer, Refused):
        return offer
    choice = offer.choice(product)
    if choice is None:
        return Refused(code=_why_not(recipient, product, on, policy))
    if on < choice.from_on:
        return Refused(code="too-early", from_on=choice.from_on)
    if choice.consent and not consent:
        return Refused(code="mix-consent-missing")
    if offer.guardian_consent and not guardian_consent:
        return Refused(code="guardian-consent-missing")
    return replace(offer, choices=(choice,))


def _impossible(recipient: Recipient, code: str, on: date, policy: VaccinationPolicy) -> Refused | None:
    product = policy.product(code)
    if product is None:
        return Refused(code="product-unknown")
    if on < product.approved_on:
        return Refused(code="product-not-approved", from_on=product.approved_on)
    if on < recipient.born_by:
        return Refused(code="before-birth")
    if any(on < dose.on for dose in recipient.doses):
        return Refused(code="before-an-earlier-dose")
    return None


def _why_not(recipient: Recipient, product: str, on: date, policy: VaccinationPolicy) -> str:
    band = _band(recipient, on, policy)
    return "wrong-mix" if band and product in band.products else "product-not-for-age"


def _band(recipient: Recipient, on: date, policy: VaccinationPolicy) -> AgeBand | None:
    age = recipient.age(on)
    for band in policy.ages:
        if band.from_age <= age and (band.to_age is None or age < band.to_age):
            return band
    return None


def _licensed(choice: Choice, band: AgeBand, on: date, policy: VaccinationPolicy) -> bool:
    product = policy.product(choice.product)
    return product is not None and product.approved_on <= on and choice.product in band.products


Following = tuple[DoseKind, int, tuple[Choice, ...]]


def _following(recipient: Recipient, band: AgeBand, on: date, policy: VaccinationPolicy) -> Following | None:
    primaries = recipient.of_kind("primary")
    if not primaries:
        return "primary", 1, _any_product(on, policy)
    course = policy.product(primaries[0].product)
    needed = course.primary_doses if course else len(primaries)
    if course and len(primaries) < needed:
        return "primary", len(primaries) + 1, _next_primary(primaries, course, band, policy)
    additional = _additional(recipient, primaries, policy)
    if additional:
        return "additional", 1, additional
    number = len(recipient.of_kind("booster")) + 1
    boosters = _booster(recipient, primaries, number, on, policy)
    return ("booster", number, boosters) if boosters else None


def _any_product(on: date, policy: VaccinationPolicy) -> tuple[Choice, ...]:
    return tuple(
        Choice(product=p.code, of=p.primary_doses, from_on=on, verified=p.verified) for p in policy.products
    )


def _next_primary(
    primaries: Sequence[Dose], course: Product, band: AgeBand, policy: VaccinationPolicy
) -> tuple[Choice, ...]:
    last, index = primaries[-1], len(primaries) - 1
    same = policy.product(last.product) or course
    choices = [_same(same, course, last, index)]
    if not band.same_product:
        choices += [
            Choice(
                product=code, of=course.primary_doses, from_on=_after(last, mix.least_days), consent=mix.consent,
                verified=mix.verified and "least_days" not in mix.unverified,
            )
            for mix in policy.mixes if mix.after == last.product for code in mix.then
        ]  # fmt: skip
    return tuple(choices)


def _same(product: Product, course: Product, last: Dose, index: int) -> Choice:
    """The product of the last dose again; its own interval, or the course's where it has fewer doses."""
    intervals = product.least_days if index < len(product.least_days) else course.least_days
    latest = product.latest_days[index] if index < len(product.latest_days) else None
    return Choice(
        product=product.code,
        of=course.primary_doses,
        from_on=_after(last, intervals[index]),
        until_on=_after(last, latest) if latest else None,
        verified=product.verified and "least_days" not in product.unverified,
    )


def _additional(
    recipient: Recipient, primaries: Sequence[Dose], policy: VaccinationPolicy
) -> tuple[Choice, ...]:
    if recipient.of_kind("additional") or recipient.of_kind("booster"):
        return ()
    for row in policy.additional:
        weak = row.indication == "immunocompromised" and recipient.immunocompromised
        if weak or primaries[0].product in row.after:
            return _choices(row.then, primaries, row.same_as_course, row.least_days, row.verified)
    return ()


def _booster(
    recipient: Recipient, primaries: Sequence[Dose], number: int, on: date, policy: VaccinationPolicy
) -> tuple[Choice, ...]:
    for row in policy.boosters:
        if row.number == number and recipient.age(on) >= row.least_age and _boosts(row, primaries):
            earlier = [*primaries, *recipient.of_kind("additional"), *recipient.of_kind("booster")]
            seen = row.verified and "least_days" not in row.unverified
            return _choices(row.then, earlier, row.same_as_course, row.least_days, seen)
    return ()


def _boosts(row: Booster, primaries: Sequence[Dose]) -> bool:
    return not row.after or primaries[0].product in row.after


def _choices(
    then: Iterable[str], earlier: Sequence[Dose], same_as_course: bool, least_days: int, verified: bool
) -> tuple[Choice, ...]:
    """Products of the row; that of the course too, if all its doses were of one product."""
    course = {dose.product for dose in earlier if dose.kind == "primary"}
    same = sorted(course) if same_as_course and len(course) == 1 else []
    last = max(earlier, key=lambda dose: dose.on)
    of = sum(dose.kind == "primary" for dose in earlier)
    return tuple(
        Choice(product=code, of=of, from_on=_after(last, least_days), verified=verified)
        for code in dict.fromkeys([*then, *same])
    )


def _after(dose: Dose, days: int) -> date:
    return dose.on + timedelta(days=days)
