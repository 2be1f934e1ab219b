import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import base45

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def by_the_book(content: bytes) -> str:
    """RFC 9285, section 4, word for word."""
    text = ""
    for start in range(0, len(content), 2):
        pair = content[start : start + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, symbol = divmod(number, 45)
            text += SYMBOLS[symbol]
    return text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"", ""),
    ],
)
def test_the_examples_of_the_rfc(content: bytes, text: str) -> None:
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@given(st.binary(max_size=600))
def test_any_bytes_come_back(content: bytes) -> None:
    text = base45.encode(content)

    assert text == by_the_book(content)
    assert base45.decode(text) == content


@given(st.lists(st.binary(max_size=30), max_size=9))
def test_many_are_written_as_each(contents: list[bytes]) -> None:
    assert base45.encode_many(contents) == [base45.encode(content) for content in contents]


@given(st.lists(st.binary(max_size=30), max_size=9))
def test_many_are_read_as_each(contents: list[bytes]) -> None:
    assert base45.decode_many([base45.encode(content) for content in contents]) == contents


@given(st.text(SYMBOLS, max_size=60))
def test_each_text_that_is_read_is_the_one_that_would_be_written(text: str) -> None:
    try:
        content = base45.decode(text)
    except FormatError:
        return
    assert base45.encode(content) == text


def test_every_pair_of_bytes_and_nothing_over_it_has_a_text() -> None:
    everything = b"".join(number.to_bytes(2, "big") for number in range(65_536))
    assert base45.decode(base45.encode(everything)) == everything
    for number in range(65_536, 45**3):
        text = SYMBOLS[number % 45] + SYMBOLS[number // 45 % 45] + SYMBOLS[number // 2025]
        if number % 97 == 0 or number < 65_600 or number > 91_100:
            with pytest.raises(FormatError):
                base45.decode("000" + text + "000")


@pytest.mark.parametrize(
    "text", ["GGW", ":::", "A", "AAAA", "::", "5U", "a00", "00é", "0\x000", "٣00", "\ud80000"]
)
def test_what_is_no_base45_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as refusal:
        base45.decode(text)
    assert refusal.value.code == "base45"


@pytest.mark.parametrize("text", ["GGW", "A", "BB8A", "::", "a00", "BB8é"])
def test_one_of_many_that_is_no_base45_is_refused_as_by_itself(text: str) -> None:
    with pytest.raises(FormatError) as alone:
        base45.decode(text)
    with pytest.raises(FormatError) as among:
        base45.decode_many(["BB8", "BB8", text, "QED8WEX0"])
    assert among.value.code == alone.value.code == "base45"
    assert among.value.message == alone.value.message
