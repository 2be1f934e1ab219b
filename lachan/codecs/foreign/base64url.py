"""Base64url as certificates use it: one text for one value, so that no altered text passes for the original."""

import base64
import binascii

from lachan.codecs.foreign.unpacked import refuse, require


def decode(text: str, code: str, *, padded: bool = False) -> bytes:
    """Return the bytes; trailing `=` only where `padded`. Raises FormatError(code)."""
    bare = text.rstrip("=") if padded else text
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        refuse(code)
    require(encode(data) == bare, code)
    return data


def encode(data: bytes) -> str:
    """Return the text without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
