"""Draws QR codes."""

import re
import struct
import zlib
from html import escape
from typing import TYPE_CHECKING, Final, Literal, cast

import zxingcpp

from lachan.codecs.errors import FormatError

if TYPE_CHECKING:
    from typing_extensions import Buffer

Level = Literal["L", "M", "Q", "H"]

_PATH: Final = re.compile(r'<path d="([^"]+)"')
_DARK: Final = bytes(int(grey < 128) for grey in range(256))
_SIZE: Final = re.compile(r'<svg width="([0-9]+)"')


def svg(text: str, *, label: str = "", level: Level = "M") -> str:
    """Return an SVG element, one unit a module, with the quiet zone; its size is the page's choice.

    `label` is what a screen reader says. Raises FormatError: qr-empty, qr-text, qr-length.
    """
    drawn = _barcode(text, level).to_svg(scale=1)
    size, path = _SIZE.search(drawn), _PATH.search(drawn)
    if size is None or path is None:
        raise RuntimeError("zxing-cpp draws SVG in a way that is new to us")
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[1]} {size[1]}"'
        f' shape-rendering="crispEdges" {name}><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="{path[1]}" fill="#000"/></svg>'
    )


def png(text: str, module_px: int = 8, *, level: Level = "M") -> bytes:
    """Return a PNG file, `module_px` (1 to 64) pixels a module. Raises FormatError as `svg` does."""
    if not 1 <= module_px <= 64:
        raise ValueError("a module is 1 to 64 pixels wide")
    pixels = memoryview(cast("Buffer", _barcode(text, level).to_image(scale=module_px)))
    height, width = pixels.shape or (0, 0)
    grey = pixels.tobytes()
    lines = b"".join(b"\0" + grey[line * width : (line + 1) * width] for line in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (("IHDR", header), ("IDAT", zlib.compress(lines)), ("IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name.encode(), body) for name, body in chunks)


def matrix(text: str, *, level: Level = "M") -> list[bytes]:
    """Return the modules line by line, without the quiet zone: 1 is dark. Raises FormatError as `svg` does."""
    image = _barcode(text, level).to_image(scale=1, add_quiet_zones=False)
    pixels = memoryview(cast("Buffer", image))
    width = (pixels.shape or (0, 0))[1]
    dark = pixels.tobytes().translate(_DARK)
    return [dark[start : start + width] for start in range(0, len(dark), width)]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _barcode(text: str, level: Level) -> zxingcpp.Barcode:
    if not text:
        raise FormatError("qr-empty", "There is nothing to draw.")
    _require_encodable(text)
    # Named, because readers guess at the standard's own Latin-1: one sees an accent, another half-width kana.
    charset = {} if text.isascii() else {"eci": "UTF-8"}
    try:
        return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, **charset)
    except ValueError as error:
        raise FormatError("qr-length", "The text is too long for a QR code.") from error


def _require_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FormatError("qr-text", "The text has a lone surrogate.") from error
