"""Pairs of a contact list: who was exposed by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, references
from lachan.core.models import Actor, Person
from lachan.core.persons import Identity
from lachan.platform.lists.rows import BadRow, Record, Verdict
from lachan.site.imports.findings import Listing, Meeting, listings, meetings
from lachan.site.imports.mapping import Mapped
from lachan.site.imports.values import Cells
from lachan.systems.tracing.commands.imports import ExposureRow, import_exposures

ONE_DAY = timedelta(days=1)
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row that can be read. `days`: first and last day together, where the list tells."""

    record: Record
    source: str
    contact: str
    setting: str
    days: Days | None


class ContactTaker:
    """Takes rows batch by batch; remembers the pairs of the whole file."""

    def __init__(self, mapped: Mapped, *, actor: Actor, at: datetime) -> None:
        self.mapped, self.actor, self.at = mapped, actor, at
        self.today = clock.local_date(at)
        self._seen: dict[tuple[str, str, Days | None], int] = {}

    def __call__(self, batch: Sequence[Record]) -> list[Verdict]:
        pairs, told = list[Pair](), list[Verdict]()
        for record in batch:
            try:
                pairs.append(self._pair(record))
            except BadRow as why:
                told.append(record.refused(why))
        return told + self._take(pairs) if pairs else told

    def _pair(self, record: Record) -> Pair:
        cells = Cells(self.mapped, record.cells, self.today)
        source, contact = cells.reference("source"), cells.reference("contact")
        if source == contact:
            raise BadRow(self.mapped.column("contact"), "pair-of-one", _("Nobody is their own contact."))
        days = self._days(cells)
        first = self._seen.setdefault((source, contact, days), record.number)
        if first != record.number:
            raise BadRow("", "pair-twice", format_lazy(_("Row {first} has the same pair."), first=first))
        return Pair(record, source, contact, cells.code("setting"), days)

    def _days(self, cells: Cells) -> Days | None:
        starts_on, ends_on = cells.day("starts_on"), cells.day("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            raise BadRow(self.mapped.column("ends_on"), "period-backward", _("It ends before it begins."))
        first = starts_on or ends_on
        return (first, ends_on or first) if first else None

    @transaction.atomic
    def _take(self, pairs: Sequence[Pair]) -> list[Verdict]:
        references.hold(self.mapped.dataset)
        names = {self._reference(name): name for pair in pairs for name in (pair.source, pair.contact)}
        people = {names[reference]: person for reference, person in references.known(names).items()}
        cases = listings(people.values())
        people |= self._registered(pairs, people)
        before = meetings(people.values())
        told, rows = list[Verdict](), list[ExposureRow]()
        for pair in pairs:
            try:
                row = self._row(pair, people, cases)
                again = _known(row, people[pair.source], people[pair.contact], before)
            except BadRow as why:
                told.append(pair.record.refused(why))
                continue
            told.append(_taken(pair, again))
            if not again:
                rows.append(row)
        import_exposures(rows=rows, actor=self.actor, at=self.at)
        return told

    def _registered(self, pairs: Sequence[Pair], people: Mapping[str, Person]) -> Mapping[str, Person]:
        """The contacts of known cases who are in no list of cases, where the mapping says that they are people."""
        if not self.mapped.register_unknown:
            return {}
        fresh = {
            self._reference(pair.contact): pair.contact
            for pair in pairs
            if pair.contact not in people and pair.source in people and pair.days
        }
        identities = {reference: Identity(name=name) for reference, name in fresh.items()}
        made = references.register(identities, actor=self.actor, at=self.at)
        return {fresh[reference]: person for reference, person in made.items()}

    def _row(self, pair: Pair, people: Mapping[str, Person], cases: Mapping[int, Listing]) -> ExposureRow:
        source = self._person(pair.source, "source", people)
        contact = self._person(pair.contact, "contact", people)
        if source.root_id == contact.root_id:
            raise BadRow(self.mapped.column("contact"), "pair-of-one", _("Nobody is their own contact."))
        first, last = pair.days or _between(cases.get(source.pk), cases.get(contact.pk))
        return ExposureRow(
            source=self._reference(pair.source), person=self._reference(pair.contact),
            starts_on=first, ends_on=last, setting=pair.setting,
        )  # fmt: skip

    def _reference(self, name: str) -> str:
        return references.reference(self.mapped.dataset, name)

    def _person(self, name: str, field: str, people: Mapping[str, Person]) -> Person:
        if name in people:
            return people[name]
        raise BadRow(
            self.mapped.column(field),
            "case-not-imported",
            _("No list of cases that was imported has this id."),
        )


def _between(source: Listing | None, contact: Listing | None) -> Days:
    """Without days in the list: from the source's onset to the contact's, the bounds that the line list gives.

    From what was imported, not from what is known of the cases by now: the same row gives the same days again.
    """
    if source is None or contact is None:
        sentence = _("The row has no date, and without a case on both sides none can be derived.")
        raise BadRow("", "date-missing", sentence)
    return min(source.began_on, contact.began_on), contact.began_on


def _known(row: ExposureRow, source: Person, contact: Person, before: Mapping[Meeting, datetime]) -> bool:
    """Whether an earlier import brought this. Raises BadRow where it had another end."""
    if row.starts_on is None or row.ends_on is None:
        return False
    ended_at = before.get((source.pk, contact.pk, clock.day_start(row.starts_on)))
    if ended_at is not None and ended_at != clock.day_start(row.ends_on + ONE_DAY):
        sentence = _("This pair was imported before with the same first day and another last one.")
        raise BadRow("", "differs", sentence)
    return ended_at is not None


def _taken(pair: Pair, before: bool) -> Verdict:
    if before:
        return pair.record.already(_("This pair was imported before."))
    if pair.days is None:
        sentence = _(
            "The list has no dates: the time from the onset of the one to that of the other is kept."
        )
        return pair.record.taken("dates-derived", sentence)
    return pair.record.taken()
