from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.gs1 import (
    Carton,
    Element,
    carton_of,
    check_digit,
    is_gtin,
    parse,
    read,
    read_brackets,
    read_elements,
    read_link,
    require_associations,
    write_brackets,
    write_elements,
    write_link,
)
from lachan.codecs.gs1.content import CHARACTERS, require
from lachan.codecs.gs1.days import read_day, year_of
from lachan.codecs.gs1.digits import CSET_82, has_check_pair
from lachan.codecs.gs1.table import RULES, Part

AT = date(2026, 11, 23)
GS = "\x1d"
VACCINE = f"0108935000000014172703{'00'}10LOT-7/A{GS}21S(1)"

gtins = st.from_regex("[0-9]{13}", fullmatch=True).map(lambda body: body + check_digit(body))
serials = st.text(CSET_82, min_size=1, max_size=20)
dates = st.dates(date(1977, 1, 1), date(2076, 12, 31)).map(lambda day: day.strftime("%y%m%d"))
cartons = st.tuples(gtins, serials, serials, dates, st.text("0123456789", min_size=1, max_size=20)).map(
    lambda drawn: tuple(
        Element(ai, value) for ai, value in zip(("01", "10", "21", "17", "715"), drawn, strict=True)
    )
)


def refusal(call: object) -> str:
    try:
        call()  # type: ignore[operator]
    except FormatError as error:
        return error.code
    return "accepted"


def code(text: str) -> str:
    return refusal(lambda: parse(text, at=AT))


def test_a_vaccine_carton_says_article_lot_expiry_and_serial() -> None:
    carton = parse(f"]d2{VACCINE}", at=AT)
    assert (carton.gtin, carton.lot, carton.serial) == ("08935000000014", "LOT-7/A", "S(1)")
    assert carton.expires_on == date(2027, 3, 31)  # day 00 is the last of the month
    assert not carton.expired(date(2027, 3, 31))
    assert carton.expired(date(2027, 4, 1))
    assert carton.text == "(01) 08935000000014 (17) 270300 (10) LOT-7/A (21) S(1)"


def test_a_pallet_says_its_number_content_and_count() -> None:
    carton = parse(
        "(00)189350000000000011(02)08935000000014(37)48(13)261101(11)261031(7003)2703311200", at=AT
    )
    assert (carton.sscc, carton.content_gtin, carton.count) == ("189350000000000011", "08935000000014", 48)
    assert (carton.packed_on, carton.produced_on) == (date(2026, 11, 1), date(2026, 10, 31))
    assert carton.expires_on == date(2027, 3, 31)
    assert carton.gtin is None
    assert carton.value("7003") == "2703311200"
    assert carton.value("99") is None
    assert not Carton(()).expired(AT)


def test_national_numbers_are_given_by_name() -> None:
    assert parse("(01)08935000000014(715)1234(710)99", at=AT).national_numbers == {"NDC": "1234", "PZN": "99"}


@given(cartons)
def test_a_carton_survives_each_form(elements: tuple[Element, ...]) -> None:
    assert read(write_elements(elements)) == elements
    assert read("]C1" + write_elements(elements) + GS) == elements
    assert read(GS + write_elements(elements)) == elements
    assert read_brackets(write_brackets(elements)) == elements
    assert set(read(write_link(elements))) == set(elements)
    assert set(read(write_link(elements, "HTTP://example.org:8080/shop/"))) == set(elements)
    assert parse(write_brackets(elements), at=AT).elements == elements


@st.composite
def any_elements(draw: st.DrawFn) -> tuple[Element, ...]:
    """Values of the right characters and lengths for any identifiers, most of which fail a check of content."""
    drawn = draw(st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=4))
    return tuple(
        Element(ai, "".join(draw(_part(part)) for part in RULES[ai].parts if not part.optional))
        for ai in drawn
    )


def _part(part: Part) -> st.SearchStrategy[str]:
    return st.text(sorted(CHARACTERS[part.characters]), min_size=part.least, max_size=part.most)


@given(any_elements())
def test_what_can_be_written_can_be_read(elements: tuple[Element, ...]) -> None:
    refused = refusal(lambda: write_elements(elements))
    if refused != "accepted":
        endings = ("check-digit", "prefix", "date", "country", "currency", "content", "coupon")
        assert refused.removeprefix("gs1-") in endings
        return
    assert read_elements(write_elements(elements)) == elements
    assert read_brackets(write_brackets(elements)) == elements


def test_each_check_digit_is_that_of_the_specification() -> None:
    # General Specifications 7.9.1 and the examples of standards bodies.
    assert is_gtin("6291041500213")
    assert is_gtin("614141000036")
    assert is_gtin("89350010")
    assert check_digit("37610425002123456") == "9"
    assert not is_gtin("6291041500214")
    assert not is_gtin("٦٢٩١٠٤١٥٠٠٢١٣")
    # General Specifications 7.9.5.
    assert has_check_pair("1987654Ad4X4bL5ttr2310c2K")
    assert not has_check_pair("1987654Ad4X4bL5ttr2310c2X")
    assert not has_check_pair("A")


@given(gtins, st.integers(0, 13), st.sampled_from("0123456789"))
def test_no_wrong_digit_of_an_article_number_passes(gtin: str, place: int, digit: str) -> None:
    changed = gtin[:place] + digit + gtin[place + 1 :]
    assert code(f"(01){changed}") == ("accepted" if changed == gtin else "gs1-check-digit")


@pytest.mark.parametrize(
    ("digits", "gtin"),
    [
        ("6291041500213", "06291041500213"),
        ("614141000036", "00614141000036"),
        ("89350010", "00000089350010"),
        ("06291041500213", "06291041500213"),
        ("]E06291041500213", "06291041500213"),
        ("]E489350010", "00000089350010"),
        ("]I106291041500213", "06291041500213"),
        ("https://a/01/89350010", "00000089350010"),
        ("https://a/01/614141000036?02=89350010", None),
    ],
)
def test_shorter_article_numbers_are_filled_to_fourteen(digits: str, gtin: str | None) -> None:
    if gtin is None:
        assert read(digits)[1] == Element("02", "00000089350010")
    else:
        assert parse(digits, at=AT).gtin == gtin


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("270300", AT, date(2027, 3, 31)),
        ("280200", AT, date(2028, 2, 29)),
        ("270200", AT, date(2027, 2, 28)),
        ("760101", AT, date(2076, 1, 1)),
        ("770101", AT, date(1977, 1, 1)),
        ("991231", date(2051, 1, 1), date(2099, 12, 31)),
        ("000101", date(1995, 1, 1), date(2000, 1, 1)),
    ],
)
def test_expiry_is_in_the_century_around_the_day_of_reading(text: str, at: date, expected: date) -> None:
    assert parse(f"(01)08935000000014(17){text}", at=at).expires_on == expected
    moment = datetime(at.year, at.month, at.day, tzinfo=UTC)
    assert parse(f"(01)08935000000014(17){text}", at=moment).expires_on == expected


@given(st.integers(0, 99), st.dates(date(1960, 1, 1), date(2200, 1, 1)))
def test_a_year_is_from_49_before_to_50_after(two_digits: int, at: date) -> None:
    year = year_of(two_digits, at)
    assert year % 100 == two_digits
    assert -49 <= year - at.year <= 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "gs1-empty"),
        ("]d2", "gs1-empty"),
        ("x" * 10_000_000, "gs1-length"),
        ("]d1", "gs1-symbology"),
        ("]Q1(01)08935000000014", "gs1-symbology"),
        ("]E0629104150021", "gs1-format"),
        ("]E06291041500214", "gs1-check-digit"),
        ("89ABC", "gs1-ai"),
        ("(89)ABC", "gs1-ai"),
        ("\0", "gs1-ai"),
        ("\ud800", "gs1-ai"),
        ("()12345", "gs1-bracket"),
        ("(01)08935000000014(", "gs1-bracket"),
        ("(01)0893500000001", "gs1-format"),
        ("(01)089350000000140", "gs1-format"),
        ("(01)08935000000014(10)", "gs1-format"),
        ("(01)08935000000014(10)" + "L" * 21, "gs1-format"),
        ("(01)08935000000014(10)lô", "gs1-format"),
        ("(01)08935000000014(10)A B", "gs1-format"),
        ("(01)08935000000014(10)A\0", "gs1-format"),
        ("(01)٠8935000000014", "gs1-format"),
        ("(01)08935000000015", "gs1-check-digit"),
        ("(00)189350000000000012", "gs1-check-digit"),
        ("(414)8935000000015", "gs1-check-digit"),
        ("(8013)1987654Ad4X4bL5ttr2310c2X", "gs1-check-digit"),
        ("(8013)A", "gs1-check-digit"),
        ("(8004)AB12345", "gs1-prefix"),
        ("(01)08935000000014(17)271300", "gs1-date"),
        ("(01)08935000000014(17)270230", "gs1-date"),
        ("(01)08935000000014(17)270001", "gs1-date"),
        ("(01)08935000000014(7003)2703002400", "gs1-date"),
        ("(01)08935000000014(7003)2703312400", "gs1-date"),
        ("(01)08935000000014(422)998", "gs1-country"),
        ("(3912)00112", "gs1-currency"),
        ("(7252)3", "gs1-content"),
        ("(8007)GB82WEST12345698765433", "gs1-content"),
        ("(8110)106141416543213500110000310123196000", "gs1-coupon"),
        ("(01)08935000000014(10)A(10)B", "gs1-repeated"),
        ("(01)08935000000014(37)4", "gs1-excluded"),
        ("(01)08935000000014(3101)000001(3102)000001", "gs1-excluded"),
        ("(17)270331(10)A", "gs1-required"),
        ("(02)08935000000014(37)4", "gs1-required"),
        ("(01)08935000000014(7004)12", "gs1-required"),
        ("(01)08935000000014(250)A", "gs1-required"),
        ("https://", "gs1-link-address"),
        ("https://a b/01/08935000000014", "gs1-link-address"),
        ("https://a/01/0893500000001\u0664", "gs1-link-address"),
        ("https://a/", "gs1-link-key"),
        ("https://a", "gs1-link-key"),
        ("https://a/10/LOT", "gs1-link-key"),
        ("https://a/ARHbBqIAAg", "gs1-link-compressed"),
        ("https://a/01/08935000000014/10/L/22/V", "gs1-link-order"),
        ("https://a/01/08935000000014/235/T/10/L", "gs1-link-order"),
        ("https://a/01/08935000000014?235=A", "gs1-link-query"),
        ("https://a/01/08935000000014?89=A", "gs1-link-query"),
        ("https://a/01/08935000000014?17", "gs1-link-query"),
        ("https://a/01/08935000000014/10/%4", "gs1-link-escape"),
        ("https://a/01/08935000000014/10/%ff", "gs1-link-escape"),
        ("https://a/01/08935000000014/10/%00", "gs1-format"),
        ("https://a/01/08935000000014?01=06291041500213", "gs1-repeated"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(01)08935000000014(8008)26112312",
        "(01)08935000000014(8008)261123125959",
        "(01)08935000000014(7007)261101261123",
        "(01)08935000000014(3101)000001(3922)12",
        "(01)08935000000014(10)A(7004)1200",
        "(01)08935000000014(10)A(10)A",
        "(01)08935000000014(21)S(8030)DIGSIG",
        "(8006)089350000000140102(21)S",
        "(8007)GB82WEST12345698765432(415)8935000000014(8020)R",
        "(00)189350000000000011(4307)VN(4321)1(4331)000000-",
        "(01)08935000000014(8001)00010001001119",
        "(8018)893500000000000010(7258)1/2(7259)B",
        "(01)08935000000014(20)05(240)X(241)Y(251)Z(400)O(410)8935000000014",
    ],
)
def test_what_keeps_the_rules_is_read(text: str) -> None:
    assert code(text) == "accepted"


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("csum", "6291041500213", "6291041500214"),
        ("csumalpha", "12345678901234567890123NT", "12345678901234567890123NU"),
        ("gcppos1", "8935", "893A"),
        ("gcppos2", "A8935", "A893"),
        ("yymmd0", "270200", "270230"),
        ("yymmdd", "280229", "270300"),
        ("yyyymmdd", "20000229", "19000229"),
        ("hhmi", "2359", "2360"),
        ("hh", "23", "24"),
        ("mi", "59", "60"),
        ("ss", "59", "60"),
        ("iso3166", "704", "999"),
        ("iso3166999", "999", "998"),
        ("iso3166alpha2", "VN", "XX"),
        ("iso4217", "704", "001"),
        ("iso5218", "9", "3"),
        ("yesno", "1", "2"),
        ("winding", "9", "2"),
        ("zero", "0", "1"),
        ("nonzero", "010", "000"),
        ("nozeroprefix", "0", "01"),
        ("hasnondigit", "1A", "12"),
        ("hyphen", "-", "+"),
        ("pcenc", "a%C3%b4", "a%4"),
        ("iban", "GB82WEST12345698765432", "GB82WEST12345698765433"),
        ("latitude", "1800000000", "1800000001"),
        ("longitude", "3600000000", "3600000001"),
        ("mediatype", "10", "11"),
        ("importeridx", "_", "."),
        ("packagetype", "PX", "P-"),
        ("pieceoftotal", "0202", "0201"),
        ("pieceoftotal", "0102", "0002"),
        ("posinseqslash", "2/3", "3/2"),
        ("posinseqslash", "1/1", "0/1"),
    ],
)
def test_each_check_of_content_tells_good_from_bad(check: str, good: str, bad: str) -> None:
    require(check, good, "01")
    assert refusal(lambda: require(check, bad, "01")).startswith("gs1-")


def test_every_check_that_the_table_names_exists() -> None:
    for check in {check for rule in RULES.values() for part in rule.parts for check in part.checks}:
        assert refusal(lambda check=check: require(check, "0000", "01")).startswith(("accepted", "gs1-"))


def test_links_of_any_domain_are_read_and_foreign_parameters_passed_over() -> None:
    carton = parse(
        "]Q1https://[2001:db8::1]:443/shop/vi/01/08935000000014/10/A%2F1?17=270300&utm_source=x&&98=a%2Bb#top",
        at=AT,
    )
    assert (carton.gtin, carton.lot, carton.expires_on) == ("08935000000014", "A/1", date(2027, 3, 31))
    assert carton.value("98") == "a+b"


def test_a_link_needs_a_key_and_room_for_each_element() -> None:
    assert refusal(lambda: write_link([Element("10", "A")])) == "gs1-link-key"
    tpx = [Element("01", "08935000000014"), Element("21", "S"), Element("235", "T")]
    assert refusal(lambda: write_link(tpx)) == "gs1-link-query"
    assert write_link(tpx[:2], "https://a/").endswith("https://a/01/08935000000014/21/S")


@given(st.text(max_size=300))
def test_any_text_is_a_carton_or_a_named_error(text: str) -> None:
    link = "https://a/01/08935000000014/10/" + quote(text[:9], errors="replace")
    for attempt in (text, "]d2" + text, "(01)08935000000014" + text, link):
        assert code(attempt).startswith(("accepted", "gs1-"))
    assert refusal(lambda: read_link(text)).startswith(("accepted", "gs1-"))


@given(st.text("0123456789()\\/?=&%]d2C1\x1d", max_size=80))
def test_texts_of_the_formats_own_signs_are_a_carton_or_a_named_error(text: str) -> None:
    assert code(text).startswith(("accepted", "gs1-"))


def test_what_no_scanner_gives_is_refused_by_the_parts_too() -> None:
    assert refusal(lambda: read_brackets("")) == "gs1-empty"
    assert refusal(lambda: read_link("https://a/stem/more/10/LOT")) == "gs1-link-key"
    # 1900 was no leap year, which six digits alone do not tell.
    leap = [Element("01", "08935000000014"), Element("17", "000229")]
    assert refusal(lambda: carton_of(leap, at=date(1940, 1, 1))) == "gs1-date"
    assert carton_of(leap, at=AT).expires_on == date(2000, 2, 29)
    assert refusal(lambda: read_day("001300", AT)) == "gs1-date"


def test_both_symbols_of_a_composite_are_read() -> None:
    assert (
        write_brackets(read(f"]E06291041500213|]e01727030010A{GS}21S"))
        == "(01)06291041500213(17)270300(10)A(21)S"
    )
    assert code("(01)08935000000014|(10)A") == "accepted"
    assert code("]E06291041500213|") == "gs1-empty"


def test_several_barcodes_of_one_carton_are_judged_together() -> None:
    first, second = read("(01)08935000000014"), read("(17)270331(10)A")
    assert code("(17)270331(10)A") == "gs1-required"
    require_associations([*first, *second])
    assert carton_of([*first, *second], at=AT).lot == "A"


@settings(max_examples=20)
@given(cartons)
def test_printed_barcodes_are_read_back(elements: tuple[Element, ...]) -> None:
    for form in ("DataMatrix", "Code128", "QRCode"):
        if form == "Code128" and len(write_elements(elements)) > 48:
            continue  # a GS1-128 holds 48 characters
        # zxing-cpp reads the brackets of values as those of identifiers.
        plain = [Element(e.ai, e.value.replace("(", "-").replace(")", "-")) for e in elements]
        drawn = zxingcpp.create_barcode(
            write_brackets(plain), zxingcpp.barcode_format_from_str(form), gs1=True
        ).to_image(scale=4)
        [found] = zxingcpp.read_barcodes(drawn, text_mode=zxingcpp.TextMode.Plain)
        assert parse(found.symbology_identifier + found.text, at=AT).elements == tuple(plain)
