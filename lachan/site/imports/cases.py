"""Rows of a line list: the person, and the case as confirmed by the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, references
from lachan.core.models import Actor, Person
from lachan.platform.lists.rows import BadRow, Record, Verdict
from lachan.site.imports.findings import Listing, listings
from lachan.site.imports.mapping import Mapped
from lachan.site.imports.people import Areas, Listed, listed
from lachan.site.imports.values import Cells
from lachan.systems.tracing.commands.imports import CaseRow, import_cases


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be read. `day`: when the case was confirmed, as far as the list tells."""

    record: Record
    person: Listed
    day: date
    onset_on: date | None
    isolated_on: date | None
    note: str

    def differences(self, person: Person, kept: Listing) -> list[str]:
        """Our names of the fields in which what an earlier import kept is not what the row says."""
        pairs = {
            "confirmed_on": (self.day, kept.day),
            "onset_on": (self.onset_on, kept.onset_on),
            "isolated_on": (self.isolated_on, kept.isolated_on),
            "detail": (self.note, kept.note),
        }
        changed = [field for field, (told, known) in pairs.items() if told != known]
        return self.person.differences(person) + changed

    def row(self, dataset: str) -> CaseRow:
        return CaseRow(
            reference=references.reference(dataset, self.person.reference), identity=self.person.identity,
            reported_on=self.day, onset_on=self.onset_on, isolated_on=self.isolated_on, outcome=self.note,
        )  # fmt: skip


class CaseTaker:
    """Takes rows batch by batch; remembers the references of the whole file, so that none is taken twice."""

    def __init__(self, mapped: Mapped, *, actor: Actor, at: datetime) -> None:
        self.mapped, self.actor, self.at = mapped, actor, at
        self.today = clock.local_date(at)
        self._areas = Areas()
        self._seen: dict[str, int] = {}

    def __call__(self, batch: Sequence[Record]) -> list[Verdict]:
        entries, told = list[Entry](), list[Verdict]()
        for record in batch:
            try:
                entries.append(self._entry(record))
            except BadRow as why:
                told.append(record.refused(why))
        return told + self._take(entries) if entries else told

    def _entry(self, record: Record) -> Entry:
        cells = Cells(self.mapped, record.cells, self.today)
        first = self._seen.setdefault(cells.reference("id"), record.number)
        if first != record.number:
            sentence = _("Row {first} has the same id. Only that one counts.")
            raise BadRow(self.mapped.column("id"), "id-twice", format_lazy(sentence, first=first))
        onset_on = cells.day("onset_on")
        day = cells.day("confirmed_on") or cells.day("reported_on") or onset_on
        if day is None:
            raise BadRow("", "date-missing", _("A case needs the day of its confirmation, report or onset."))
        return Entry(
            record, listed(cells, self._areas, day=day), day, onset_on, cells.day("isolated_on"), _note(cells)
        )

    @transaction.atomic
    def _take(self, entries: Sequence[Entry]) -> list[Verdict]:
        references.hold(self.mapped.dataset)
        rows = [entry.row(self.mapped.dataset) for entry in entries]
        known = references.known(row.reference for row in rows)
        kept = listings(known.values())
        told, fresh = list[Verdict](), list[CaseRow]()
        for entry, row in zip(entries, rows, strict=True):
            person = known.get(row.reference)
            if person and person.pk in kept:
                told.append(_again(entry, person, kept[person.pk]))
            else:
                told.append(_taken(entry))
                fresh.append(row)
        import_cases(rows=fresh, actor=self.actor, at=self.at)
        return told


def _note(cells: Cells) -> str:
    """What no table has a place for, in words: the outcome, and the columns that the mapping keeps."""
    outcome, day = cells.code("outcome"), cells.day("outcome_on")
    parts = [outcome and f"outcome: {outcome}", day and f"outcome on {day.isoformat()}", cells.detail()]
    return "; ".join(part for part in parts if part)[:500]


def _taken(entry: Entry) -> Verdict:
    if entry.person.named:
        return entry.record.taken()
    return entry.record.taken("name-is-reference", _("The list has no name here: the id stands for it."))


def _again(entry: Entry, person: Person, kept: Listing) -> Verdict:
    changed = entry.differences(person, kept)
    if not changed:
        return entry.record.already(_("This case was imported before."))
    sentence = _(
        "This case was imported before with something else in: {fields}. Correct the case on its page."
    )
    return entry.record.refused(BadRow("", "differs", format_lazy(sentence, fields=", ".join(changed))))
