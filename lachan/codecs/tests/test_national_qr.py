import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import PartialDate
from lachan.codecs.national_qr import NationalQr, looks_national, parse_national, write_national
from lachan.codecs.person_qr import Unknown, recognise
from lachan.codecs.tests.test_cards import births, words

TEXT = "079185000123|Trần Văn Đức|1989/3/3|1|QID0012345678|GD4877912345678<0943123456"

names = words.filter(
    lambda text: any(s.isalpha() for s in text) and not any(s.isdigit() for s in text)
).filter(lambda text: not set(text) & set(";<^~"))
national_codes = st.builds(
    NationalQr,
    number=st.from_regex("([0-9]{9}|[0-9]{12}|[*]{6}([0-9]{3}|[0-9]{6}))", fullmatch=True),
    name=names,
    birth_date=births,
    for_other=st.sampled_from([None, False, True]),
    qid=st.none() | st.from_regex("Q[0-9A-Z]{5,20}", fullmatch=True),
    insurance_number=st.none() | st.from_regex("[A-Z]{2}[0-9]{13}", fullmatch=True),
    phone=st.none() | st.from_regex("0[0-9]{9}", fullmatch=True),
    sex=st.sampled_from([None, "male", "female"]),
    extra=st.lists(st.from_regex("[A-Z]{1,4}[.][0-9]{1,9}", fullmatch=True), max_size=3).map(tuple),
)


def reason(text: str) -> str:
    try:
        parse_national(text)
    except FormatError as error:
        return error.code
    return "accepted"


def test_the_fields_of_the_decision_are_told_by_what_they_look_like() -> None:
    assert parse_national(TEXT) == NationalQr(
        "079185000123", "Trần Văn Đức", PartialDate(1989, 3, 3), True, "QID0012345678", "GD4877912345678",
        "0943123456",
    )  # fmt: skip


@pytest.mark.parametrize("separator", ["|", ";", "<", "^", "~", "\t", "\n"])
def test_whatever_keeps_the_fields_apart_they_are_found(separator: str) -> None:
    text = TEXT.replace("<", "|").replace("|", separator)
    assert parse_national(text) == parse_national(TEXT) == recognise(text)


@given(national_codes)
def test_a_code_survives_its_text_and_is_recognised(code: NationalQr) -> None:
    text = write_national(code)
    assert parse_national(text) == code
    assert recognise(text) == code
    assert code.masked == code.number.startswith("*")


@pytest.mark.parametrize(
    ("number", "tail", "kinds"),
    [
        ("079185000123", "", ["national_id"]),
        ("012345678", "|GD4877912345678", ["old_id", "health_insurance"]),
        ("******000123", "|GD4877912345678", ["health_insurance"]),
        ("******123", "", []),
    ],
)
def test_a_masked_number_names_nobody(number: str, tail: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in parse_national(f"{number}|Lê Thị An|1950{tail}").numbers] == kinds


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("******000123", "******000123"),
        ("xxxxxx000123", "******000123"),
        ("XXXXXX123", "******123"),
        ("••••••123", "******123"),
    ],
)
def test_a_masked_number_keeps_its_end(number: str, read: str) -> None:
    code = parse_national(TEXT.replace("079185000123", number))
    assert (code.number, code.masked) == (read, True)


@pytest.mark.parametrize(
    ("birth", "read"),
    [
        ("1989/3/3", PartialDate(1989, 3, 3)),
        ("1989-03-03", PartialDate(1989, 3, 3)),
        ("3/3/1989", PartialDate(1989, 3, 3)),
        ("03031989", PartialDate(1989, 3, 3)),
        ("1989", PartialDate(1989)),
        ("1989/3/0", PartialDate(1989, 3)),
    ],
)
def test_dates_are_read_in_either_order(birth: str, read: PartialDate) -> None:
    assert parse_national(TEXT.replace("1989/3/3", birth)).birth_date == read


def test_what_is_not_known_is_kept_in_order_and_nothing_is_made_up() -> None:
    code = parse_national("012345678|Lê Thị An|1950|?|0|Nữ|1|0943123456|0943123457|+84943123458")
    assert (code.for_other, code.sex, code.phone, code.qid) == (False, "female", "0943123456", None)
    assert code.extra == ("?", "1", "0943123457", "+84943123458")
    assert parse_national("012345678|Lê Thị An|1950").for_other is None


def test_as_many_further_fields_as_are_read_survive_their_text() -> None:
    """Empty ones, which a writer leaves for what is not known, count for none."""
    code = parse_national("079185000123|Trần Văn Đức|1989" + "|x" * 40)
    assert len(code.extra) == 40
    assert parse_national(write_national(code)) == code


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("|Trần Văn Đức|1989/3/3|1|QID0012345678|GD4877912345678<0943123456", ""), "national-fields"),
        (("|1|", "|1" + "|x" * 50 + "|"), "national-fields"),
        (("079185000123", "07918500012"), "national-number"),
        (("079185000123", "***185000123"), "national-number"),
        (("079185000123", "٠٧٩١٨٥٠٠٠١٢٣"), "national-number"),
        (("Trần Văn Đức", "123"), "national-name"),
        (("Trần", "\0"), "national-text"),
        (("Trần", "\ud800"), "national-text"),
        (("1989/3/3", "1989/13/3"), "national-birth-date"),
        (("1989/3/3", "ngày"), "national-birth-date"),
        (("1|QID", "x" * 10_000_000), "national-length"),
    ],
)
def test_broken_codes_have_reasons(change: tuple[str, str], expected: str) -> None:
    assert reason(TEXT.replace(*change)) == expected


@given(st.text(max_size=200) | st.lists(st.text(max_size=12), min_size=3, max_size=12).map("|".join))
def test_any_text_is_a_code_or_a_named_error(text: str) -> None:
    assert reason(text).startswith(("accepted", "national-"))


@pytest.mark.parametrize(
    "text",
    [
        "001190001234|012345678|Nguyễn Thị Ý|05031990|Nữ|Số 1|01022021",
        "001190001234||Nguyễn Thị Ý|05031990|Nữ|Số 1|01022021",
        "0123456789|4e677579e1bb856e|1950|2|53e1bb9120|01 - 003|-|-",
        "001190001234|x",
        "",
    ],
)
def test_other_cards_are_not_taken_for_it(text: str) -> None:
    assert not looks_national(text)


def test_a_damaged_one_is_unknown_with_its_reason() -> None:
    assert recognise(TEXT.replace("1989/3/3", "1989/3/32")) == Unknown("national-birth-date")
