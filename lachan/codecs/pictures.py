"""Opens pictures of strangers: only JPEG, PNG and WebP, and the size is judged before a pixel is decoded."""

import io
from typing import Final

from PIL import Image

from lachan.codecs.errors import FormatError

LARGEST_FILE: Final = 12_000_000  # bytes
MOST_PIXELS: Final = 40_000_000
MOST_SCANS: Final = 100  # passes over a progressive JPEG, of which cameras make ten: each costs all pixels

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_JPEG: Final = b"\xff\xd8"
_SCAN: Final = b"\xff\xda"  # a JPEG marker; within the pixels, 0xff is always followed by 0


def open_picture(file: bytes) -> Image.Image:
    """The picture, its pixels not yet decoded. Raises FormatError: picture-length, picture-scans, picture-format,
    picture-size."""
    if len(file) > LARGEST_FILE:
        raise FormatError("picture-length", "The picture is larger than 12 MB.")
    if file.startswith(_JPEG) and file.count(_SCAN) > MOST_SCANS:
        raise FormatError("picture-scans", "The picture is put together in more steps than any camera's.")
    try:
        opened = Image.open(io.BytesIO(file), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large() from error
    except Exception as error:  # damaged headers end in errors of many kinds
        raise FormatError("picture-format", "The picture is neither JPEG, PNG nor WebP.") from error
    if opened.width * opened.height > MOST_PIXELS:
        raise too_large()
    return opened


def too_large() -> FormatError:
    """The refusal of a picture whose pixels would take too much memory."""
    return FormatError("picture-size", "The picture has too many pixels.")


def broken() -> FormatError:
    """The refusal of a picture whose pixels cannot be decoded."""
    return FormatError("picture-broken", "The picture is damaged.")
