"""Photographs of strangers, encoded anew: bounded, upright, and with nothing of the file but what is seen.

Only JPEG, PNG and WebP are opened, and the size is judged before a pixel is decoded. No EXIF (where and with what it
was taken), no thumbnail, no text and nothing behind the picture comes through.
"""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from lachan.codecs.pictures import broken, open_picture

EDGE: Final = 1_600  # pixels of the longer edge of what is kept
QUALITY: Final = 80


@dataclass(frozen=True, slots=True)
class Photograph:
    """A JPEG of `width` x `height` pixels, 1,600 at most."""

    body: bytes
    width: int
    height: int


def encode_anew(file: bytes) -> Photograph:
    """The picture in `file`. Raises FormatError: picture-length, picture-scans, picture-format, picture-size,
    picture-broken."""
    opened = open_picture(file)
    try:
        return _encoded(_seen(opened))
    except Exception as error:  # damaged pixels end in errors of many kinds
        raise broken() from error


def _seen(opened: Image.Image) -> Image.Image:
    """Upright, on white, no larger than is kept; pixels alone, in a picture that never had a file."""
    opened.draft("RGB", (EDGE, EDGE))
    opened.thumbnail((EDGE, EDGE))
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    paper = Image.new("RGB", upright.size, (255, 255, 255))
    paper.paste(upright, mask=upright.getchannel("A"))
    return paper


def _encoded(picture: Image.Image) -> Photograph:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return Photograph(kept.getvalue(), picture.width, picture.height)
