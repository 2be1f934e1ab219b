"""Can a stopwatch tell a telephone number that a record has from one that none has? (scenario 36)

    python benchmarks/enumeration.py [--pairs 10000] [--control]

Asks the sign-in of the health book for a code, in pairs: a known and an unknown number, in an order drawn for each
pair, each number once. Everything runs in one process on a database of its own, so that less noise hides a difference
than over a network. Prints medians and two tests that do not assume a distribution: of the pairs (signs) and of the two
samples (Mann-Whitney). Ends with 1 when either finds a difference at p <= 0.01, or when an answer differs in status or
length. `--control` puts back what must not be there, a look at the person for known numbers only: then it has to end
with 1.
"""

import argparse
import gc
import math
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ |= {
    "LACHAN_PLAIN_STATIC": "1",
    "LACHAN_CODES_A_DAY": "100000000",
    "LACHAN_CODES_AN_HOUR_AN_ADDRESS": "1000000",
}

from benchmarks.database import empty_database

if TYPE_CHECKING:
    from django.test import Client

DATABASE = "lachan_enumeration"
WARM_UP = 200
SIGNIFICANT = 0.01
Answer = tuple[int, int]


def number(n: int) -> str:
    """Known ones are even, unknown ones odd: otherwise alike."""
    return f"+849{n:08d}"


def people(count: int) -> None:
    """So many persons, each with a number of their own."""
    from lachan.core import clock
    from lachan.core.codes import new_codes
    from lachan.core.models import Identifier, IdentifierKind, Person
    from lachan.core.sealed import blind_index, seal

    at, kind = clock.now(), IdentifierKind.PHONE.value
    made = Person.objects.bulk_create(
        Person(code=code, name="Nguyễn Văn An", search_key="nguyen van an", registered_at=at)
        for code in new_codes(count)
    )
    Identifier.objects.bulk_create(
        Identifier(
            person=person, kind=kind, blind_index=blind_index(kind, number(2 * n)), sealed=seal(kind, number(2 * n)),
            recorded_at=at,
        )
        for n, person in enumerate(made)
    )  # fmt: skip


def leak() -> None:
    """The mistake that the measurement must find: one more look where the number is known."""
    from lachan.core import access
    from lachan.core.models import IdentifierKind
    from lachan.core.sealed import blind_index
    from lachan.platform import otp

    honest = otp.ask

    def leaky(*, phone: str, **more: object) -> otp.Asked:
        found = access.of_phone(blind_index(IdentifierKind.PHONE, phone)).first()
        if found is not None:
            found.refresh_from_db()
        return honest(phone=phone, **more)  # type: ignore[arg-type]

    otp.ask = leaky


def timed(client: "Client", phone: str) -> tuple[float, Answer]:
    """Seconds of one request, and its status and length."""
    began = time.perf_counter()
    answer = client.post("/health-book/sign-in", {"phone": phone})
    took = time.perf_counter() - began
    return took, (answer.status_code, len(answer.content) + len(str(answer.headers)))


def measure(pairs: int, draw: random.Random) -> tuple[list[float], list[float], set[Answer]]:
    """Seconds for known and for unknown numbers, pair by pair; what was answered."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    known, unknown, answers = [], [], set()
    gc.disable()
    for n in range(pairs + WARM_UP):
        order = draw.sample([2 * n, 2 * n + 1], 2)
        took = {m % 2: timed(client, number(m)) for m in order}
        if n >= WARM_UP:
            known.append(took[0][0])
            unknown.append(took[1][0])
            answers |= {took[0][1], took[1][1]}
        if n % 500 == 0:
            gc.collect()
    return known, unknown, answers


def two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def p_of_signs(first: Sequence[float], second: Sequence[float]) -> float:
    """How likely so uneven a split of the pairs is if it is a coin."""
    signs = [a > b for a, b in zip(first, second, strict=True) if a != b]
    return two_sided((sum(signs) - len(signs) / 2) / math.sqrt(len(signs) / 4))


def p_of_ranks(first: Sequence[float], second: Sequence[float]) -> float:
    """Mann-Whitney by its normal approximation; ties among nanoseconds are too few to count."""
    n, m = len(first), len(second)
    order = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(rank for rank, (_value, which) in enumerate(order, start=1) if which == 0)
    mean, deviation = n * (n + m + 1) / 2, math.sqrt(n * m * (n + m + 1) / 12)
    return two_sided((ranks - mean) / deviation)


def main(pairs: int, *, control: bool, say: Callable[[str], None] = print) -> int:
    empty_database(DATABASE, folder="enumeration", fsync=False)
    people(pairs + WARM_UP)
    if control:
        leak()
    known, unknown, answers = measure(pairs, random.Random(36))
    found = {"signs of the pairs": p_of_signs(known, unknown), "ranks": p_of_ranks(known, unknown)}
    say(f"{pairs} pairs{' with the leak put back' if control else ''}, load {os.getloadavg()[0]:.1f}")
    for name, values in (("known", known), ("unknown", unknown)):
        say(f"{name:>8}: median {statistics.median(values) * 1e3:.3f} ms")
    for name, p in found.items():
        say(f"{name}: p = {p:.4f}")
    say(f"answers (status, length): {sorted(answers)}")
    return int(len(answers) > 1 or min(found.values()) <= SIGNIFICANT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--control", action="store_true", help="put the leak back: it has to be found")
    given = parser.parse_args()
    sys.exit(main(given.pairs, control=given.control))
