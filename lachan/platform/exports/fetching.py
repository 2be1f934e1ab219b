"""Handing out a file that was written: piece by piece, the people of each told first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Purpose
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform.exports.sheets import CONTENT_TYPE
from lachan.platform.exports.sources import Source, source_of
from lachan.platform.models import Ending, Export, ExportPart

Answer = TypeVar("Answer", bound=HttpResponseBase)


class NotReady(Refusal):
    def __init__(self) -> None:
        super().__init__("export-not-ready", _("This file is not written yet."))


def fetch(export: Export, posting: Posting, *, at: datetime) -> StreamingHttpResponse:
    """The file; that the posting has read of somebody is written down before the piece with them goes: the first byte
    of 200,000 rows does not wait for as many lines in the log. Raises NotReady.
    """
    if export.ready_at is None:
        raise NotReady
    source = source_of(export.source)
    numbers = list(export.parts.order_by("number").values_list("number", flat=True))
    purpose = Purpose(export.purpose)

    def pieces() -> Iterator[bytes]:
        for number in numbers:
            piece = ExportPart.objects.get(export=export, number=number)
            access.note_reads(piece.people, posting, purpose=purpose, part=source.part, at=at)
            yield bytes(piece.body)

    answer = StreamingHttpResponse(pieces())
    answer["Content-Length"] = str(export.size)
    return attachment(answer, source, Ending(export.ending), export.begun_at or at)


def attachment(answer: Answer, source: Source, ending: Ending, at: datetime) -> Answer:
    """As a file to be saved, and kept by no cache on the way."""
    name = source.file_of(clock.local_date(at), ending.value)
    answer["Content-Type"] = CONTENT_TYPE[ending]
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
