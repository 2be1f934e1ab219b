"""The order of doses, and what a corrected one counts as."""

from datetime import date

import pytest

from lachan.systems.vaccination.rules.corrections import Numbered, in_order, ordinal

JAN, MAR, MAY = date(2022, 1, 5), date(2022, 3, 5), date(2022, 5, 5)


@pytest.mark.parametrize(
    ("doses", "fits"),
    [
        ([("primary", 1, JAN), ("primary", 2, MAR), ("booster", 1, MAY)], True),
        ([("booster", 1, MAY), ("primary", 2, MAR)], True),
        ([("primary", 2, MAR)], True),
        ([], True),
        ([("primary", 1, MAR), ("primary", 2, JAN)], False),
        ([("primary", 1, JAN), ("primary", 2, JAN)], False),
        ([("booster", 1, JAN), ("additional", 1, MAR)], False),
    ],
)
def test_doses_follow_each_other_as_they_are_counted(doses: list[tuple[str, int, date]], fits: bool) -> None:
    assert in_order(Numbered(*dose) for dose in doses) is fits


@pytest.mark.parametrize(
    ("dose", "primary", "others", "nth"),
    [
        (("primary", 1, JAN), 2, [], 1),
        (("primary", 2, MAR), 2, [], 2),
        (("primary", 2, MAR), 2, [JAN, MAY], 2),
        (("booster", 1, MAY), 1, [JAN], 2),
        (("booster", 1, MAY), 2, [], 3),
        (("booster", 1, date(2022, 9, 1)), 2, [JAN, MAR, MAY], 4),
    ],
)
def test_a_dose_counts_no_less_than_its_number(
    dose: tuple[str, int, date], primary: int, others: list[date], nth: int
) -> None:
    assert ordinal(Numbered(*dose), primary, [Numbered("primary", 1, on) for on in others]) == nth
