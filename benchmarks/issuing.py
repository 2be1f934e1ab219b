"""Certificates asked for, signed and stored in PostgreSQL; and asked for again after a key is lost.

    python benchmarks/issuing.py [--people 100000]

Seconds of CPU are counted of our process and of its database session together: what a machine needs, whatever else it
does. The projection is for two cores, on which database and issuer share the work.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil  # type: ignore[import-untyped]

from benchmarks.database import empty_database

DATABASE = "lachan_bench_issuing"
MILLION, CORES, MOST_HOURS = 1_000_000, 2, 1.0
STORED_AIM = 2_000
LISTED, TEN_MILLION, LOOK_UPS = 1_000_000, 10_000_000, 100_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of CPU: of ours and of the database's session."""

    wall: float
    ours: float
    database: float

    @property
    def cpu(self) -> float:
        return self.ours + self.database


def cost(work: Callable[[], object]) -> Cost:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = psutil.Process(cursor.fetchone()[0])
    before, began, ours = session.cpu_times(), time.perf_counter(), time.process_time()
    work()
    wall, ours, after = time.perf_counter() - began, time.process_time() - ours, session.cpu_times()
    return Cost(wall, ours, after.user + after.system - before.user - before.system)


def say(name: str, value: float, aim: str = "") -> None:
    print(f"{name} value={value:.4g}{f' aim={aim}' if aim else ''}", flush=True)


def measure(people: int) -> None:
    """The figures, for `people` doses."""
    from lachan.core import memory
    from lachan.issuer import commands, signing
    from lachan.issuer.models import Record, Signature
    from lachan.issuer.tests.conftest import AT, office_at
    from lachan.issuer.tests.many import records

    memory.settle()
    office = office_at()
    lost = office.key_in_use()
    for start in range(0, people, 10_000):
        records(office, min(10_000, people - start), lot=f"L-{start}")
    asked = cost(
        lambda: sum(commands.request_batch(records=Record.objects.all(), actor=office.operator, at=AT))
    )
    signed = cost(lambda: sign_all(signing, office))
    assert Signature.objects.count() == people
    say("certificates", people)
    told("asked_for", asked, people)
    told("signed_and_stored", signed, people, aim=STORED_AIM)
    projected("a_million_certificates", asked, signed, people)
    office.key_in_use()
    commands.declare_compromised(key=lost, reason="drill", actor=office.operator, at=AT)
    again = cost(lambda: sum(commands.reissue_of_key(key=lost, actor=office.operator, at=AT)))
    signed_again = cost(lambda: sign_all(signing, office))
    assert Signature.objects.count() == 2 * people
    told("asked_for_again", again, people)
    projected("a_million_reissued_after_a_compromise", again, signed_again, people, aim=f"<={MOST_HOURS:g}")


def sign_all(signing: object, office: object) -> None:
    from lachan.issuer.tests.conftest import AT

    while signing.sign_batch(keyring=office.keyring, at=AT):  # type: ignore[attr-defined]
        pass


def told(name: str, spent: Cost, count: int, aim: float | None = None) -> None:
    say(f"{name}_per_second_by_the_clock", count / spent.wall)
    say(f"{name}_per_second_of_cpu", count / spent.cpu, f">={aim:g}" if aim else "")
    say(f"{name}_microseconds_ours", 1e6 * spent.ours / count)
    say(f"{name}_microseconds_of_the_database", 1e6 * spent.database / count)


def projected(name: str, asked: Cost, signed: Cost, count: int, aim: str = "") -> None:
    say(f"{name}_hours_on_{CORES}_cores", MILLION * (asked.cpu + signed.cpu) / count / CORES / 3600, aim)


def measure_list() -> None:
    """The list of revoked certificates: size, look-ups a second, and innocent ones taken for revoked."""
    from datetime import UTC, datetime, timedelta
    from hashlib import sha256

    from lachan.codecs.hcert import Signer
    from lachan.codecs.revoked import HASH_BYTES, Revoked, write_revoked

    at = datetime(2026, 11, 1, tzinfo=UTC)
    signer = Signer(bytes(8), "ES256", lambda _message: bytes(64))
    hashes = [sha256(n.to_bytes(4, "big")).digest()[:HASH_BYTES] for n in range(LISTED)]
    content = write_revoked(hashes, [], made_at=at, next_at=at + timedelta(days=1), signer=signer)
    say("revoked_list_bytes_a_certificate_by_id", len(content) / LISTED)
    read, asked = Revoked(content), [str(n) for n in range(20_000)]
    spent = cpu(lambda: [read.holds(name, b"") for name in asked])
    say("revoked_look_ups_per_second_of_cpu", len(asked) / spent)
    for bits in (40, 8 * HASH_BYTES):
        hits, expected = false_alarms(bits)
        say(f"false_alarms_at_{bits}_bits_in_{LOOK_UPS:.0e}_look_ups", hits, f"about {expected:.3g}")
    say("false_positive_rate_for_ten_million", 2 * TEN_MILLION / 2 ** (8 * HASH_BYTES), "<=1e-09")


def false_alarms(bits: int) -> tuple[int, float]:
    """Random numbers found among ten million random ones, counted and calculated."""
    import numpy as np

    chance = np.random.default_rng(bits)
    listed = np.sort(chance.integers(0, 2**bits, TEN_MILLION, dtype=np.uint64))
    hits = 0
    for _ in range(LOOK_UPS // TEN_MILLION):
        asked = np.sort(chance.integers(0, 2**bits, TEN_MILLION, dtype=np.uint64))
        places = np.searchsorted(listed, asked)
        hits += int(np.count_nonzero(listed[np.minimum(places, TEN_MILLION - 1)] == asked))
    return hits, LOOK_UPS * TEN_MILLION / 2**bits


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=20_000)
    people = parser.parse_args().people
    print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
    measure_list()
    cluster = empty_database(DATABASE)
    measure(people)
    from django.db import connection

    connection.close()
    cluster.drop_database(DATABASE)
    cluster.stop()
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
