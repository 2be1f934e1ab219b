"""The transfer list on paper (A4): who is brought, from where to where, two signatures."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import typst
from django.utils.translation import gettext

from lachan.core import areas, clock, persons
from lachan.core.codes import format_code
from lachan.systems.arrivals.models import TransferLine, TransferList
from lachan.systems.arrivals.transfer_words import ABSENT

DOCUMENT = Path(__file__).resolve().parent / "documents" / "transfer.typ"


def paper(transfer: TransferList, lines: Sequence[TransferLine]) -> bytes:
    """PDF in the reader's language."""
    heads = [
        gettext("No."),
        gettext("Name"),
        gettext("Born"),
        gettext("Seat"),
        gettext("Stays at"),
        gettext("Came"),
    ]
    inputs = {
        "title": gettext("List of travellers brought to a quarantine site"), "code": format_code(transfer.code),
        "from_to": f"{transfer.gate.name} → {transfer.site.name}", "vehicle": transfer.vehicle,
        "total": gettext("%(n)s travellers") % {"n": len(lines)}, "times": _times(transfer),
        "heads": msgspec.json.encode(heads).decode(),
        "rows": msgspec.json.encode([_cells(n, line) for n, line in enumerate(lines, 1)]).decode(),
        "hands": gettext("Handed over by (name, signature)"), "takes": gettext("Received by (name, signature)"),
        "note": transfer.note,
    }  # fmt: skip
    made = typst.compile(
        str(DOCUMENT), root=str(DOCUMENT.parent), sys_inputs=inputs, format="pdf", ignore_system_fonts=True
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _times(transfer: TransferList) -> str:
    told = [
        (gettext("List made"), transfer.made_at),
        (gettext("Left the gate"), transfer.left_at),
        (gettext("Received"), transfer.received_at),
    ]
    return " · ".join(f"{word} {at.astimezone(clock.zone()):%H:%M %d/%m/%Y}" for word, at in told if at)


def _cells(number: int, line: TransferLine) -> list[str]:
    person, made = line.person.merged_into or line.person, line.clearance.declaration
    birth = persons.birth_of(person)
    came = "" if line.came is None else "✓" if line.came else str(ABSENT[line.absence])
    where = areas.full_name(made.destination_area)
    return [str(number), person.name, birth.text if birth else "", made.seat, where, came]
