"""Pictures of strangers: held in memory, read one at a time in a process, forgotten."""

import threading
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadhandler import MemoryFileUploadHandler

from lachan.codecs import pictures, scanning
from lachan.core.errors import Refusal
from lachan.issuer import words
from lachan.platform.ratelimit import Limit

TEXTS: Final = Limit("verify-text", 600, timedelta(minutes=10))
PICTURES: Final = Limit("verify-picture", 60, timedelta(minutes=10))
MOST_BODY: Final = pictures.LARGEST_FILE + 100_000
MOST_DECODED: Final = 64_000_000
"""Bytes: 16 million coloured pixels, or 40 million of a JPEG; less than half of what scanning allows elsewhere."""
PATIENCE_SECONDS = 8.0

_reading = threading.BoundedSemaphore(1)


class InMemory(MemoryFileUploadHandler):
    """What somebody sends us to look at never touches a disk."""

    def handle_raw_input(self, *given: Any, **more: Any) -> None:
        super().handle_raw_input(*given, **more)
        self.activated = True  # the view has refused what is larger than memory should hold


class Busy(Refusal):
    """Others' pictures are being read, and the patience for ours ended."""

    status = 503

    def __init__(self) -> None:
        super().__init__("busy", words.why("busy"))


def read_codes(picture: bytes) -> list[str]:
    """Texts of the codes in a picture. Raises Busy, and FormatError as `lachan.codecs.scanning.read_codes` does."""
    if not _reading.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        return scanning.read_codes(picture, most_decoded=MOST_DECODED)
    finally:
        _reading.release()
