"""Checking personal codes; each post takes a code of a telephone once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from lachan.core.sealed import blind_index
from lachan.platform import code_keys
from lachan.systems.checkpoints.commands.people import Whose
from lachan.systems.checkpoints.models import LiveCodeUse, Scan
from lachan.systems.checkpoints.rules import Keys, prove
from lachan.systems.checkpoints.rules.marks import ALREADY_HERE

NONCE_KIND = "live_code"


def note(scans: Sequence[Scan], texts: Sequence[str], found: Sequence[Whose], *, at: datetime) -> None:
    """Mark new scans, in memory, with what speaks against the code that was read; all of one place."""
    held = code_keys.current()
    keys = Keys(held.public, held.secrets)
    live: list[tuple[Scan, bytes]] = []
    for scan, text, whom in zip(scans, texts, found, strict=True):
        proof = prove(text, whom.read, keys, scan.happened_at)
        if proof.mark:
            _mark(scan, proof.mark)
        if proof.nonce:
            live.append((scan, blind_index(NONCE_KIND, proof.nonce)))
    taken = _take(live, at)
    for scan, _nonce in live:
        if scan.id not in taken:
            _mark(scan, ALREADY_HERE)


def _mark(scan: Scan, mark: str) -> None:
    scan.marks = sorted({*scan.marks, mark})


def _take(live: Sequence[tuple[Scan, bytes]], at: datetime) -> set[UUID]:
    """The scans that had their code first at this post: in a batch the earliest, between batches who comes first.

    Written in the order of the hashes, so that two posts' devices do not wait for each other in a circle.
    """
    first: dict[bytes, Scan] = {}
    for scan, nonce in sorted(live, key=lambda each: (each[0].happened_at, each[0].client_id)):
        first.setdefault(nonce, scan)
    return _insert(first, at) if first else set()


def _insert(first: Mapping[bytes, Scan], at: datetime) -> set[UUID]:
    place_id = next(iter(first.values())).place_id
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {LiveCodeUse._meta.db_table} (place_id, nonce, scan_id, used_at)"  # noqa: S608 (our table)
            " SELECT %s, n.nonce, n.scan_id, %s FROM unnest(%s::bytea[], %s::uuid[]) AS n(nonce, scan_id)"
            " ORDER BY n.nonce ON CONFLICT DO NOTHING RETURNING scan_id",
            [place_id, at, list(first), [scan.id for scan in first.values()]],
        )
        return {scan_id for (scan_id,) in cursor.fetchall()}
