import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import uvci
from lachan.codecs.hcert.identifier import checksum, is_checked

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
opaques = st.text(SYMBOLS, min_size=1, max_size=50)


@pytest.mark.parametrize(
    "real",
    [  # as published by their countries for tests
        "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B",
        "URN:UVCI:01:DK:B19D10B4E18551559EBDEE46248DA883#S",
        "URN:UVCI:01:FR:P4LU2647E8HN#/",
        "URN:UVCI:01:GR:7UXL2ZTSS6KUZAF2XAAA3A4C4I#E",
        "URN:UVCI:01:LT:1227GNXXUEM92NY8J44JW#0",
        "URN:UVCI:01:SM:121#O",
        " urn:uvci:01:FR:ZQK0P2MPLH8B#N",
    ],
)
def test_the_check_character_is_that_of_other_countries(real: str) -> None:
    assert is_checked(real)


@pytest.mark.parametrize(
    "other", ["", "#", "URN:UVCI:01:SM:121", "URN:UVCI:01:SM:121#P", "01:NL:é#A", "A" * 90 + "#A"]
)
def test_another_check_character_or_none_is_told(other: str) -> None:
    assert not is_checked(other)


@given(opaques)
def test_an_identifier_is_checked_and_short(opaque: str) -> None:
    identifier = uvci("VN", opaque)

    assert identifier.startswith(f"URN:UVCI:01:VN:{opaque}#")
    assert len(identifier) <= 72
    assert is_checked(identifier)


@given(opaques, st.data())
def test_one_wrong_character_is_found(opaque: str, data: st.DataObject) -> None:
    identifier = uvci("VN", opaque)
    place = data.draw(st.integers(15, 14 + len(opaque)))
    symbol = data.draw(st.sampled_from(SYMBOLS).filter(lambda other: other != identifier[place]))

    assert not is_checked(identifier[:place] + symbol + identifier[place + 1 :])


@pytest.mark.parametrize(
    ("country", "opaque"),
    [
        ("VN", ""),
        ("vn", "A"),
        ("V", "A"),
        ("VN", "a"),
        ("VN", "A B"),
        ("VN", "A#"),
        ("VN", "A" * 56),
        ("VN", "A\n"),
    ],
)
def test_parts_that_no_identifier_has_are_refused(country: str, opaque: str) -> None:
    with pytest.raises(FormatError) as refusal:
        uvci(country, opaque)
    assert refusal.value.code == "uvci"


def test_the_checksum_of_a_strange_character_is_refused() -> None:
    with pytest.raises(FormatError):
        checksum("a")
