"""Rows and seats: layouts as airlines draw them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.systems.arrivals.rules.seats import (
    COACH_STEP,
    KNOWN_LAYOUTS,
    BadSeat,
    read_layout,
    rows_between,
)


def row(layout: str, label: str) -> int | None:
    return read_layout(layout).spot(label).row


@pytest.mark.parametrize(
    ("layout", "label", "index"),
    [
        ("1-30 ABC-DEF", "1A", 0),
        ("1-30 ABC-DEF; !13", "12F", 11),
        ("1-30 ABC-DEF; !13", "14A", 12),
        ("1-3 AC-DG-HK; 10-36 ABC-DEG-HJK", "10J", 3),
        ("A321", " 03 a", 2),
        ("A321", "A12", 11),
        ("1-45/4", "5", 1),
        ("1-45/4", "45", 11),
        ("10x 1-64/4", "1-4", 0),
        ("10x 1-64/4", "3/5", 2 * COACH_STEP + 1),
        ("", "12A", 12),
        ("", "C204", None),
        ("", "B2041", None),
    ],
)
def test_a_label_is_a_row_counted_from_the_front(layout: str, label: str, index: int | None) -> None:
    assert row(layout, label) == index


def test_no_row_thirteen_makes_twelve_and_fourteen_neighbours() -> None:
    before, behind = row("A321", "12A"), row("A321", "14F")
    assert before is not None
    assert behind is not None
    assert rows_between(before, behind) == 1


@pytest.mark.parametrize(
    ("layout", "label", "code"),
    [
        ("1-30 ABC-DEF; !13", "13A", "seat-not-there"),
        ("1-30 ABC-DEF", "31A", "seat-not-there"),
        ("1-30 AC-DF", "1B", "seat-not-there"),
        ("1-30 ABC-DEF", "12", "seat-shape"),
        ("1-30 ABC-DEF", "", "seat-shape"),
        ("1-45/4", "46", "seat-not-there"),
        ("1-45/4", "1-4", "seat-shape"),
        ("10x 1-64/4", "4", "seat-shape"),
        ("10x 1-64/4", "11-4", "seat-not-there"),
        ("", "!", "seat-shape"),
        ("", "12345678", "seat-shape"),
    ],
)
def test_a_seat_that_is_not_there_is_refused(layout: str, label: str, code: str) -> None:
    with pytest.raises(BadSeat) as refused:
        row(layout, label)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        ("abc", "layout-shape"),
        ("1-30", "layout-shape"),
        ("1-30 ABC-DEF; !x", "layout-shape"),
        ("x" * 300, "layout-shape"),
        ("!13", "layout-rows"),
        ("30-1 ABC", "layout-rows"),
        ("0-5 ABC", "layout-rows"),
        ("1-10 ABC; 10-20 ABC", "layout-rows"),
        ("1-10 ABA", "layout-rows"),
        ("1-10 ABC; 11-20/4", "layout-rows"),
        ("13-13 ABC; !13", "layout-rows"),
        ("1-99 ABC", "layout-rows"),
        ("41x 1-4/4", "layout-rows"),
        ("2x 1-4 AB", "layout-rows"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(layout: str, code: str) -> None:
    with pytest.raises(BadSeat) as refused:
        read_layout(layout)
    assert refused.value.code == code


def test_crew_serve_their_cabin_or_the_whole_vessel() -> None:
    plane, train = read_layout("1-3 AC-DG; 10-29 ABC-DEF; !13"), read_layout("3x 1-8/4")
    assert [plane.crew_rows(n) for n in (None, 1, 2)] == [(0, 21), (0, 2), (3, 21)]
    assert [train.crew_rows(n) for n in (None, 2)] == [(0, 201), (100, 101)]
    assert read_layout("").crew_rows(None) is None
    with pytest.raises(BadSeat) as refused:
        plane.crew_rows(3)
    assert refused.value.code == "cabin-not-there"


@pytest.mark.parametrize("layout", [*KNOWN_LAYOUTS, "1-3 AC-DG-HK; 10-36 ABC-DEG-HJK; !13", "3x 1-10/4"])
def test_every_seat_of_the_map_is_found_in_its_row(layout: str) -> None:
    known = read_layout(layout)
    rows = list(known.seat_map())
    assert [known.spot(label) for r in rows for block in r.blocks for label in block] == [
        known.spot(label).__class__(label, r.index) for r in rows for block in r.blocks for label in block
    ]
    assert [r.index for r in rows] == sorted({r.index for r in rows})


@given(st.text("0123456789ABCDEFG-/x;! ", max_size=30), st.text(max_size=8))
def test_any_text_is_a_seat_or_a_refusal(layout: str, label: str) -> None:
    codes = {"", "layout-shape", "layout-rows", "seat-shape", "seat-not-there"}
    assert refusal(layout, label) in codes


def refusal(layout: str, label: str) -> str:
    try:
        read_layout(layout).spot(label)
    except BadSeat as refused:
        return refused.code
    return ""
