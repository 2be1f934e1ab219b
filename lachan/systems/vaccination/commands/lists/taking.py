"""Reading a list: a batch a transaction, persons matched or registered as claimed, in a constant number of statements.

A killed reader leaves whole batches; the next one goes on behind them.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F

from lachan.core import bulk, clock, persons
from lachan.core.eventlog import emit
from lachan.core.events import RegistrationListTaken
from lachan.core.sealed import unseal
from lachan.platform import jobs
from lachan.platform.lists import BadFile, BadRow, Record, Totals, Verdict, batches, open_table, verdicts
from lachan.systems.vaccination.commands.lists.accepting import SEALED_AS
from lachan.systems.vaccination.commands.lists.columns import columns_of
from lachan.systems.vaccination.commands.lists.matching import matched
from lachan.systems.vaccination.commands.lists.rows import Asked, Rows
from lachan.systems.vaccination.commands.registering import (
    WORDS,
    CannotRegister,
    Wish,
    register_wishes,
    require_allowed,
)
from lachan.systems.vaccination.models import ListError, RegistrationList
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipients
from lachan.systems.vaccination.rules.courses import Recipient

BATCH = 2_000
LONGEST_WORDS = 400


class _Given(Exception):
    """Somebody else reads it."""


def read_list(number: int, *, at: datetime) -> None:
    """Read what is left of a list. One that is finished stays as it is; a file that breaks off says so in words."""
    row = RegistrationList.objects.select_related("area", "uploaded_by").filter(pk=number).first()
    if row is None or row.body is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list"
        file.write_bytes(base64.b64decode(unseal(SEALED_AS, row.body)))
        try:
            _read(row, file, at)
        except BadFile as refusal:
            _finish(row, str(refusal.message)[:300], at)
        except _Given:
            return


def _read(row: RegistrationList, file: Path, at: datetime) -> None:
    table = open_table(file, wanted=())
    taker = Taker(row, columns_of(table.columns), at)
    left = islice(table.records(), row.rows, None)
    for batch in batches(left, BATCH):
        jobs.go_on()
        taker.take(batch)
    _finish(row, "", at)


@transaction.atomic
def _finish(row: RegistrationList, failure: str, at: datetime) -> None:
    waiting = RegistrationList.objects.filter(pk=row.pk, finished_at__isnull=True)
    if not waiting.update(finished_at=at, moved_at=at, body=None, failure=failure):
        return
    row.refresh_from_db()
    told = RegistrationListTaken(
        happened_at=at, ref=f"vaccination.list:{row.pk}", list_id=row.pk, taken=row.taken, refused=row.refused
    )
    emit([told], actor=row.uploaded_by)


class Taker:
    """Takes batches of one list, and remembers whom it has named."""

    def __init__(self, row: RegistrationList, columns: Mapping[str, str], at: datetime) -> None:
        self.row, self.at, self.actor, self.read = row, at, row.uploaded_by, row.rows
        self.policy = rules_at(at)
        self.rows = Rows(
            columns, area=row.area, group=row.group, groups={g.code for g in self.policy.groups},
            today=clock.local_date(at),
        )  # fmt: skip
        self._seen: set[str] = set()

    @transaction.atomic
    def take(self, batch: Sequence[Record | Verdict]) -> None:
        """Raises _Given when another reader was here."""
        mine = RegistrationList.objects.filter(pk=self.row.pk, rows=self.read, finished_at__isnull=True)
        totals = Totals()
        told = verdicts(batch, self._taken)
        for verdict in told:
            totals.add(verdict)
        changed = mine.update(
            rows=F("rows") + totals.read, taken=F("taken") + totals.taken, already=F("already") + totals.already,
            refused=F("refused") + totals.refused, moved_at=self.at,
        )  # fmt: skip
        if not changed:
            transaction.set_rollback(True)
            raise _Given
        self.read += totals.read
        bulk.insert([self._error(v) for v in told if v.result == "refused"])

    def _error(self, verdict: Verdict) -> ListError:
        return ListError(
            of_list_id=self.row.pk, number=verdict.number, column=verdict.column[:100], code=verdict.code,
            words=str(verdict.words)[:LONGEST_WORDS],
        )  # fmt: skip

    def _taken(self, records: Sequence[Record]) -> list[Verdict]:
        told: list[Verdict] = []
        asked: list[Asked] = []
        for record in records:
            try:
                each = self.rows.read(record)
            except BadRow as why:
                told.append(record.refused(why))
                continue
            if each.key and each.key in self._seen:
                told.append(record.already(WORDS["already-registered"]))
            else:
                self._seen.add(each.key)
                asked.append(each)
        return told + self._registered(asked)

    def _registered(self, asked: Sequence[Asked]) -> list[Verdict]:
        known = matched(asked)
        roots = persons.roots_locked(known.values())
        doses = recipients(roots.values())
        told: list[Verdict] = []
        wanted: list[tuple[Asked, int]] = []
        fresh: list[Asked] = []
        for each in asked:
            root = roots.get(known.get(each.record.number, 0))
            why = self._refusal(each, doses.get(root) if root else None)
            if why is not None:
                told.append(each.record.refused(why))
            elif root is None:
                fresh.append(each)
            else:
                wanted.append((each, root))
        people = persons.register_all([a.identity for a in fresh], actor=self.actor, at=self.at)
        wanted += [(each, person.pk) for each, person in zip(fresh, people, strict=True)]
        return told + self._wished(wanted)

    def _refusal(self, asked: Asked, known: Recipient | None) -> BadRow | None:
        birth = asked.identity.birth
        recipient = known or (Recipient(born_by=birth.latest) if birth else None)
        try:
            require_allowed(recipient, asked.group, self.policy, self.at)
        except CannotRegister as refusal:
            return BadRow("", refusal.code, refusal.message)
        return None

    def _wished(self, wanted: Sequence[tuple[Asked, int]]) -> list[Verdict]:
        wishes = {person: Wish(person_id=person, group=a.group, area_id=a.area) for a, person in wanted}
        made = register_wishes(
            wishes=list(wishes.values()), source="organisation", organisation=self.row.organisation,
            of_list=self.row, actor=self.actor, at=self.at,
        )  # fmt: skip
        fresh = dict(made)
        return [
            a.record.taken() if fresh.pop(person, None) else a.record.already(WORDS["already-registered"])
            for a, person in wanted
        ]
