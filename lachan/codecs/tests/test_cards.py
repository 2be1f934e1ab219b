import json
import os
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.bhyt import InsuranceCard, parse_bhyt, write_bhyt
from lachan.codecs.cccd import PROVINCES, CitizenCard, number_warnings, parse_cccd, write_cccd
from lachan.codecs.errors import FormatError
from lachan.codecs.fields import PartialDate

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("LACHAN_SHARED_DATA", ROOT.parent / "shared" / "data"))

LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="|")
words = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: unicodedata.normalize("NFC", text))
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
births = st.tuples(days, st.sampled_from("dmy")).map(
    lambda drawn: PartialDate(
        drawn[0].year, None if drawn[1] == "y" else drawn[0].month, drawn[0].day if drawn[1] == "d" else None
    )
)
sexes = st.sampled_from(["male", "female"])
citizen_cards = st.builds(
    CitizenCard,
    number=st.from_regex("[0-9]{12}", fullmatch=True),
    old_number=st.none() | st.from_regex("[0-9]{9}", fullmatch=True),
    name=words,
    birth_date=births,
    sex=sexes,
    address=words,
    issued_on=days,
    extra=st.lists(words, max_size=4).map(tuple),
)
insurance_cards = st.builds(
    InsuranceCard,
    number=st.from_regex("([A-Z]{2}[0-9]{3})?[0-9]{10}", fullmatch=True),
    name=words,
    birth_date=births,
    sex=sexes,
    address=words,
    facility=st.just("01 - 003"),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    extra=st.lists(words, max_size=4).map(tuple),
).filter(lambda card: not (card.valid_from and card.valid_to) or card.valid_from <= card.valid_to)

CCCD = "001190001234|012345678|Nguyễn Thị Ý|05031990|Nữ|Số 1, Phường Mẫu|01022021"
BHYT = f"DN4010123456789|{'Nguyễn Thị Ý'.encode().hex()}|1950|2|{'Số 1'.encode().hex()}|01 - 003|01/01/2021|-"


def shared(name: str) -> Any:
    path = SHARED / "standards" / "vn" / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return json.loads(path.read_text(encoding="utf-8"))


def reason(parse: Any, text: str) -> str:
    try:
        parse(text)
    except FormatError as error:
        return error.code
    return "accepted"


def test_all_synthetic_citizen_cards_are_read_and_consistent() -> None:
    vectors = shared("cccd_qr_synthetic.json")["vectors"]
    assert len(vectors) >= 60
    for vector in vectors:
        card, expected = parse_cccd(vector["raw"]), vector["parsed"]
        born = date.fromisoformat(expected["birth_date"])
        assert card.birth_date == PartialDate(born.year, born.month, born.day)
        assert card.issued_on == date.fromisoformat(expected["issue_date"])
        assert [card.number, card.old_number, card.name, card.sex, card.address] == [
            expected[key] for key in ("number", "old_number", "name", "sex", "address")
        ]
        assert card.warnings == ()
        assert write_cccd(card) == vector["raw"]


def test_province_codes_are_those_of_the_circular() -> None:
    rows = shared("personal_number_province_codes.json")["codes"]
    assert {row["code"]: row["name"] for row in rows} == PROVINCES
    assert len(rows) == 63


@given(citizen_cards)
def test_citizen_card_survives_its_text(card: CitizenCard) -> None:
    assert parse_cccd(write_cccd(card)) == card
    assert parse_cccd(f" {unicodedata.normalize('NFD', write_cccd(card))}\r\n") == card


@given(insurance_cards)
def test_insurance_card_survives_its_text(card: InsuranceCard) -> None:
    assert parse_bhyt(write_bhyt(card)) == card


@given(st.text(max_size=200) | st.lists(st.text(max_size=12), min_size=6, max_size=12).map("|".join))
def test_any_text_is_a_card_or_a_named_error(text: str) -> None:
    assert reason(parse_cccd, text).startswith(("accepted", "cccd-"))
    assert reason(parse_bhyt, text).startswith(("accepted", "bhyt-"))


def test_inconsistent_card_is_read_with_warnings() -> None:
    card = parse_cccd("003090001234||A|05031991|Nữ|B|01021980")
    assert card.warnings == ("number-place", "number-sex", "number-year", "issued-early")
    assert number_warnings("001190001234", 1990, "female") == ()
    assert number_warnings("001302001234", 2002, "female") == ()
    assert number_warnings("115090001234", 1990, "male") == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("|Số 1, Phường Mẫu|01022021", ""), "cccd-fields"),
        (("01022021", "01022021" + "|x" * 50), "cccd-fields"),
        (("001190001234", "00119000123"), "cccd-number"),
        (("001190001234", "٠٠١١٩٠٠٠١٢٣٤"), "cccd-number"),
        (("012345678", "12"), "cccd-old-number"),
        (("Nguyễn Thị Ý", " "), "cccd-name"),
        (("Nguyễn", "\0"), "cccd-text"),
        (("Nguyễn", "\ud800"), "cccd-text"),
        (("05031990", "31021990"), "cccd-birth-date"),
        (("05031990", "05001990"), "cccd-birth-date"),
        (("|Nữ|", "|x|"), "cccd-sex"),
        (("01022021", "2021"), "cccd-issued-on"),
        (("Số 1", "x" * 5000), "cccd-length"),
    ],
)
def test_broken_citizen_cards_have_reasons(change: tuple[str, str], expected: str) -> None:
    assert reason(parse_cccd, CCCD) == "accepted"
    assert reason(parse_cccd, CCCD.replace(*change)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("|01/01/2021|-", ""), "bhyt-fields"),
        (("DN4", "DN"), "bhyt-number"),
        (("|1950|", "|50|"), "bhyt-birth-date"),
        (("|2|", "|3|"), "bhyt-sex"),
        (("Nguyễn Thị Ý".encode().hex(), "zz"), "bhyt-hex"),
        (("Nguyễn Thị Ý".encode().hex(), "ff"), "bhyt-hex"),
        (("Nguyễn Thị Ý".encode().hex(), "00"), "bhyt-text"),
        (("Nguyễn Thị Ý".encode().hex(), ""), "bhyt-name"),
        (("01/01/2021", "01/13/2021"), "bhyt-valid-from"),
        (("|-", "|2021"), "bhyt-valid-to"),
        (("|-", "|31/12/2020"), "bhyt-valid-to"),
        (("Nguyễn Thị Ý".encode().hex(), "\0"), "bhyt-text"),
        (("|-", "|-" + "|x" * 50), "bhyt-fields"),
        (("|-", "|-" + "x" * 10_000_000), "bhyt-length"),
    ],
)
def test_broken_insurance_cards_have_reasons(change: tuple[str, str], expected: str) -> None:
    assert reason(parse_bhyt, BHYT) == "accepted"
    assert reason(parse_bhyt, BHYT.replace(*change)) == expected


def test_a_number_names_the_province_of_its_time() -> None:
    card = parse_cccd(CCCD)
    assert (card.birth_province, card.layout) == ("Hà Nội", "2021")
    assert parse_cccd("026190001234" + CCCD[12:]).birth_province == "Vĩnh Phúc"  # merged in 2025
    abroad = parse_cccd("115190001234" + CCCD[12:])
    assert (abroad.birth_province, abroad.warnings) == (None, ())


def test_a_card_of_2024_is_told_by_its_further_fields() -> None:
    card = parse_cccd(CCCD + "|Nguyễn Văn X|001060001234|Trần Thị Y|001165001234")
    assert (card.layout, len(card.extra)) == ("2024", 4)
    assert card.warnings == ()


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "covered"),
    [
        ("01/01/2021", "-", [False, True, True]),
        ("-", "31/12/2021", [True, True, False]),
        ("01/01/2021", "01/01/2021", [False, True, False]),
        ("-", "-", [True, True, True]),
    ],
)
def test_an_insurance_card_covers_its_printed_days(
    valid_from: str, valid_to: str, covered: list[bool]
) -> None:
    card = parse_bhyt(BHYT.replace("01/01/2021|-", f"{valid_from}|{valid_to}"))
    asked = (date(2020, 12, 31), date(2021, 1, 1), date(2022, 1, 1))
    assert [card.covers(day) for day in asked] == covered


def test_group_and_benefit_stand_on_old_cards_only() -> None:
    old, new = parse_bhyt(BHYT), parse_bhyt(BHYT.replace("DN401", ""))
    assert (old.group, old.benefit, old.social_number) == ("DN", 4, "0123456789")
    assert (new.group, new.benefit, new.social_number) == (None, None, "0123456789")


def test_insurance_card_may_know_only_the_year_of_birth() -> None:
    card = parse_bhyt(BHYT + "|x$")
    assert (card.birth_date.text, card.sex, card.valid_to) == ("1950", "female", None)
    assert card.social_number == "0123456789"
