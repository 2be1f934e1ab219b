import random
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.symbols import ALPHABET
from lachan.core.codes import BadCode, format_code, new_code, new_codes, parse_code

codes = st.integers(0, 2**32).map(lambda seed: new_code(random.Random(seed)))


def reason(text: str) -> str:
    try:
        return f"accepted {parse_code(text)}"
    except BadCode as refused:
        return refused.code


@given(codes)
def test_code_survives_the_printed_form(code: str) -> None:
    assert parse_code(format_code(code)) == code
    assert len(code) == 17


@given(codes, st.data())
def test_code_is_read_however_it_is_typed(code: str, data: st.DataObject) -> None:
    misread = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(misread.get(symbol, symbol + symbol.lower())))
        + data.draw(st.sampled_from(["", " ", "-"]))
        for symbol in code
    )
    assert parse_code(typed) == code


@given(codes, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_always_noticed(code: str, place: int, symbol: str) -> None:
    changed = code[:place] + symbol + code[place + 1 :]
    if changed != code:
        assert reason(changed) == "code-check"


@given(codes, st.integers(0, 16), st.integers(0, 16))
def test_any_two_swapped_symbols_are_always_noticed(code: str, one: int, other: int) -> None:
    symbols = list(code)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    if (changed := "".join(symbols)) != code:
        assert reason(changed) == "code-check"


@given(st.text(max_size=300))
def test_any_text_is_a_code_or_a_named_refusal(text: str) -> None:
    assert reason(text).startswith(("accepted ", "code-"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "code-empty"),
        (" -- ", "code-empty"),
        ("ABC", "code-length"),
        ("0" * 18, "code-length"),
        ("0" * 1_000_000, "code-length"),
        ("U" * 17, "code-symbol"),
        ("ß" * 9, "code-symbol"),
        ("\0" * 17, "code-symbol"),
        ("1" + "0" * 16, "code-check"),
    ],
)
def test_refusals_have_names(text: str, expected: str) -> None:
    assert reason(text) == expected


def test_bulk_codes_are_valid_repeatable_and_fast() -> None:
    start = time.perf_counter()
    many = new_codes(200_000, random.Random(7))
    assert time.perf_counter() - start < 5
    assert len(set(many)) == 200_000
    assert all(parse_code(code) == code for code in many[:2_000])
    assert many == new_codes(200_000, random.Random(7))
    assert new_codes(3, np.random.default_rng(1)) == new_codes(3, np.random.default_rng(1))
    assert new_codes(0) == []


def test_secure_codes_differ() -> None:
    assert len({new_code() for _ in range(1_000)} | set(new_codes(1_000))) == 2_000
