import io
import random
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps, PngImagePlugin

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign.tests.making import credential, minified, zipped
from lachan.codecs.pictures import LARGEST_FILE
from lachan.codecs.qr import png
from lachan.codecs.scanning import read_codes

CERTIFICATE = "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N" + "-+A0*%:A4B2" * 45  # as long as real ones


def drawn(text: str = CERTIFICATE, module: int = 4) -> Image.Image:
    return Image.open(io.BytesIO(png(text, module, level="Q"))).convert("L")


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def on_paper(
    code: Image.Image, size: tuple[int, int] = (1600, 1200), place: tuple[int, int] = (500, 300)
) -> Image.Image:
    paper = Image.new("L", size, 235)
    paper.paste(code, place)
    return paper


def noisy(picture: Image.Image, strength: int) -> Image.Image:
    noise = np.random.default_rng(7).integers(-strength, strength + 1, (picture.height, picture.width))
    return Image.fromarray(np.clip(np.asarray(picture).astype(int) + noise, 0, 255).astype(np.uint8))


def transparent(picture: Image.Image) -> Image.Image:
    clear = Image.new("LA", picture.size, (0, 0))
    clear.putalpha(ImageOps.invert(picture))
    return clear


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_drawn_codes_are_read_from_every_allowed_kind_of_file(kind: str, mode: str) -> None:
    assert read_codes(saved(drawn().convert(mode), kind)) == [CERTIFICATE]


@pytest.mark.parametrize(
    "seen",
    [
        on_paper,
        lambda code: on_paper(code).rotate(7, fillcolor=235, resample=Image.Resampling.BICUBIC),
        lambda code: on_paper(code).rotate(45, fillcolor=235, resample=Image.Resampling.BICUBIC),
        lambda code: on_paper(code).rotate(90, expand=True),
        lambda code: on_paper(code).rotate(180),
        lambda code: ImageOps.mirror(on_paper(code)),
        lambda code: ImageOps.invert(on_paper(code)),
        lambda code: on_paper(code).filter(ImageFilter.GaussianBlur(1.5)),
        lambda code: noisy(on_paper(code), 60),
        lambda code: on_paper(code).point(lambda grey: 110 + grey // 8),
        lambda code: on_paper(code, (6000, 6000), (3000, 2500)),
        lambda code: transparent(on_paper(code)),
        lambda code: on_paper(code).convert("1"),
        lambda code: on_paper(code).convert("P"),
        lambda code: on_paper(code).convert("CMYK").convert("RGBA"),
    ],
    ids=[
        "plain",
        "turned-7",
        "turned-45",
        "turned-90",
        "turned-180",
        "mirrored",
        "inverted",
        "blurred",
        "noisy",
        "faint",
        "large",
        "clear",
        "bits",
        "palette",
        "rgba",
    ],
)
def test_codes_are_read_as_people_photograph_them(seen: Callable[[Image.Image], Image.Image]) -> None:
    assert read_codes(saved(seen(drawn()))) == [CERTIFICATE]


@pytest.mark.parametrize("module", [2, 3])
def test_small_codes_are_read(module: int) -> None:
    small = drawn(module=module)
    assert read_codes(saved(small)) == [CERTIFICATE]
    assert read_codes(saved(small.filter(ImageFilter.GaussianBlur(0.6)), "JPEG", quality=70)) == [CERTIFICATE]


@pytest.mark.parametrize("name", ["QRCode", "DataMatrix", "Aztec"])
def test_three_kinds_of_codes_are_read(name: str) -> None:
    made = zxingcpp.create_barcode("01089012345678901726113010A1", zxingcpp.barcode_format_from_str(name))
    image = Image.fromarray(np.asarray(made.to_image(scale=5)))
    assert read_codes(saved(on_paper(image))) == ["01089012345678901726113010A1"]


def test_other_kinds_of_codes_are_passed_over() -> None:
    made = zxingcpp.create_barcode("4006381333931", zxingcpp.BarcodeFormat.EAN13)
    assert read_codes(saved(on_paper(Image.fromarray(np.asarray(made.to_image(scale=4)))))) == []


def test_several_codes_are_each_read_once() -> None:
    paper = Image.new("L", (1200, 1200), 255)
    for place, text in enumerate(["first", "second", "first"]):
        paper.paste(drawn(text), (50 + 350 * place, 100))
    assert sorted(read_codes(saved(paper))) == ["first", "second"]


def test_a_picture_without_a_code_has_no_texts() -> None:
    assert read_codes(saved(Image.new("RGB", (640, 480), "white"))) == []
    assert read_codes(saved(Image.new("L", (1, 1)))) == []


@pytest.mark.parametrize("orientation", [*range(1, 9), 0, 99])
def test_the_orientation_of_the_camera_is_followed(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert read_codes(saved(on_paper(drawn()), "JPEG", exif=exif)) == [CERTIFICATE]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_orientation_is_none() -> None:
    broken = b"Exif\0\0II*\0\xff\xff\xff\xff"
    assert read_codes(saved(on_paper(drawn()), "JPEG", exif=broken)) == [CERTIFICATE]


def test_a_packed_certificate_is_one_character_a_byte() -> None:
    packed = zipped(("certificate.json", minified(credential())))
    made = zxingcpp.create_barcode(packed, zxingcpp.BarcodeFormat.QRCode)
    (text,) = read_codes(saved(Image.fromarray(np.asarray(made.to_image(scale=4)))))
    assert text.encode("latin-1") == packed


def test_letters_of_all_languages_are_read() -> None:
    text = "Nguyễn Thị Hồng Đào 阮 ✓"
    assert read_codes(saved(drawn(text))) == [text]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def claimed(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def with_text_bomb() -> bytes:
    extra = PngImagePlugin.PngInfo()
    extra.add_text("a", "x" * 5_000_000, zip=True)
    return saved(Image.new("L", (10, 10)), pnginfo=extra)


def in_many_scans(times: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again."""
    whole = saved(drawn("A"), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * times + whole[-2:]


def test_a_progressive_picture_is_read() -> None:
    assert read_codes(in_many_scans(1)) == ["A"]


def test_a_large_picture_is_not_copied_at_full_size() -> None:
    paper = on_paper(drawn(), (6000, 6000), (3000, 2500)).convert("RGBA")
    assert read_codes(saved(paper, compress_level=1)) == [CERTIFICATE]


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"\0" * (LARGEST_FILE + 1), "picture-length"),
        (in_many_scans(200), "picture-scans"),
        (b"", "picture-format"),
        (b"no picture", "picture-format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "picture-format"),
        (saved(Image.new("L", (9, 9)), "GIF"), "picture-format"),
        (saved(Image.new("L", (9, 9)), "BMP"), "picture-format"),
        (saved(Image.new("L", (9, 9)), "TIFF"), "picture-format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "picture-format"),
        (claimed(0, 0), "picture-format"),
        (claimed(6400, 6400), "picture-size"),
        (claimed(10_000, 10_000), "picture-size"),
        (claimed(100_000, 100_000), "picture-size"),
        (claimed(2**31 - 1, 2**31 - 1), "picture-size"),
        (claimed(1000, 1000), "picture-broken"),
        (saved(on_paper(drawn()))[:3000], "picture-broken"),
        (saved(on_paper(drawn()), "JPEG")[:3000], "picture-broken"),
        (with_text_bomb(), "picture-format"),
    ],
)
def test_what_is_no_fair_picture_is_refused_by_name(picture: bytes, code: str) -> None:
    began = time.process_time()
    with pytest.raises(FormatError) as refused:
        read_codes(picture)
    assert refused.value.code == code
    assert time.process_time() - began < 1


def damaged(whole: bytes, chance: random.Random) -> bytes:
    copy = bytearray(whole)
    for _ in range(chance.choice((1, 2, 8))):
        copy[chance.randrange(len(copy))] = chance.randrange(256)
    return bytes(copy[: chance.choice((len(copy), chance.randrange(len(copy))))])


def code_or_texts(picture: bytes) -> object:
    try:
        return read_codes(picture)
    except FormatError as refused:
        return refused.code


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_files_are_refused_or_read_and_nothing_else(kind: str) -> None:
    whole = saved(drawn("LC1:0123456789ABCDEFG"), kind)
    chance = random.Random(kind)
    found = [code_or_texts(damaged(whole, chance)) for _ in range(300)]
    fair: tuple[object, ...] = (
        ["LC1:0123456789ABCDEFG"],
        [],
        "picture-format",
        "picture-size",
        "picture-broken",
    )
    assert all(outcome in fair for outcome in found)
    assert len({str(outcome) for outcome in found}) > 2


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60), st.integers(3, 8))
def test_what_is_drawn_is_read(text: str, module: int) -> None:
    assert read_codes(png(text, module)) == [text]


def test_a_door_may_bound_what_is_decoded_at_once() -> None:
    wide = saved(Image.new("RGB", (3000, 3000), "white"))
    assert read_codes(wide) == []
    with pytest.raises(FormatError, match="pixels") as refused:
        read_codes(wide, most_decoded=32_000_000)
    assert refused.value.code == "picture-size"
    reduced = saved(Image.new("RGB", (7000, 5600), "white"), "JPEG")
    assert read_codes(reduced, most_decoded=40_000_000) == [], "of a JPEG only the grey is decoded"
