"""Our own signed codes: what is printed, and what a telephone shows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs import qr, signed_code
from lachan.codecs.errors import FormatError
from lachan.codecs.live_code import (
    DEVICES,
    STEP,
    LivePersonCode,
    check_live_code,
    live_key,
    make_live_code,
    parse_live_code,
)
from lachan.codecs.person_qr import PersonCode, recognise
from lachan.codecs.signed_code import (
    SignedPersonCode,
    check_signed_code,
    key_name,
    make_signed_code,
    parse_signed_code,
)
from lachan.codecs.symbols import ALPHABET, check_symbol, number_of, symbols_of
from lachan.codecs.tests.test_recognise import codes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
CODE = "7K3M0Q9ZAB12CD34" + check_symbol("7K3M0Q9ZAB12CD34")
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 0, 10, tzinfo=UTC)
MASTER = bytes(range(32))
FORMER = bytes(range(1, 33))

LEVELS: tuple[qr.Level, ...] = ("M", "Q")

signed = make_signed_code(CODE, KEY, issued_on=DAY)
live = make_live_code(CODE, live_key(MASTER, CODE, 3), NOW, device=3)


def of_signed(text: str) -> str:
    try:
        check_signed_code(text, [OTHER.public_key(), KEY.public_key()])
    except FormatError as error:
        return error.code
    return "accepted"


def of_live(text: str, at: datetime = NOW, skew: timedelta = STEP) -> str:
    try:
        check_live_code(text, [FORMER, MASTER], at, skew)
    except FormatError as error:
        return error.code
    return "accepted"


@given(codes, st.dates(date(2020, 1, 1), date(2109, 9, 17)))
def test_a_signed_code_is_believed_by_who_has_the_public_key(code: str, day: date) -> None:
    text = make_signed_code(code, KEY, issued_on=day)
    read = check_signed_code(text, [OTHER.public_key(), KEY.public_key()])
    assert (read.code, read.issued_on, read.key_name) == (code, day, key_name(KEY.public_key()))
    assert recognise(text) == recognise(f"https://la-chan.example/{text}") == recognise(text.lower()) == read
    assert isinstance(read, PersonCode)


def test_a_signed_code_carries_nothing_of_the_person_but_the_public_code() -> None:
    read = parse_signed_code(signed)
    body = CODE + symbols_of((DAY - signed_code.FIRST_DAY).days, 3) + read.key_name
    assert signed.startswith("LC2:" + body)
    assert len(signed) == 131


def test_what_is_printed_today_is_read_for_good() -> None:
    """Vectors of our own: whoever changes a format makes every card in people's pockets unreadable."""
    assert signed == (
        "LC2:7K3M0Q9ZAB12CD34P2EPAS3N1VB7M9VAHYT5ZRN3FSJB61MX688GRM08N5E26RJ9BF1519AGJX08TG85G0WVA02C23C9SEJFNDZXV2KV"
        "KQN0MW8Z7KMWC0KMF2RWNG6"
    )
    assert live == "LC3:7K3M0Q9ZAB12CD34P031S2CP0Y8WSD35SMYJ084FXHXAR"
    assert key_name(KEY.public_key()) == "AS3N"
    assert DEVICES == 1024


def test_no_change_of_one_symbol_is_believed() -> None:
    for place in range(4, len(signed)):
        for symbol in ALPHABET:
            if symbol != signed[place]:
                assert of_signed(signed[:place] + symbol + signed[place + 1 :]) != "accepted"


@given(st.lists(st.tuples(st.integers(4, 130), st.sampled_from(ALPHABET)), min_size=1, max_size=8))
def test_no_change_of_several_symbols_is_believed(changes: list[tuple[int, str]]) -> None:
    symbols = list(signed)
    for place, symbol in changes:
        symbols[place] = symbol
    text = "".join(symbols)
    assert (of_signed(text) == "accepted") == (text == signed)


def test_the_signature_of_another_code_or_key_is_refused() -> None:
    other = "0" * 16 + check_symbol("0" * 16)
    forged = make_signed_code(other, OTHER, issued_on=DAY)
    assert of_signed("LC2:" + other + signed[21:]) == "signed-signature"
    assert of_signed(forged[:24] + key_name(KEY.public_key()) + forged[28:]) == "signed-signature"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "signed-prefix"),
        (CODE, "signed-prefix"),
        ("LC2:", "signed-length"),
        (signed + "0", "signed-length"),
        (signed[:-1], "signed-length"),
        ("LC2:" + "0" * 10_000_000, "signed-length"),
        (signed[:-1] + "U", "signed-symbol"),
        (signed[:-1] + "\0", "signed-symbol"),
        (signed[:-1] + "\ud800", "signed-symbol"),
        (signed[:-1] + "ı", "signed-symbol"),
        (signed[:28] + "Z" + signed[29:], "signed-padding"),
        (signed[:4] + "8" + signed[5:], "code-check"),
        (make_signed_code(CODE, Ed25519PrivateKey.generate(), issued_on=DAY), "signed-key"),
        (signed[:21] + "000" + signed[24:], "signed-signature"),
    ],
)
def test_what_is_no_good_signed_code_is_refused_by_name(text: str, expected: str) -> None:
    assert of_signed(text) == expected


def test_two_keys_of_one_name_are_both_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_code, "key_name", lambda _key: "0000")
    text = make_signed_code(CODE, KEY, issued_on=DAY)
    assert of_signed(text) == "accepted"


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2109, 9, 19)])
def test_a_day_that_does_not_fit_is_not_signed(day: date) -> None:
    with pytest.raises(FormatError, match="signed-day"):
        make_signed_code(CODE, KEY, issued_on=day)


def test_printed_25_mm_wide_each_module_is_wider_than_four_tenths_of_a_millimetre() -> None:
    sizes = {level: len(qr.matrix(signed, level=level)) for level in LEVELS}
    assert sizes == {"M": 41, "Q": 49}
    assert all(25 / (size + 8) > 0.4 for size in sizes.values())
    assert len(qr.matrix(live)) == 29


@given(codes, st.integers(0, DEVICES - 1), st.integers(0, 29_000_000_000))
def test_a_live_code_is_believed_at_its_time(code: str, device: int, second: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    text = make_live_code(code, live_key(MASTER, code, device), at, device=device)
    read = check_live_code(text.lower(), [FORMER, MASTER], at, timedelta(0))
    assert (read.code, read.device) == (code, device)
    assert read.shown_at <= at < read.shown_at + STEP
    assert recognise(text) == read == parse_live_code(text)


@given(st.integers(-120_000_000, 120_000_000), st.integers(0, 60))
def test_a_live_code_lives_its_half_minute_and_the_skew(microseconds: int, seconds: int) -> None:
    at, skew = NOW + timedelta(microseconds=microseconds), timedelta(seconds=seconds)
    shown = NOW.replace(second=0)
    expected = "live-late" if at >= shown + STEP + skew else "live-early" if at < shown - skew else "accepted"
    assert of_live(live, at, skew) == expected


def test_both_ends_of_a_live_code_are_exact() -> None:
    shown, skew = NOW.replace(second=0), timedelta(seconds=5)
    assert of_live(live, shown - skew, skew) == "accepted"
    assert of_live(live, shown - skew - timedelta(microseconds=1), skew) == "live-early"
    assert of_live(live, shown + STEP + skew - timedelta(microseconds=1), skew) == "accepted"
    assert of_live(live, shown + STEP + skew, skew) == "live-late"


def test_the_first_telephone_needs_no_number() -> None:
    assert live_key(MASTER, CODE) == live_key(MASTER, CODE, 0)
    read = check_live_code(make_live_code(CODE, live_key(MASTER, CODE), NOW), [MASTER], NOW)
    assert read.device == 0


def test_a_picture_of_a_code_has_its_nonce_and_the_next_code_another() -> None:
    later = make_live_code(CODE, live_key(MASTER, CODE, 3), NOW + STEP, device=3)
    elsewhere = make_live_code(CODE, live_key(MASTER, CODE, 4), NOW, device=4)
    nonces = [check_live_code(t, [MASTER], NOW).nonce for t in (live, live, later, elsewhere)]
    assert nonces[0] == nonces[1]
    assert len(set(nonces)) == 3
    assert make_live_code(CODE, live_key(MASTER, CODE, 3), NOW.replace(second=29), device=3) == live


def test_the_key_of_one_telephone_makes_no_code_of_another() -> None:
    stolen = live_key(MASTER, CODE, 3)
    other = "0" * 16 + check_symbol("0" * 16)
    assert of_live(make_live_code(other, stolen, NOW, device=3)) == "live-tag"
    assert of_live(make_live_code(CODE, stolen, NOW, device=4)) == "live-tag"
    assert of_live(make_live_code(CODE, MASTER, NOW, device=3)) == "live-tag"
    assert of_live(make_live_code(CODE, live_key(FORMER, CODE, 3), NOW, device=3)) == "accepted"


def test_no_change_of_one_symbol_of_a_live_code_is_believed() -> None:
    for place in range(4, len(live)):
        for symbol in ALPHABET:
            if symbol != live[place]:
                assert of_live(live[:place] + symbol + live[place + 1 :]) in {"live-tag", "code-check"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "live-prefix"),
        (signed, "live-prefix"),
        ("LC3:", "live-length"),
        (live + "0", "live-length"),
        ("LC3:" + "0" * 10_000_000, "live-length"),
        (live[:-1] + "U", "live-symbol"),
        (live[:-1] + "\ud800", "live-symbol"),
        (live[:4] + "8" + live[5:], "code-check"),
        (live[:-1] + ("0" if live[-1] != "0" else "1"), "live-tag"),
    ],
)
def test_what_is_no_good_live_code_is_refused_by_name(text: str, expected: str) -> None:
    assert of_live(text) == expected


def test_weak_keys_unknown_devices_and_times_before_1970_are_a_mistake_of_the_caller() -> None:
    for call in (
        lambda: live_key(b"short", CODE),
        lambda: live_key(MASTER, CODE, DEVICES),
        lambda: make_live_code(CODE, MASTER, datetime(1969, 1, 1, tzinfo=UTC)),
        lambda: make_live_code(CODE, MASTER, NOW, device=-1),
        lambda: make_live_code(CODE, MASTER, NOW, device=DEVICES),
        lambda: make_live_code(CODE, MASTER, datetime(1970, 1, 1, tzinfo=UTC) + 32**6 * STEP),
    ):
        with pytest.raises(ValueError, match="device"):
            call()


@given(st.text(max_size=200))
def test_any_text_is_a_code_or_a_named_error(text: str) -> None:
    for prefix in ("", "LC2:", "LC3:"):
        assert of_signed(prefix + text).startswith(("accepted", "signed-", "code-"))
        assert of_live(prefix + text).startswith(("accepted", "live-", "code-"))
        recognise(prefix + text)


@given(st.integers(0, 2**80 - 1))
def test_numbers_survive_their_symbols(number: int) -> None:
    assert number_of(symbols_of(number, 16)) == number


def test_both_kinds_are_person_codes_to_who_cannot_check_them() -> None:
    for text, kind in ((signed, SignedPersonCode), (live, LivePersonCode)):
        read = recognise(text)
        assert isinstance(read, kind)
        match read:
            case PersonCode(code):
                assert code == CODE
