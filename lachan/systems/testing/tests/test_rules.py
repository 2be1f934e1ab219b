"""What a result means for whom, what may be typed, which order a sample answers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.systems.testing import rules
from lachan.systems.testing.rules import Correction, Due, Meaning

DAY = date(2022, 1, 10)
outcomes = st.sampled_from(rules.OUTCOMES)


@pytest.mark.parametrize(
    ("text", "code"),
    [(" ab-1234 ", "AB-1234"), ("0000", "0000"), ("ABCD", None), ("A1", None), ("ống 12345", None), ("A1\x002", None),
     ("1" * 33, None), ("-1234", None), ("", None), ("Nguyễn Văn A", None)],
)  # fmt: skip
def test_a_barcode_has_letters_and_digits_and_a_digit(text: str, code: str | None) -> None:
    assert rules.read_barcode(text) == code


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("-", "negative"), ("+", "positive"), ("?", "indeterminate"), ("x", "invalid"), (" Dương tính ", "positive"),
     ("1", "positive"), ("", None), ("maybe", None)],
)  # fmt: skip
def test_an_outcome_is_one_key_or_a_word(typed: str, outcome: str | None) -> None:
    assert rules.read_outcome(typed) == outcome


@pytest.mark.parametrize(
    ("typed", "read"),
    [("-", ("negative", {})), ("+ N21,4 E23", ("positive", {"N": 21.4, "E": 23.0})),
     ("không hợp lệ", ("invalid", {})), ("+o20r21.5", ("positive", {"ORF1ab": 20.0, "RdRp": 21.5})),
     ("n", ("negative", {})), ("x", ("invalid", {})), ("dương tính s: 30", ("positive", {"S": 30.0})), ("+ 21", None),
     ("+ Q21", None), ("+ N", None), ("perhaps", None), ("", None), ("+ N21,4 junk", None), ("\x00", None)],
)  # fmt: skip
def test_one_box_holds_the_outcome_and_its_ct_values(typed: str, read: object) -> None:
    assert rules.read_bench(typed) == read


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_box(text: str) -> None:
    read = rules.read_bench(text)
    assert read is None or (read[0] in rules.OUTCOMES and set(read[1]) <= set(rules.GENES))


@pytest.mark.parametrize(
    ("assay", "ct", "fault"),
    [("pcr", {"N": 21.4}, None), ("pcr", {}, None), ("antigen", {}, None), ("antigen", {"N": 20.0}, "ct-not-pcr"),
     ("pcr", {"Q": 20.0}, "ct-gene"), ("pcr", {"N": 0.5}, "ct-range"), ("pcr", {"N": 51.0}, "ct-range"),
     ("pcr", {"N": float("nan")}, "ct-range")],
)  # fmt: skip
def test_ct_values_are_cycles_of_known_genes(assay: str, ct: dict[str, float], fault: str | None) -> None:
    assert rules.ct_fault(assay, ct) == fault


def test_the_gene_found_first_says_how_infectious_somebody_is() -> None:
    assert rules.lowest_ct({"N": 29.0, "E": 31.5}) == 29.0
    assert rules.lowest_ct({}) is None


@given(outcomes)
def test_a_tube_of_one_is_that_persons_result(outcome: rules.Outcome) -> None:
    assert rules.meaning(outcome, people=1, lab_pool=False).told == outcome


@given(outcomes, st.integers(2, 20), st.booleans())
def test_no_positive_of_several_is_ever_anybodys_result(
    outcome: rules.Outcome, people: int, lab_pool: bool
) -> None:
    assert rules.meaning(outcome, people=people, lab_pool=lab_pool).told != "positive"


@given(st.integers(1, 20), st.booleans())
def test_a_negative_clears_everybody_in_it(people: int, lab_pool: bool) -> None:
    assert rules.meaning("negative", people=people, lab_pool=lab_pool) == Meaning("negative")


def test_a_laboratory_pool_asks_for_no_swab_because_its_tubes_are_stored() -> None:
    assert not any(rules.meaning(o, people=0, lab_pool=True).swab_again for o in rules.OUTCOMES)


@given(outcomes, outcomes, st.integers(1, 5), st.booleans())
def test_an_amendment_back_and_forth_ends_where_it_began(
    first: rules.Outcome, second: rules.Outcome, people: int, lab_pool: bool
) -> None:
    a = rules.meaning(first, people=people, lab_pool=lab_pool)
    b = rules.meaning(second, people=people, lab_pool=lab_pool)
    there, back = rules.correction(a, b), rules.correction(b, a)
    if there and back and a.told and b.told:
        assert (there.outcome, there.previous) == (back.previous, back.outcome)


def test_what_no_longer_holds_for_anybody_becomes_indeterminate() -> None:
    assert rules.correction(Meaning("negative"), Meaning(None)) == Correction("indeterminate", "negative")
    assert rules.correction(Meaning(None), Meaning("negative")) == Correction("negative", None)
    assert rules.correction(Meaning(None), Meaning(None)) is None


def test_only_an_indeterminate_tube_is_run_again() -> None:
    assert [o for o in rules.OUTCOMES if rules.may_run_again(o, lab_pool=False)] == ["indeterminate"]
    assert not rules.may_run_again("indeterminate", lab_pool=True)


def test_a_sample_answers_the_latest_order_that_was_due() -> None:
    orders = [Due(1, DAY - timedelta(7)), Due(2, DAY), Due(3, DAY + timedelta(1))]
    assert rules.answered(orders, DAY) == (2, (1,))
    assert rules.answered(orders[2:], DAY) == (None, ())


days = st.dates(DAY, DAY + timedelta(20))


@given(st.sets(days), st.sets(days), st.sets(days))
def test_after_replanning_the_open_days_are_those_wanted_and_not_done(
    wanted: set[date], planned: set[date], done: set[date]
) -> None:
    open_orders = [Due(n, day) for n, day in enumerate(sorted(planned - done))]
    cancel, add = rules.replanned(wanted, open_orders, done)
    left = {o.due_on for o in open_orders if o.order_id not in cancel}
    assert left | set(add) == wanted - (done - left)
    assert not left & set(add)
