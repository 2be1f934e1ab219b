import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lachan.codecs.errors import FormatError
from lachan.codecs.qr import matrix, png, svg

SVG = "{http://www.w3.org/2000/svg}"
texts = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200)


def read(picture: Image.Image) -> str:
    (barcode,) = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return str(barcode.text)


def parse(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing


def paint(drawn: str) -> Image.Image:
    """Paint the rectangles of the SVG path, four pixels a unit."""
    root = parse(drawn)
    size = int(root.attrib["viewBox"].split()[2])
    path = root.find(f"{SVG}path")
    assert path is not None
    grey = np.full((size, size), 255, dtype=np.uint8)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path.attrib["d"]):
        grey[int(y) : int(y) + int(height), int(x) : int(x) + int(width)] = 0
    return Image.fromarray(np.kron(grey, np.ones((4, 4), dtype=np.uint8)))


@settings(max_examples=50)
@given(texts)
def test_drawn_codes_are_read_back(text: str) -> None:
    assert read(Image.open(io.BytesIO(png(text, 3)))) == text
    assert read(paint(svg(text))) == text


def test_png_has_the_asked_size_and_a_quiet_zone() -> None:
    picture = Image.open(io.BytesIO(png("LC1:0123456789ABCDEFG", 10)))
    picture.load()
    assert picture.size == (330, 330)
    assert np.asarray(picture.crop((0, 0, 330, 40))).min() == 255


def test_svg_says_what_it_is_without_markup_of_others() -> None:
    drawn = svg("LC1:0123456789ABCDEFG", label='Mã "của" <An>')
    root = parse(drawn)
    assert root.attrib["aria-label"] == 'Mã "của" <An>'
    assert "<An>" not in drawn
    assert parse(svg("x")).attrib["aria-hidden"] == "true"


@pytest.mark.parametrize(
    ("text", "reason"), [("", "qr-empty"), ("\ud800", "qr-text"), ("A" * 5_000, "qr-length")]
)
def test_what_cannot_be_drawn_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(FormatError) as refused:
        svg(text)
    assert refused.value.code == reason


def test_absurd_size_is_refused() -> None:
    with pytest.raises(ValueError, match="64 pixels"):
        png("x", 1_000_000)


@settings(max_examples=20)
@given(texts)
def test_a_matrix_is_the_code_itself(text: str) -> None:
    modules = [list(line) for line in matrix(text, level="Q")]
    assert len({len(modules), *map(len, modules)}) == 1
    assert all(modules[0][:7]), "the upper left finder"
    grey = np.where(np.pad(np.array(modules), 4), 0, 255).astype(np.uint8)
    assert read(Image.fromarray(np.kron(grey, np.ones((3, 3), dtype=np.uint8)))) == text
