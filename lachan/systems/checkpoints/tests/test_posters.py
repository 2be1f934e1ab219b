"""What is printed can be read back, by people and by scanners."""

import io
import re
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from lachan.codecs.person_qr import VenueCode, recognise
from lachan.codecs.signed_code import check_signed_code
from lachan.core.models import Area, Person, Place
from lachan.platform import code_keys
from lachan.systems.checkpoints import posters
from lachan.systems.checkpoints.tests.conftest import AT

DAY = date(2026, 11, 23)
MM_PER_INCH = 25.4


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def read(image: Image.Image) -> zxingcpp.Barcode:
    [found] = zxingcpp.read_barcodes(image)
    return found


def width_mm(found: zxingcpp.Barcode) -> float:
    left, right = found.position.top_left, found.position.top_right
    return float(((right.x - left.x) ** 2 + (right.y - left.y) ** 2) ** 0.5 / posters.PPI * MM_PER_INCH)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000/", "https://khaibao.tinh-rat-dai.gov.vn"])
def test_the_poster_says_its_place_in_a_code_of_15_cm(place: Place, base: str) -> None:
    found = read(picture(posters.poster(place, base_url=base, printed_on=DAY, format="png")))
    assert found.text == f"{base.rstrip('/')}/q/LV1:{place.code}"
    assert recognise(found.text) == VenueCode(place.code)
    assert width_mm(found) >= 150


def test_the_poster_is_one_page_of_a4_however_long_the_name(place: Place) -> None:
    place.name = "Trung tâm thương mại và ẩm thực đường phố " * 5
    made = posters.poster(place, base_url="http://x.vn", printed_on=DAY)
    assert made.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox ?\[([^\]]+)\]", made)
    assert {tuple(round(float(n)) for n in box.split()) for box in boxes} <= {(0, 0, 595, 842)}
    width, height = picture(posters.poster(place, base_url="http://x.vn", printed_on=DAY, format="png")).size
    assert abs(height / width - 297 / 210) < 0.002


def test_a_persons_card_has_a_code_of_5_cm(person: Person, area: Area) -> None:
    person.birth_year = 1950
    found = read(picture(posters.person_card(person, at=AT, format="png")))
    keys = code_keys.current().public
    assert check_signed_code(found.text, keys).code == person.code
    assert width_mm(found) >= 50


def test_vietnamese_marks_are_drawn_and_differ(place: Place) -> None:
    """A font without a letter would draw the same box for each."""

    def drawn(name: str) -> bytes:
        place.name = name
        return posters.poster(place, base_url="http://x.vn", printed_on=DAY, format="png")

    letters = "ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳỵỷỹđĐưƯơƠ"
    assert len({drawn(letter * 3) for letter in letters}) == len(letters)
