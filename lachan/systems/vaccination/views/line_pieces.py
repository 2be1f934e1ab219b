"""What the pages of the line share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from lachan.core import access, clock
from lachan.core.access import Purpose
from lachan.core.doors import DeskRequest
from lachan.core.models import AccessLog
from lachan.platform.pages import Answers
from lachan.systems.vaccination.models import Session
from lachan.systems.vaccination.queries.line import InLine, Planned, by_step, in_line
from lachan.systems.vaccination.rules.courses import Recipient
from lachan.systems.vaccination.rules.line import Step
from lachan.systems.vaccination.views.pieces import product_names

_answers = Answers("vaccination")
go, done, refused = _answers.go, _answers.done, _answers.refused
TABLE = "vaccination-table"
PART = "line"


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict: its kind (pass, check, stop), the word, and the sentence below."""

    kind: str
    word: str
    reason: str


def note_once(request: DeskRequest, people: Iterable[int], at: datetime) -> None:
    """Write down that these were shown: once a day to a posting, however often the list renews itself."""
    ids = set(people)
    start, end = clock.day_bounds(clock.local_date(at))
    today = AccessLog.objects.filter(
        posting_id=request.posting.pk, part=PART, purpose=Purpose.VACCINATION, person__in=ids, read_at__gte=start,
        read_at__lt=end,
    )  # fmt: skip
    fresh = ids - set(today.values_list("person", flat=True))
    access.note_reads(fresh, request.posting, purpose=Purpose.VACCINATION, part=PART, at=at)


def table_of(request: DeskRequest, session: Session) -> int:
    """The table at which this browser stands."""
    kept = request.session.get(TABLE, 1)
    return kept if isinstance(kept, int) and 1 <= kept <= session.tables else 1


def choose_table(request: DeskRequest, session: Session, text: str) -> None:
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= session.tables:
        request.session[TABLE] = int(text[:4])


def waiting_at(session: Session, step: Step) -> list[InLine]:
    """Who waits for this step, by number."""
    return by_step(in_line(session)).get(step, [])


def chosen(waiting: Sequence[InLine], text: str | None, *, table: int = 1) -> InLine | None:
    """Who was called by number; else the next for this table, so that tables do not call the same person."""
    by_number = {str(one.visit.number): one for one in waiting}
    if text and text in by_number:
        return by_number[text]
    return waiting[min(table, len(waiting)) - 1] if waiting else None


def session_words(session: Session, at: datetime) -> dict[str, Any]:
    """What every page of a session says at its head."""
    local = session.starts_at.astimezone(clock.zone()), session.ends_at.astimezone(clock.zone())
    name = product_names(at).get(session.product, session.product)
    return {"session": session, "product": name, "hours": f"{local[0]:%H:%M}–{local[1]:%H:%M}", "at": at}


def planned_words(planned: Planned | None, at: datetime) -> str:
    """The next dose as it is told at the table and on the slip."""
    if planned is None:
        return _("No further dose is planned by the rules of today.")
    names = product_names(at)
    return _("Next dose from %(day)s: %(products)s.") % {
        "day": day_text(planned.from_on), "products": ", ".join(names.get(code, code) for code in planned.products),
    }  # fmt: skip


def day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def doses_words(known: Recipient | None, at: datetime) -> list[str]:
    """The doses that are known, in a line each."""
    names = product_names(at)
    doses = sorted(known.doses, key=lambda dose: dose.on) if known else []
    return [f"{day_text(dose.on)}: {names.get(dose.product, dose.product)}" for dose in doses]
