import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign.strict_json import LARGEST, read_json

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | names,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(names, inside, max_size=4),
    max_leaves=20,
)


def code_of(source: bytes | str) -> str:
    with pytest.raises(FormatError) as refused:
        read_json(source)
    return refused.value.code


@given(st.dictionaries(names, values, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_plain_json_is_read_as_it_is(content: dict[str, object], ascii_only: bool, mark: bool) -> None:
    source = "\ufeff" * mark + json.dumps(content, ensure_ascii=ascii_only)
    assert read_json(source) == read_json(source.encode()) == content


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('{"a":1,"a":1}', "json-duplicate"),
        ('{"a":{"b":1,"b":2}}', "json-duplicate"),
        ('{"a":1,"\\u0061":1}', "json-duplicate"),
        ('{"a":NaN}', "json-number"),
        ('{"a":-Infinity}', "json-number"),
        ('{"a":1e999}', "json-number"),
        ('{"a":1' + "0" * 15 + "}", "json-number"),
        ('{"a":-1' + "0" * 15 + "}", "json-number"),
        ('{"a":0.' + "1" * 40 + "}", "json-number"),
        ('{"a":1' + "0" * 5_000 + "}", "json-number"),
        ('{"a":"\\ud800"}', "json-text"),
        ('{"\\udc00":1}', "json-text"),
        ('{"a":"\ud800"}', "json-text"),
        (b'{"a":"\xff"}', "json-text"),
        ('{"a":"\x01"}', "json"),
        ("[]", "json"),
        ('"text"', "json"),
        ("{}", "json"),
        ("", "json"),
        ('{"a":1}x', "json"),
        ('{"a":"' + "x" * LARGEST + '"}', "json"),
        (b'{"a":"' + b"x" * LARGEST + b'"}', "json"),
        ('{"a":' + "[" * 16 + "]" * 16 + "}", "json-depth"),
        ('{"a":' * 17 + "1" + "}" * 17, "json-depth"),
        ("[" * 60_000, "json-depth"),
    ],
)
def test_what_breaks_things_later_is_refused_by_name(source: bytes | str, code: str) -> None:
    assert code_of(source) == code


def test_sixteen_levels_are_read_and_brackets_in_texts_are_no_levels() -> None:
    assert read_json('{"a":' + "[" * 15 + "]" * 15 + "}")
    assert read_json('{"a":"' + "[{" * 100 + '","b":"\\"[[[[[[[[[[[[[[[[[["}')


@pytest.mark.parametrize(
    "source", ['"\\' * 32_000, '"' * 65_000, '\\"' * 32_000, "\\" * 65_000, '{"a' * 20_000]
)
def test_looking_for_levels_is_linear(source: str) -> None:
    began = time.process_time()
    assert code_of(source).startswith("json")
    assert time.process_time() - began < 0.5
