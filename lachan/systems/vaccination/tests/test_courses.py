"""Which dose comes next: courses, mixing, additional doses, boosters, ages, by the rules of the day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import VaccinationPolicy, load
from lachan.systems.vaccination.rules.courses import (
    Dose,
    DoseKind,
    Offer,
    Recipient,
    Refused,
    judge_dose,
    next_dose,
)

ADULT = date(1980, 5, 20)


def rules(on: date) -> VaccinationPolicy:
    policy = load("vn/covid19").at(on).vaccination
    assert policy is not None
    return policy


def dose(product: str, on: date, kind: DoseKind = "primary") -> Dose:
    return Dose(product=product, on=on, kind=kind)


def course(product: str, *days: date) -> Recipient:
    return Recipient(born_by=ADULT, doses=tuple(dose(product, day) for day in days))


def judged(
    recipient: Recipient, product: str, on: date, *, consent: bool = False, guardian: bool = False
) -> str:
    """ "primary 2/2", or the code of the refusal."""
    found = judge_dose(
        recipient, product=product, on=on, policy=rules(on), consent=consent, guardian_consent=guardian
    )
    return found.code if isinstance(found, Refused) else f"{found.kind} {found.number}/{found.choices[0].of}"


def first_day(recipient: Recipient, product: str, asked: date) -> date | None:
    found = next_dose(recipient, on=asked, policy=rules(asked))
    choice = found.choice(product) if isinstance(found, Offer) else None
    return choice.from_on if choice else None


def test_a_first_dose_is_of_any_product_that_is_licensed_by_then() -> None:
    offer = next_dose(Recipient(born_by=ADULT), on=date(2021, 6, 5), policy=rules(date(2021, 6, 5)))
    assert isinstance(offer, Offer)
    assert [choice.product for choice in offer.choices] == ["vaxzevria", "sputnik-v", "vero-cell"]


@pytest.mark.parametrize(
    ("product", "waits"),
    [
        ("vaxzevria", 28),
        ("sputnik-v", 21),
        ("vero-cell", 21),
        ("comirnaty", 21),
        ("spikevax", 28),
        ("covaxin", 28),
    ],
)
def test_the_second_dose_of_a_product_waits_its_interval(product: str, waits: int) -> None:
    began = date(2021, 11, 15)
    recipient = course(product, began)
    assert judged(recipient, product, began + timedelta(days=waits - 1)) == "too-early"
    assert judged(recipient, product, began + timedelta(days=waits)) == "primary 2/2"
    assert first_day(recipient, product, began) == began + timedelta(days=waits)


def test_abdala_has_three_doses_and_janssen_one() -> None:
    began = date(2021, 10, 1)
    assert judged(course("abdala", began, date(2021, 10, 15)), "abdala", date(2021, 10, 29)) == "primary 3/3"
    assert judged(course("janssen", began), "janssen", date(2021, 11, 29)) == "course-complete"


@pytest.mark.parametrize(
    ("first", "second", "on", "verdict"),
    [
        ("vaxzevria", "comirnaty", date(2021, 8, 9), "wrong-mix"),
        ("vaxzevria", "comirnaty", date(2021, 8, 10), "too-early"),
        ("vaxzevria", "comirnaty", date(2021, 9, 1), "mix-consent-missing"),
        ("vaxzevria", "spikevax", date(2021, 9, 1), "wrong-mix"),
        ("comirnaty", "spikevax", date(2021, 9, 7), "wrong-mix"),
        ("comirnaty", "spikevax", date(2021, 9, 8), "primary 2/2"),
        ("spikevax", "comirnaty", date(2021, 9, 8), "primary 2/2"),
        ("comirnaty", "vaxzevria", date(2021, 9, 8), "wrong-mix"),
        ("vero-cell", "comirnaty", date(2021, 9, 8), "wrong-mix"),
    ],
)
def test_mixing_follows_the_letters_of_the_day(first: str, second: str, on: date, verdict: str) -> None:
    began = on - timedelta(days=30 if verdict == "too-early" else 70)
    assert judged(course(first, began), second, on) == verdict


def test_a_mixed_second_dose_is_given_with_consent() -> None:
    recipient = course("vaxzevria", date(2021, 6, 20))
    assert judged(recipient, "comirnaty", date(2021, 9, 1), consent=True) == "primary 2/2"


def test_a_mixed_course_keeps_the_number_of_doses_of_its_first_product() -> None:
    mixed = Recipient(
        born_by=ADULT, doses=(dose("vaxzevria", date(2021, 6, 20)), dose("comirnaty", date(2021, 9, 1)))
    )
    assert judged(mixed, "comirnaty", date(2021, 11, 1)) == "course-complete"


def test_sinopharm_is_completed_by_an_additional_dose_before_a_booster() -> None:
    done = course("vero-cell", date(2021, 8, 1), date(2021, 8, 25))
    assert judged(done, "comirnaty", date(2021, 11, 30)) == "course-complete"
    assert judged(done, "comirnaty", date(2021, 12, 1)) == "additional 1/2"
    more = Recipient(born_by=ADULT, doses=(*done.doses, dose("comirnaty", date(2021, 12, 1), "additional")))
    assert judged(more, "comirnaty", date(2021, 12, 20)) == "too-early"
    assert judged(more, "comirnaty", date(2022, 3, 1)) == "booster 1/2"


def test_a_weak_immune_system_gets_an_additional_dose_after_28_days() -> None:
    weak = Recipient(
        born_by=ADULT,
        immunocompromised=True,
        doses=course("comirnaty", date(2021, 10, 20), date(2021, 11, 10)).doses,
    )
    assert judged(weak, "comirnaty", date(2021, 12, 7)) == "too-early"
    assert judged(weak, "comirnaty", date(2021, 12, 8)) == "additional 1/2"


def test_the_booster_comes_after_six_months_and_from_17_december_after_three() -> None:
    done = course("comirnaty", date(2021, 8, 1), date(2021, 8, 29))
    assert judged(done, "comirnaty", date(2021, 12, 16)) == "too-early"
    assert judged(done, "comirnaty", date(2021, 12, 17)) == "booster 1/2"


def test_astrazeneca_boosts_its_own_course_and_from_march_2022_an_mrna_one() -> None:
    own = course("vaxzevria", date(2021, 5, 1), date(2021, 7, 1))
    mrna = course("comirnaty", date(2021, 8, 1), date(2021, 8, 29))
    assert judged(own, "vaxzevria", date(2022, 1, 10)) == "booster 1/2"
    assert judged(mrna, "vaxzevria", date(2022, 1, 10)) == "wrong-mix"
    assert judged(mrna, "vaxzevria", date(2022, 3, 1)) == "booster 1/2"


def test_a_mixed_course_is_boosted_by_an_mrna_product_only() -> None:
    mixed = Recipient(
        born_by=ADULT, doses=(dose("vaxzevria", date(2021, 6, 20)), dose("comirnaty", date(2021, 9, 1)))
    )
    offer = next_dose(mixed, on=date(2022, 1, 10), policy=rules(date(2022, 1, 10)))
    assert isinstance(offer, Offer)
    assert [choice.product for choice in offer.choices] == ["comirnaty", "spikevax"]


def test_a_second_booster_comes_in_june_2022_and_says_that_its_interval_was_not_seen() -> None:
    boosted = Recipient(
        born_by=ADULT,
        doses=(
            *course("comirnaty", date(2021, 8, 1), date(2021, 8, 29)).doses,
            dose("comirnaty", date(2021, 12, 20), "booster"),
        ),
    )
    assert judged(boosted, "comirnaty", date(2022, 6, 22)) == "course-complete"
    assert judged(boosted, "comirnaty", date(2022, 6, 23)) == "booster 2/2"
    offer = next_dose(boosted, on=date(2022, 6, 23), policy=rules(date(2022, 6, 23)))
    assert isinstance(offer, Offer)
    assert not any(choice.verified for choice in offer.choices)


@pytest.mark.parametrize(
    ("born", "product", "on", "guardian", "verdict"),
    [
        (date(2005, 1, 1), "comirnaty", date(2021, 10, 13), True, "too-young"),
        (date(2005, 1, 1), "comirnaty", date(2021, 10, 14), False, "guardian-consent-missing"),
        (date(2005, 1, 1), "comirnaty", date(2021, 10, 14), True, "primary 1/2"),
        (date(2005, 1, 1), "vaxzevria", date(2021, 10, 14), True, "product-not-for-age"),
        (date(2009, 10, 15), "comirnaty", date(2021, 10, 14), True, "too-young"),
        (date(2009, 10, 14), "comirnaty", date(2021, 10, 14), True, "primary 1/2"),
        (date(2014, 1, 1), "comirnaty", date(2022, 6, 23), True, "primary 1/2"),
        (date(2018, 1, 1), "comirnaty", date(2022, 6, 23), True, "too-young"),
    ],
)
def test_young_people_need_a_guardian_and_a_product_for_their_age(
    born: date, product: str, on: date, guardian: bool, verdict: str
) -> None:
    assert judged(Recipient(born_by=born), product, on, guardian=guardian) == verdict


def test_young_people_get_both_doses_of_the_same_product() -> None:
    young = Recipient(born_by=date(2005, 1, 1), doses=(dose("comirnaty", date(2021, 10, 20)),))
    assert judged(young, "spikevax", date(2021, 12, 1), guardian=True) == "wrong-mix"
    assert judged(young, "comirnaty", date(2021, 12, 1), guardian=True) == "primary 2/2"


@pytest.mark.parametrize(
    ("product", "on", "verdict"),
    [
        ("sputnik-x", date(2021, 10, 1), "product-unknown"),
        ("covaxin", date(2021, 11, 9), "product-not-approved"),
        ("vaxzevria", date(2021, 9, 30), "before-an-earlier-dose"),
    ],
)
def test_what_cannot_be_is_refused(product: str, on: date, verdict: str) -> None:
    assert judged(course("vaxzevria", date(2021, 10, 1)), product, on) == verdict


def test_nobody_is_vaccinated_before_birth() -> None:
    assert judged(Recipient(born_by=date(2021, 10, 2)), "vaxzevria", date(2021, 10, 1)) == "before-birth"


def test_who_was_born_on_29_february_is_older_on_1_march() -> None:
    leap = Recipient(born_by=date(2004, 2, 29))
    assert (leap.age(date(2022, 2, 28)), leap.age(date(2022, 3, 1))) == (17, 18)


DAYS = st.dates(date(2021, 3, 8), date(2023, 1, 1))
CODES = st.sampled_from([product.code for product in rules(date(2022, 7, 1)).products])
BIRTHS = st.dates(date(1930, 1, 1), date(2018, 1, 1))


@given(born=BIRTHS, plan=st.lists(st.tuples(CODES, DAYS), max_size=8), weak=st.booleans())
def test_doses_that_were_allowed_never_come_too_close_or_too_many(
    born: date, plan: list[tuple[str, date]], weak: bool
) -> None:
    given_doses: list[Dose] = []
    for product, on in sorted(plan, key=lambda entry: entry[1]):
        recipient = Recipient(born_by=born, doses=tuple(given_doses), immunocompromised=weak)
        verdict = judge_dose(
            recipient, product=product, on=on, policy=rules(on), consent=True, guardian_consent=True
        )
        if isinstance(verdict, Offer):
            given_doses.append(dose(product, on, verdict.kind))
    gaps = [(later.on - earlier.on).days for earlier, later in pairwise(given_doses)]
    assert all(gap >= 14 for gap in gaps)
    assert len([d for d in given_doses if d.kind == "primary"]) <= 3
    assert len([d for d in given_doses if d.kind == "additional"]) <= 1
    assert len([d for d in given_doses if d.kind == "booster"]) <= 2


@given(born=BIRTHS, product=CODES, began=DAYS, asked=st.integers(0, 400))
def test_an_offer_keeps_its_word(born: date, product: str, began: date, asked: int) -> None:
    recipient = Recipient(born_by=born, doses=(dose(product, began),))
    on = began + timedelta(days=asked)
    offer = next_dose(recipient, on=on, policy=rules(on))
    for choice in offer.choices if isinstance(offer, Offer) else ():
        day = max(choice.from_on, on)
        policy = rules(on)
        assert isinstance(
            judge_dose(
                recipient, product=choice.product, on=day, policy=policy, consent=True, guardian_consent=True
            ),
            Offer,
        ) or recipient.age(day) != recipient.age(on)
