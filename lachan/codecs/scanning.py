"""Reads the codes in a photograph: QR, Data Matrix and Aztec.

Pictures of strangers: only JPEG, PNG and WebP are opened, the size is judged before a pixel is decoded, JPEG is
decoded no larger than needed, and nothing of the file but its grey pixels is used (no EXIF beyond the orientation).
"""

from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageOps

from lachan.codecs.errors import FormatError
from lachan.codecs.pictures import MOST_PIXELS, broken, open_picture, too_large

MOST_CODES: Final = 20
DETAIL: Final = 3_000  # pixels of the longer edge beyond which no code needs more
SMALL: Final = 700  # pixels of the longer edge below which enlarging helps

_CODES: Final = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,Aztec")
_REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA"})
_ZIP: Final = b"PK\x03\x04"


def read_codes(picture: bytes, *, most_decoded: int = 4 * MOST_PIXELS) -> list[str]:
    """Return the texts of the codes in a picture file, each once; empty when there is none.

    `most_decoded` bounds the memory: bytes of the decoded picture, of which a JPEG needs one a pixel or fewer.
    Raises FormatError: picture-length, picture-scans, picture-format, picture-size, picture-broken.
    """
    grey = _grey(picture, most_decoded)
    for sized in _sizes(grey):
        found = zxingcpp.read_barcodes(sized, formats=_CODES, text_mode=zxingcpp.TextMode.Plain)
        texts = dict.fromkeys(_text(code) for code in found)
        if texts:
            return list(texts)[:MOST_CODES]
    return []


def _grey(picture: bytes, most_decoded: int) -> Image.Image:
    opened = open_picture(picture)
    try:
        opened.draft("L", (DETAIL, DETAIL))
        if _decoded_bytes(opened) > most_decoded:
            raise too_large()
        return _upright(_on_white(_smaller(opened)))
    except FormatError:
        raise
    except Exception as error:  # damaged pixels end in errors of many kinds
        raise broken() from error


def _decoded_bytes(opened: Image.Image) -> int:
    """What Pillow takes for the pixels: four bytes for each that is not one grey or one of a palette."""
    return opened.width * opened.height * (1 if opened.mode in ("1", "L", "P") else 4)


def _smaller(opened: Image.Image) -> Image.Image:
    """Shrink large pictures before anything copies them: one copy of 40 million coloured pixels is 160 MB."""
    factor = max(opened.size) // DETAIL
    return opened.reduce(factor) if factor >= 2 and opened.mode in _REDUCIBLE else opened


def _on_white(opened: Image.Image) -> Image.Image:
    """Return grey pixels; what is transparent is paper."""
    if not opened.has_transparency_data:
        return opened.convert("L")
    layered = opened.convert("LA")
    paper = Image.new("L", layered.size, 255)
    paper.paste(layered.getchannel("L"), mask=layered.getchannel("A"))
    paper.info = layered.info
    return paper


def _upright(grey: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(grey)
    except Exception:  # an orientation that cannot be read is none
        return grey


def _sizes(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture, half of it (which takes the noise out), and small pictures also doubled."""
    longest = max(grey.size)
    if longest > DETAIL:
        grey = ImageOps.contain(grey, (DETAIL, DETAIL))
    yield grey
    if min(grey.size) >= 2:
        yield grey.reduce(2)
    if longest <= SMALL:
        yield grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.BICUBIC)


def _text(code: zxingcpp.Barcode) -> str:
    """Return the text; a packed certificate as one character a byte, as lachan.codecs.foreign takes it."""
    content = bytes(code.bytes)
    return content.decode("latin-1") if content.startswith(_ZIP) else str(code.text)
