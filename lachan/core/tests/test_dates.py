from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core.dates import BadDate, BirthDate, parse_birth_date

TODAY = date(2021, 9, 15)
births = st.dates(date(1890, 1, 1), TODAY)
partial = st.tuples(births, st.sampled_from("dmy")).map(
    lambda drawn: BirthDate(
        drawn[0].year, None if drawn[1] == "y" else drawn[0].month, drawn[0].day if drawn[1] == "d" else None
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/3/1950", BirthDate(1950, 3, 5)),
        ("05-03-1950", BirthDate(1950, 3, 5)),
        (" 05 . 03 . 1950 ", BirthDate(1950, 3, 5)),
        ("05031950", BirthDate(1950, 3, 5)),
        ("1950-03-05", BirthDate(1950, 3, 5)),
        ("1989/3/3", BirthDate(1989, 3, 3)),
        ("3/1950", BirthDate(1950, 3)),
        ("1950-03", BirthDate(1950, 3)),
        ("1950", BirthDate(1950)),
        ("１９５０", BirthDate(1950)),
        ("29/2/2020", BirthDate(2020, 2, 29)),
        ("2021", BirthDate(2021)),
        ("15/9/2021", BirthDate(2021, 9, 15)),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, expected: BirthDate) -> None:
    assert parse_birth_date(text, TODAY) == expected


def reason(text: str) -> str:
    try:
        return f"accepted {parse_birth_date(text, TODAY).text}"
    except BadDate as refused:
        return refused.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "date-empty"),
        ("  ", "date-empty"),
        ("5/3/50", "date-shape"),
        ("hôm qua", "date-shape"),
        ("1950\0", "date-shape"),
        ("19½", "date-shape"),
        ("1" * 1_000_000, "date-shape"),
        ("1950" + " " * 100, "date-shape"),
        ("31/2/1950", "date-impossible"),
        ("29/2/2021", "date-impossible"),
        ("0/3/1950", "date-impossible"),
        ("5/0/1950", "date-impossible"),
        ("0/1950", "date-impossible"),
        ("3/13/1950", "date-impossible"),
        ("16/9/2021", "date-future"),
        ("10/2021", "date-future"),
        ("2022", "date-future"),
        ("1889", "date-too-early"),
        ("0000", "date-too-early"),
    ],
)
def test_refused_dates_have_reasons(text: str, expected: str) -> None:
    assert reason(text) == expected


@given(partial)
def test_written_date_is_read_back(born: BirthDate) -> None:
    assert parse_birth_date(born.text, TODAY) == born


@given(st.text(max_size=60) | st.text("0123456789/-. ", max_size=12))
def test_any_text_is_a_date_or_a_named_refusal(text: str) -> None:
    assert reason(text).startswith(("accepted ", "date-"))


@given(partial, st.dates(date(1890, 1, 1), date(2100, 1, 1)), st.data())
def test_age_is_never_more_than_the_true_age(born: BirthDate, day: date, data: st.DataObject) -> None:
    true_birth = data.draw(st.dates(born.earliest, born.latest))
    true_age = BirthDate(true_birth.year, true_birth.month, true_birth.day).age_on(day)
    assert 0 <= born.age_on(day) <= true_age <= born.age_on(day) + 1


@given(births.filter(lambda born: (born.month, born.day) != (2, 29)), st.integers(1, 100))
def test_age_grows_on_the_birthday(born: date, years: int) -> None:
    exact = BirthDate(born.year, born.month, born.day)
    birthday = born.replace(year=born.year + years)
    assert exact.age_on(birthday) == years
    assert exact.age_on(birthday - timedelta(days=1)) == years - 1


def test_only_the_year_known_counts_from_its_end() -> None:
    assert BirthDate(2009).age_on(date(2021, 12, 30)) == 11
    assert BirthDate(2009).age_on(date(2021, 12, 31)) == 12


def test_born_on_a_leap_day_is_older_in_march() -> None:
    assert BirthDate(2008, 2, 29).age_on(date(2021, 2, 28)) == 12
    assert BirthDate(2008, 2, 29).age_on(date(2021, 3, 1)) == 13
