"""Forms forgive how a thing is typed and say what is wrong with what cannot be taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.person_qr import Unknown, person_text, venue_text
from lachan.core import areas, clock
from lachan.core.codes import format_code, new_code
from lachan.core.dates import BirthDate
from lachan.core.models import Area
from lachan.core.names import search_key
from lachan.platform.forms import (
    AreaField,
    BirthDateField,
    CodeField,
    DayField,
    DigitsField,
    Form,
    LineField,
    MomentField,
    PhoneField,
    ProseField,
    ScanField,
)

NOW = datetime(2021, 11, 23, 1, 0, tzinfo=UTC)


class Everything(Form):
    name = LineField(help_text="As on the papers")
    note = ProseField(required=False)
    born = BirthDateField(required=False)
    day = DayField(required=False, latest=date(2021, 12, 31))
    moment = MomentField(required=False)
    phone = PhoneField(required=False)
    number = DigitsField(lengths=(9, 12), required=False)
    code = CodeField(required=False)
    place = CodeField(of="place", required=False)
    scan = ScanField(required=False)
    plain = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)


def clean(**typed: object) -> Everything:
    with clock.frozen(NOW):
        form = Everything({"name": "An", **typed})
        form.is_valid()
    return form


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("name", "  Nguyễn\u00a0 Văn \t An ", "Nguyễn Văn An"),
        ("name", "Ho\u0302\u0300 Gươm", "Hồ Gươm"),
        ("note", "một\r\nhai", "một\nhai"),
        ("born", "5/3/1950", BirthDate(1950, 3, 5)),
        ("born", "1950", BirthDate(1950)),
        ("day", "5/3/2021", date(2021, 3, 5)),
        ("day", "05-03-2021", date(2021, 3, 5)),
        ("day", "05032021", date(2021, 3, 5)),
        ("day", "2021-03-05", date(2021, 3, 5)),
        ("moment", "08:42 5/3/2021", datetime(2021, 3, 5, 1, 42, tzinfo=UTC)),
        ("moment", "5/3/2021, 8h42", datetime(2021, 3, 5, 1, 42, tzinfo=UTC)),
        ("moment", "2021-03-05T08:42", datetime(2021, 3, 5, 1, 42, tzinfo=UTC)),
        ("phone", "0912 345.678", "+84912345678"),
        ("number", "0790 5000 1234", "079050001234"),
        ("number", "123456789", "123456789"),
        ("scan", "no code", Unknown("qr-unknown")),
    ],
)
def test_value_is_read_as_people_type_it(field: str, typed: str, value: object) -> None:
    form = clean(**{field: typed})
    assert form.errors == {}
    assert form.cleaned_data[field] == value


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("name", "", "required"),
        ("name", "An\x00", "control"),
        ("name", "An\x07", "control"),
        ("name", "An\ud800", "control"),
        ("plain", "An\x07", "control"),
        ("name", "a" * 201, "max_length"),
        ("name", "a" * 1_000_000, "max_length"),
        ("note", "a" * 1_000_000, "max_length"),
        ("plain", "a" * 201, "max_length"),
        ("born", "31/2/1950", "date-impossible"),
        ("born", "24/11/2021", "date-future"),
        ("day", "31/2/2021", "day-impossible"),
        ("day", "2021-13-05", "day-impossible"),
        ("day", "1/1/0001", "day-early"),
        ("day", "1/1/2022", "day-late"),
        ("day", "yesterday", "day-shape"),
        ("day", "٥/٣/٢٠٢١", "day-shape"),
        ("moment", "5/3/2021", "moment-shape"),
        ("moment", "25:00 5/3/2021", "time-impossible"),
        ("moment", "08:42 5/3/0001", "day-impossible"),
        ("phone", "0912", "phone-vietnam"),
        ("number", "1234567890", "length"),
        ("number", "12345678a", "digits"),
        ("code", "12", "code-length"),
        ("code", "|||", "code-unknown"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(field: str, typed: str, code: str) -> None:
    form = clean(**{field: typed})
    assert [error.code for error in form.errors.as_data()[field]] == [code]


@given(st.dictionaries(st.sampled_from(list(Everything.base_fields)), st.text(max_size=60)))
@settings(max_examples=150, deadline=None)
def test_no_text_whatever_breaks_a_form(typed: dict[str, str]) -> None:
    str(clean(**typed))


def test_codes_are_taken_in_every_form_and_told_apart() -> None:
    code = new_code()
    for text in (
        code,
        format_code(code).lower(),
        person_text(code),
        f"https://example.org/p/{person_text(code)}",
    ):
        assert clean(code=text).cleaned_data["code"] == code
    assert clean(place=venue_text(code)).cleaned_data["place"] == code
    assert clean(code=venue_text(code)).errors.as_data()["code"][0].code == "code-kind"
    assert clean(place=person_text(code)).errors.as_data()["place"][0].code == "code-kind"


def test_form_keeps_what_was_typed_and_ties_the_words_to_the_field() -> None:
    form = clean(name="", born="31/2/1950")
    with translation.override("en"):
        html = str(form)
    assert 'value="31/2/1950"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert '<a href="#id_name">' in html
    assert "Fill this in." in html
    assert "required" not in html.replace("Fill this in.", "")


def test_every_text_of_a_form_has_a_bound() -> None:
    fields = [field for field in Everything().fields.values() if isinstance(field, forms.CharField)]
    assert all(field.max_length and field.widget.attrs.get("maxlength") for field in fields)


def test_initial_values_are_shown_as_they_are_typed() -> None:
    initial = {"born": BirthDate(1950, 3, 5), "day": date(2021, 3, 5), "moment": NOW}
    form = Everything(initial=initial)
    assert form["born"].value() == "05/03/1950"
    assert form["day"].value() == "05/03/2021"
    assert form["moment"].value() == "08:00 23/11/2021"
    assert (
        not Everything({"day": "05/03/2021"}, initial={"day": date(2021, 3, 5)})
        .fields["day"]
        .has_changed(date(2021, 3, 5), "05/03/2021")
    )


class Living(Form):
    home = AreaField()
    ward = AreaField(least_level=3, required=False)


def area(name: str, level: int, parent: Area | None) -> Area:
    made = Area.objects.create(
        code=str(Area.objects.count()), level=level, name=name, search_key=search_key(name), parent=parent, path="/",
        valid_from=date(2000, 1, 1),
    )  # fmt: skip
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


@pytest.fixture
def wards(db: None) -> dict[str, Area]:
    city = area("Thành phố Hồ Chí Minh", 1, None)
    first, third = area("Quận 1", 2, city), area("Quận 3", 2, city)
    return {
        "city": city,
        "ben nghe": area("Phường Bến Nghé", 3, first),
        "nguyen thai binh": area("Phường Nguyễn Thái Bình", 3, first),
        "vo thi sau": area("Phường Võ Thị Sáu", 3, third),
        "vo thi sau 1": area("Phường Võ Thị Sáu A", 3, first),
    }


def test_area_is_found_by_its_name_alone(wards: dict[str, Area]) -> None:
    form = Living({"home": "ben nghe"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"home": wards["ben nghe"], "ward": None}


def test_several_areas_are_offered_and_the_choice_is_taken(wards: dict[str, Area]) -> None:
    form = Living({"home": "vo thi sau"})
    assert form.errors.as_data()["home"][0].code == "several"
    html = str(form["home"])
    assert html.count('type="radio"') == 2
    assert "Phường Võ Thị Sáu, Quận 3, Thành phố Hồ Chí Minh" in html
    chosen = Living({"home": "vo thi sau", "home_id": str(wards["vo thi sau"].pk)})
    assert chosen.is_valid()
    assert chosen.cleaned_data["home"] == wards["vo thi sau"]


def test_words_changed_after_the_choice_count_more_than_the_choice(wards: dict[str, Area]) -> None:
    form = Living({"home": "Bến Nghé", "home_id": str(wards["vo thi sau"].pk)})
    assert form.is_valid()
    assert form.cleaned_data["home"] == wards["ben nghe"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"home": ""}, "required"),
        ({"home": "Atlantis"}, "unknown"),
        ({"home": "x" * 1_000_000}, "unknown"),
        ({"home": "a\x00b"}, "control"),
        ({"home": "Atlantis", "home_id": "²"}, "unknown"),
        ({"home": "Atlantis", "home_id": "9" * 30}, "unknown"),
    ],
)
def test_area_that_cannot_be_taken_is_refused(
    wards: dict[str, Area], typed: dict[str, str], code: str
) -> None:
    assert Living(typed).errors.as_data()["home"][0].code == code


def test_unit_that_is_too_wide_is_refused(wards: dict[str, Area]) -> None:
    typed = {"home": "ben nghe", "ward": areas.full_name(wards["city"]), "ward_id": str(wards["city"].pk)}
    assert Living(typed).errors.as_data()["ward"][0].code == "wide"


def test_area_shown_again_is_the_same_area(wards: dict[str, Area]) -> None:
    shown = Living(initial={"home": wards["ben nghe"]})["home"].value()
    assert shown.text == "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"
    again = Living({"home": shown.text, "home_id": shown.id})
    assert again.is_valid()
    assert not again.fields["home"].has_changed(wards["ben nghe"], shown)
