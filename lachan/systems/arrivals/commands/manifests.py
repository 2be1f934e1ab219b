"""Passenger lists: every row is somebody aboard, or refused with its reason. A file is taken whole or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from django.db import connection, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, persons
from lachan.core.bulk import insert, refresh_statistics
from lachan.core.dates import BirthDate, parse_birth_date
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ManifestTaken
from lachan.core.models import Actor, Identifier, Person
from lachan.core.names import clean_name, search_key
from lachan.core.persons import Identity
from lachan.core.sealed import blind_index
from lachan.platform.lists import BadFile, BadRow, Record, Totals, Verdict, batches, open_table, verdicts
from lachan.systems.arrivals.commands.vessels import seat
from lachan.systems.arrivals.manifest_words import REFUSED
from lachan.systems.arrivals.models import Conveyance, Manifest, Passenger
from lachan.systems.arrivals.rules.manifest import BadEntry, Entry, columns_of, missing_columns, read_entry
from lachan.systems.arrivals.rules.seats import BadSeat, Layout, Spot

BATCH = 2_000
KEPT_REFUSALS = 500
INFANT_YEARS = 2
T = TypeVar("T")
DocumentKey = tuple[str, bytes]


def _ignore(_verdict: Verdict) -> None:
    return None


@transaction.atomic
def import_manifest(
    *, conveyance: Conveyance, file: Path, actor: Actor, at: datetime, most_rows: int = 0,
    tell: Callable[[Verdict], None] = _ignore,
) -> Manifest:  # fmt: skip
    """Take a list (CSV, XLSX) of who is aboard; `tell` hears of each row. The same file again changes nothing; of it
    `tell` hears what was refused.

    People are found by their document, else registered as claimed. Raises BadFile; then nothing of it was taken.
    """
    conveyance = Conveyance.objects.select_for_update().select_related("gate").get(pk=conveyance.pk)
    digest = _digest(file)
    known = Manifest.objects.filter(conveyance=conveyance, digest=digest).first()
    if known is not None:
        for number, column, code, words in known.refusals:
            tell(Verdict(number, number, "refused", column, code, words))
        return known
    table = open_table(file, wanted=())
    columns = columns_of(table.columns)
    if missing_columns(columns):
        raise BadFile("columns-missing", REFUSED["columns-missing"])
    made = Manifest.objects.create(
        conveyance=conveyance,
        digest=digest,
        read=0,
        taken=0,
        already=0,
        refused=0,
        taken_at=at,
        taken_by=actor,
    )
    _hold_documents()
    _take_rows(made, ManifestTaker(made, columns, actor=actor, at=at), table.records(), most_rows, tell)
    told = ManifestTaken(
        place_id=conveyance.place_id, happened_at=at, ref=f"arrivals.manifest:{made.pk}", conveyance_id=conveyance.pk,
        manifest_id=made.pk, taken=made.taken - made.already, refused=made.refused,
    )  # fmt: skip
    emit([told], actor=actor)
    return made


def _take_rows(
    made: Manifest, take: "ManifestTaker", records: Iterable[Record | Verdict], most_rows: int,
    tell: Callable[[Verdict], None],
) -> None:  # fmt: skip
    totals, refusals = Totals(), list[list[object]]()
    for batch in batches(records, BATCH):
        for verdict in verdicts(batch, take):
            totals.add(verdict)
            tell(verdict)
            if verdict.result == "refused" and len(refusals) < KEPT_REFUSALS:
                refusals.append([verdict.number, verdict.column[:80], verdict.code, str(verdict.words)])
        if most_rows and totals.read > most_rows:
            raise BadFile("list-long", REFUSED["list-long"])
    made.read, made.taken, made.already, made.refused = (
        totals.read,
        totals.taken,
        totals.already,
        totals.refused,
    )
    made.refusals = refusals
    made.save(update_fields=["read", "taken", "already", "refused", "refusals"])


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _hold_documents() -> None:
    """Wait until nobody else looks for documents and registers the missing ones; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lachan.documents'))")


@dataclass(slots=True)
class Traveller:
    """A row that can be read."""

    record: Record
    entry: Entry
    identity: Identity
    key: DocumentKey
    seat: str
    rows: tuple[int, int] | None


class ManifestTaker:
    """Takes rows batch by batch; remembers documents, seats and persons of the whole vessel."""

    def __init__(self, made: Manifest, columns: dict[str, str], *, actor: Actor, at: datetime) -> None:
        self.made, self.columns, self.actor, self.at = made, columns, actor, at
        self.conveyance = made.conveyance
        self.layout: Layout = made.conveyance.seats
        self.today: date = clock.local_date(at)
        aboard = list(made.conveyance.passengers.all())
        self._known = {(p.document_kind, bytes(p.document_index)): p for p in aboard}
        self._people = {p.person_id for p in aboard}
        self._seats = {p.seat for p in aboard if p.seat}
        self._documents: dict[DocumentKey, int] = {}

    def __call__(self, batch: Sequence[Record]) -> list[Verdict]:
        fresh, told = list[Traveller](), list[Verdict]()
        for record in batch:
            try:
                one = self._traveller(record)
                again = self._again(one)
                if again is None:
                    self._seats |= {one.seat} - {""}
                    fresh.append(one)
                else:
                    told.append(again)
            except BadRow as why:
                told.append(record.refused(why))
        return told + self._board(fresh)

    def _traveller(self, record: Record) -> Traveller:
        entry = self._entry(record)
        key = entry.document_kind, blind_index(entry.document_kind, entry.document)
        first = self._documents.setdefault(key, record.number)
        if first != record.number:
            raise self._bad("document", "document-twice")
        birth = (
            self._given("birth", lambda: parse_birth_date(entry.birth, self.today)) if entry.birth else None
        )
        name = self._given("name", lambda: clean_name(entry.name))
        identity = Identity(
            name=name, birth=birth, sex=entry.sex, identifiers={entry.document_kind: entry.document}
        )
        label, rows = self._seat(entry, birth, key)
        return Traveller(record, entry, identity, key, label, rows)

    def _entry(self, record: Record) -> Entry:
        try:
            return read_entry(record.cells, self.columns)
        except BadEntry as error:
            raise self._bad(error.field, error.code) from error

    def _seat(
        self, entry: Entry, birth: BirthDate | None, key: DocumentKey
    ) -> tuple[str, tuple[int, int] | None]:
        try:
            spot = self.layout.spot(entry.seat) if entry.seat else Spot("", None)
            served = self.layout.crew_rows(entry.cabin) if entry.crew else None
        except BadSeat as error:
            raise self._bad("cabin" if error.code.startswith("cabin") else "seat", error.code) from error
        sits = (spot.row, spot.row) if spot.row is not None else None
        if spot.label in self._seats and key not in self._known:
            if birth is None or birth.age_on(self.today) >= INFANT_YEARS:
                raise self._bad("seat", "seat-taken")
            return "", sits  # on somebody's lap
        return spot.label, served or sits

    def _again(self, one: Traveller) -> Verdict | None:
        before = self._known.get(one.key)
        if before is None:
            return None
        if before.seat != one.seat and one.seat:
            raise self._bad("seat", "differs")
        return one.record.already(_("This person is on the list already."))

    def _board(self, travellers: Sequence[Traveller]) -> list[Verdict]:
        """Find or register these people, and write them down as aboard; a constant number of statements."""
        found = _holders(t.key for t in travellers)
        alike = {t.key: p for t in travellers if (p := found.get(t.key)) and _may_be(t.identity, p)}
        new = [t for t in travellers if t.key not in alike]
        made = persons.register_all([t.identity for t in new], actor=self.actor, at=self.at)
        people = alike | {t.key: p for t, p in zip(new, made, strict=True)}
        told, aboard = list[Verdict](), list[Passenger]()
        for one in travellers:
            person = people[one.key]
            if person.root_id in self._people:
                told.append(one.record.refused(self._bad("document", "person-twice")))
                continue
            self._people.add(person.root_id)
            aboard.append(self._passenger(one, person))
            told.append(_taken(one, of_another=one.key in found and one.key not in alike))
        insert(aboard)
        seat(self.conveyance, aboard, at=self.at)
        # The database checks keys by plans made while the tables were small, until it is told how they grew.
        for table in (Person, Identifier, Passenger):
            refresh_statistics(table, changed=len(aboard))
        return told

    def _passenger(self, one: Traveller, person: Person) -> Passenger:
        row_from, row_to = one.rows or (None, None)
        return Passenger(
            conveyance=self.conveyance, manifest=self.made, person_id=person.root_id, document_kind=one.key[0],
            document_index=one.key[1], nationality=one.entry.nationality, seat=one.seat, row_from=row_from,
            row_to=row_to, crew=one.entry.crew, listed_at=self.at,
        )  # fmt: skip

    def _given(self, field: str, read: Callable[[], T]) -> T:
        try:
            return read()
        except Refusal as refusal:
            raise BadRow(self.columns.get(field, field), refusal.code, refusal.message) from refusal

    def _bad(self, field: str, code: str) -> BadRow:
        return BadRow(self.columns.get(field, field), code, REFUSED[code])


def _holders(keys: Iterable[DocumentKey]) -> dict[DocumentKey, Person]:
    """Who holds each document: verified before claimed, the older record first. Two queries, one after the other:
    joined, they are planned for tables as small as they were before this list."""
    indexes = {index for _kind, index in keys}
    found = Identifier.objects.filter(blind_index__in=indexes).order_by("-pk")
    held = {(i.kind, bytes(i.blind_index)): i for i in sorted(found, key=lambda i: i.verified_at is not None)}
    people = Person.objects.in_bulk({i.person_id for i in held.values()})
    roots = Person.objects.in_bulk({p.root_id for p in people.values()})
    return {key: roots[people[i.person_id].root_id] for key, i in held.items()}


def _may_be(told: Identity, kept: Person) -> bool:
    """Whether the record with this document can be who the list names: a mistyped number must not put somebody else
    on the plane. Names differ in order and marks; a different year of birth with a different name is another person."""
    if set(search_key(told.name).split()) & set(kept.search_key.split()):
        return True
    return told.birth is not None and told.birth.year == kept.birth_year


def _taken(one: Traveller, *, of_another: bool) -> Verdict:
    if of_another:
        sentence = _("Another record holds document {document}: a new one was made. Compare the two.")
        hidden = f"…{one.entry.document[-3:]}"
        return one.record.taken("document-of-another", format_lazy(sentence, document=hidden))
    return one.record.taken()
