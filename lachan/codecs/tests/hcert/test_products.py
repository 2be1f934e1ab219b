import json
from pathlib import Path

import pytest

from lachan.codecs.hcert import pair_fits
from lachan.codecs.hcert.products import ANY_VACCINE, COUNTRIES, HOLDERS, PRODUCTS, VACCINES
from lachan.codecs.tests.hcert.test_vectors import SHARED

VALUE_SETS = SHARED / "standards" / "valuesets" / "dcc_vaccine_codes.json"


@pytest.mark.parametrize(
    ("mp", "ma", "vp"),
    [  # what Viet Nam has licensed
        ("EU/1/21/1529", "ORG-100001699", "29061000087103"),
        ("Sputnik-V", "Gamaleya-Research-Institute", "29061000087103"),
        ("BBIBP-CorV", "ORG-100020693", "1157024006"),
        ("EU/1/20/1528", "ORG-100030215", "1119349007"),
        ("EU/1/20/1507", "ORG-100031184", "1119349007"),
        ("EU/1/20/1525", "ORG-100001417", "29061000087103"),
        ("Hayat-Vax", "ORG-100023050", "1157024006"),
        ("Abdala", "CIGB", "28531000087107"),
        ("Covaxin", "Bharat-Biotech", "1157024006"),
    ],
)
def test_a_product_fits_its_holder_and_its_type(mp: str, ma: str, vp: str) -> None:
    assert pair_fits(mp, ma, vp)
    assert pair_fits(mp, ma, ANY_VACCINE)


@pytest.mark.parametrize(
    ("mp", "ma", "vp"),
    [
        ("EU/1/21/1529", "ORG-100030215", "J07BX03"),  # as in Viet Nam's published sample
        ("EU/1/21/1529", "ORG-100030215", "29061000087103"),
        ("EU/1/20/1528", "ORG-100030215", "29061000087103"),
        ("EU/1/20/1528", "ORG-100030215", "J07BX03"),
        ("Vidprevtyn", "ORG-100000788", ANY_VACCINE),  # no longer to be issued
        ("New-2027", "ORG-100030215", ANY_VACCINE),
        ("", "", ""),
    ],
)
def test_what_does_not_belong_together_does_not_fit(mp: str, ma: str, vp: str) -> None:
    assert not pair_fits(mp, ma, vp)


def test_each_product_has_a_known_holder_and_type() -> None:
    for product in PRODUCTS.values():
        assert product.holder in HOLDERS
        assert product.vaccine in VACCINES
    assert {"VN", "XK", "GB"} < COUNTRIES
    assert len(COUNTRIES) == 252
    assert "XY" not in COUNTRIES


@pytest.mark.skipif(not VALUE_SETS.exists(), reason=f"{VALUE_SETS} is not here")
def test_the_codes_are_those_of_the_published_value_sets() -> None:
    published = json.loads(Path(VALUE_SETS).read_text())

    assert {row["code"]: row["active"] for row in published["mp"]} == {
        code: product.active for code, product in PRODUCTS.items()
    }
    assert {row["code"] for row in published["vp"]} == set(VACCINES)
    assert {row["code"] for row in published["ma"]} == set(HOLDERS)
