from datetime import date

import pytest

from lachan.simulation.country import Country
from lachan.simulation.real_areas import UnknownProvince, communes_of


def test_the_demo_province_has_its_real_communes() -> None:
    names = {commune.name for commune in communes_of("48")}
    assert {"Phường Thanh Khê", "Xã Bà Nà", "Phường Hội An Tây"} <= names
    assert len(names) == 94


def test_nobody_is_settled_where_nobody_lives() -> None:
    country = Country.generate(1, 2_000, "48", date(2021, 9, 1), 7)
    assert "20333" not in country.communes.codes
    assert len(country.communes) == 93
    assert abs(country.communes.weight.sum() - 1) < 1e-12


def test_wards_have_more_people_than_rural_communes() -> None:
    communes = Country.generate(1, 2_000, "48").communes
    assert communes.weight[communes.urban].mean() > 1.5 * communes.weight[~communes.urban].mean()


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(UnknownProvince):
        Country.generate(1, 1_000, "02")
