import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.transliteration import icao

NAMES = [
    ("Đặng Thị Hoà", "DANG<THI<HOA"),
    ("Nguyễn", "NGUYEN"),
    ("Bảo Duy", "BAO<DUY"),
    ("Trương Quỳnh Như", "TRUONG<QUYNH<NHU"),
    ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
    ("Jiřina-Maria Alena", "JIRINA<MARIA<ALENA"),
    ("Müller", "MUELLER"),
    ("Groß", "GROSS"),
    ("Åse Bjørn", "AASE<BJOERN"),
    ("Þóra Ðögg", "THORA<DOEGG"),
    ("Łukasz", "LUKASZ"),
    ("Щербаков", "SHCHERBAKOV"),
    ("İpek Çığ", "IPEK<CIG"),
    ("  O’Neill -- Smith  ", "ONEILL<SMITH"),
    ("王", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "written"), NAMES)
def test_a_name_is_written_as_passports_write_it(name: str, written: str) -> None:
    assert icao(name) == written


@given(st.text(st.characters()))
def test_any_text_becomes_letters_and_single_fillers(text: str) -> None:
    written = icao(text)

    assert set(written) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert "<<" not in written
    assert written == written.strip("<")
    assert icao(written) == written


@given(st.text())
def test_both_normal_forms_are_written_the_same(text: str) -> None:
    assert icao(unicodedata.normalize("NFD", text)) == icao(unicodedata.normalize("NFC", text))
