import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core.names import BadName, clean_name, confusable, search_key

VIETNAMESE = "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ bcdghklmnpqrstvxBCDGHKLMNPQRSTVX"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
vietnamese = st.lists(st.tuples(st.sampled_from(VIETNAMESE), st.sampled_from(TONES)), max_size=60).map(
    lambda parts: "".join(letter + tone for letter, tone in parts)
)


def reason(text: str) -> str:
    try:
        return f"accepted {clean_name(text)}"
    except BadName as refused:
        return refused.code


@given(st.one_of(st.text(), vietnamese))
def test_key_of_a_key_is_the_key(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name)


def test_key_of_a_key_is_the_key_for_every_character() -> None:
    wrong = [
        hex(point)
        for point in range(sys.maxunicode + 1)
        if search_key(key := search_key(f"a{chr(point)}b")) != key
    ]
    assert wrong == []


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), vietnamese))
def test_key_is_the_same_for_composed_and_decomposed_names(name: str) -> None:
    composed, spread = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert search_key(composed) == search_key(spread) == search_key(name)


@given(vietnamese, st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u00ad\u0007\ufe0f"), st.integers(0, 60))
def test_unseen_characters_do_not_change_the_key(name: str, unseen: str, place: int) -> None:
    assert search_key(name[:place] + unseen + name[place:]) == search_key(name)


@given(vietnamese)
def test_key_of_a_vietnamese_name_is_plain_lower_ascii(name: str) -> None:
    key = search_key(name)
    assert key.isascii()
    assert key == key.lower().strip()
    assert "  " not in key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đặng Thị Hoà", "dang thi hòa"),
        ("Ðặng", "Đặng"),
        ("NGUYỄN  VĂN\tA", "nguyễn văn a"),
        ("Thuý", "Thúy"),
        ("\u2029Lê\u00a0Ý ", "le y"),
        ("Nguyên", "Nguyễn"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_other_scripts_keep_their_vowels() -> None:
    assert search_key("สมชาย") == "สมชาย"
    assert search_key("สมิ") != search_key("สมุ")
    assert search_key("김민준") == "김민준"
    assert search_key("李小龙") == "李小龙"


def test_different_names_do_not_meet() -> None:
    assert len({search_key(name) for name in ("Lan", "Lân Anh", "Liên", "An")}) == 4


@pytest.mark.parametrize(
    "name", ["Ý", "Madonna", "Nguyễn " * 28 + "A", "Nguyễn Văn Ðức", "O’Brien", "李小龙"]
)
def test_original_spelling_is_kept(name: str) -> None:
    assert clean_name(f"  {name}\n") == name
    assert clean_name(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "name-empty"),
        (" \n ", "name-empty"),
        ("\u200b\u202e", "name-empty"),
        ("Nguyễn\0A", "name-control"),
        ("Nguyễn\nA", "name-control"),
        ("\ud800", "name-control"),
        ("A\uffff", "name-control"),
        ("A" * 201, "name-long"),
        ("A" * 1_000_000, "name-long"),
    ],
)
def test_refused_names_have_reasons(text: str, expected: str) -> None:
    assert reason(text) == expected


@given(st.text(max_size=900))
def test_any_text_is_a_name_or_a_named_refusal(text: str) -> None:
    verdict = reason(text)
    if not verdict.startswith("name-"):
        name = verdict.removeprefix("accepted ")
        assert clean_name(name) == name
        assert 0 < len(name) <= 200
        assert name.encode().decode() == name


@pytest.mark.parametrize("name", ["Ðặng Văn A", "Lê Vаn A", "Ｎguyen", "Lê\u200bA", "Αnna Lê", "\u202eAn"])
def test_look_alike_names_are_marked(name: str) -> None:
    assert confusable(name)


@pytest.mark.parametrize(
    "name", ["Đặng Thị Hoà", "O'Brien", "Анна", "佐藤 さくら", "สมชาย น้ำ", "Kʻao", "김민준"]
)
def test_honest_names_are_not_marked(name: str) -> None:
    assert not confusable(name)
    assert not confusable(unicodedata.normalize("NFD", name))
