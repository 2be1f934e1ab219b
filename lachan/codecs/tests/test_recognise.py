import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.bhyt import InsuranceCard, write_bhyt
from lachan.codecs.cccd import CitizenCard, write_cccd
from lachan.codecs.person_qr import (
    PersonCode,
    Unknown,
    VenueCode,
    person_text,
    recognise,
    venue_text,
)
from lachan.codecs.symbols import ALPHABET, check_symbol
from lachan.codecs.tests.test_cards import citizen_cards, insurance_cards

codes = st.text(ALPHABET, min_size=16, max_size=16).map(lambda payload: payload + check_symbol(payload))


@given(codes)
def test_own_codes_are_recognised_bare_and_in_a_web_address(code: str) -> None:
    assert recognise(person_text(code)) == recognise(code.lower()) == PersonCode(code)
    assert recognise(venue_text(code)) == VenueCode(code)
    assert recognise(f"https://la-chan.example/q/{venue_text(code)}/?from=poster") == VenueCode(code)
    assert recognise(f"HTTPS://LA-CHAN.EXAMPLE/{person_text(code).replace(':', '%3A')}\n") == PersonCode(code)


@given(citizen_cards)
def test_citizen_cards_are_recognised(card: CitizenCard) -> None:
    assert recognise(write_cccd(card)) == card


@given(insurance_cards)
def test_insurance_cards_are_recognised(card: InsuranceCard) -> None:
    assert recognise(write_bhyt(card)) == card


@given(st.text(max_size=400) | st.text("LCV1:|/%0123456789ABhtps.", max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(recognise(text), PersonCode | CitizenCard | InsuranceCard | VenueCode | Unknown)


@given(st.binary(max_size=200))
def test_any_bytes_that_a_scanner_gives_get_an_answer(scanned: bytes) -> None:
    recognise(scanned.decode("utf-8", "surrogateescape"))
    recognise("LC1:" + scanned.decode("latin-1"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "qr-empty"),
        (" \n", "qr-empty"),
        ("x" * 4_297, "qr-length"),
        ("|" * 4_296, "bhyt-fields"),
        ("LC1:", "code-empty"),
        ("LC1:" + "0" * 15 + "11", "code-check"),
        ("LV1:U", "code-symbol"),
        ("https://example.org/", "qr-unknown"),
        ("xin chào", "qr-unknown"),
        ("001190001234|x", "cccd-fields"),
    ],
)
def test_unknown_texts_say_why(text: str, reason: str) -> None:
    assert recognise(text) == Unknown(reason)
