import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core.phones import BadPhone, parse_phone

mobiles = st.from_regex(r"[35789][0-9]{8}", fullmatch=True)


def reason(text: str) -> str:
    try:
        return f"accepted {parse_phone(text)}"
    except BadPhone as refused:
        return refused.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0912.345.678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("(+84) 912-345-678", "+84912345678"),
        ("+84 (0)912 345 678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("912345678", "+84912345678"),
        ("842345678", "+84842345678"),
        ("0842345678", "+84842345678"),
        ("０９１２３４５６７８", "+84912345678"),
        ("024 3827 3000", "+842438273000"),
        ("+856 20 5555 1234", "+8562055551234"),
        ("001 202 555 0123", "+12025550123"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, expected: str) -> None:
    assert parse_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "phone-empty"),
        (" - ", "phone-empty"),
        ("không có", "phone-shape"),
        ("0912345678\0", "phone-shape"),
        ("09+12345678", "phone-shape"),
        ("+", "phone-shape"),
        ("091234567", "phone-vietnam"),
        ("09123456789", "phone-vietnam"),
        ("01234567890", "phone-vietnam"),
        ("115", "phone-vietnam"),
        ("+84 115", "phone-vietnam"),
        ("+0912345678", "phone-length"),
        ("+1234567890123456", "phone-length"),
        ("0" * 1_000_000, "phone-length"),
    ],
)
def test_refused_numbers_have_reasons(text: str, expected: str) -> None:
    assert reason(text) == expected


@given(
    mobiles,
    st.sampled_from(["0", "+84", "84", "0084", "", "+84 0"]),
    st.integers(0, 9),
    st.sampled_from(" .-"),
)
def test_one_mobile_number_has_one_form(subscriber: str, prefix: str, place: int, between: str) -> None:
    stored = parse_phone(prefix + subscriber[:place] + between + subscriber[place:])
    assert stored == f"+84{subscriber}"
    assert parse_phone(stored) == stored


@given(st.text(max_size=60) | st.text("+0123456789 .", max_size=16))
def test_any_text_is_a_number_or_a_named_refusal(text: str) -> None:
    verdict = reason(text)
    if not verdict.startswith("phone-"):
        assert reason(verdict.removeprefix("accepted ")) == verdict
