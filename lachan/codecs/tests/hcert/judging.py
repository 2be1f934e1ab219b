"""Judge altered certificates by the hundred thousand, and say what came of them."""

import resource
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import cbor2

from lachan.codecs.hcert import Verdict, verify
from lachan.codecs.tests.hcert.making import AT, wrapped
from lachan.codecs.tests.hcert.mutations import MUTATORS, ORDER, SYMBOLS, TRUST, Genuine, genuine

LONGEST_SECONDS = 0.05
LARGEST_KB = 32 * 1024
_MOST_FINDINGS = 20


@dataclass
class Tally:
    """`refused`: by layer and code. `unforged`: accepted, because what is signed and the signature are the original's.
    `findings`: accepted though forged, an exception, or too slow. `grown_kb`: of the process's memory.
    """

    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    unforged: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest: float = 0.0
    grown_kb: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.refused + other.refused,
            self.unforged + other.unforged,
            self.findings + other.findings,
            max(self.slowest, other.slowest),
            max(self.grown_kb, other.grown_kb),
        )


def judge(seed: int, count: int, hostile: tuple[bytes, ...] = ()) -> Tally:
    """Judge `count` certificates that are refused, whatever is accepted in between, and the hostile contents."""
    tally, chance, originals = Tally(), Random(seed), genuine()
    ways = list(MUTATORS.items())
    for original in originals:
        assert verify(original.text, trust=TRUST, at=AT).ok
    before = _memory_kb()
    for content in hostile:
        _judge_one(tally, "hostile", wrapped(content), originals[0])
    for number in range(1, 100 * count):
        layer, alter = ways[number % len(ways)]
        original = chance.choice(originals)
        _judge_one(tally, layer, alter(chance, original), original)
        if tally.refused.total() >= count or len(tally.findings) >= _MOST_FINDINGS:
            break
    tally.grown_kb = _memory_kb() - before
    return tally


def _judge_one(tally: Tally, layer: str, altered: str, original: Genuine) -> None:
    verdict, seconds = _timed(altered)
    tally.slowest = max(tally.slowest, seconds)
    if verdict.ok and says_the_same(altered, original):
        assert verdict.certificate is not None
        assert verdict.certificate.payload == cbor2.loads(original.payload)[-260][1]
        tally.unforged[layer] += 1
        return
    tally.refused[layer, verdict.code] += 1
    if verdict.code in ("valid", "broken") or seconds > LONGEST_SECONDS:
        tally.findings.append(f"{layer}: {verdict.code} in {seconds:.3f} s: {altered!r} of {original.text!r}")


def _timed(altered: str) -> tuple[Verdict, float]:
    """The processor's time; three times where it was long, because others may have emptied the processor's caches."""
    verdict, seconds = _once(altered)
    if seconds > LONGEST_SECONDS:
        seconds = min(seconds, *(_once(altered)[1] for _ in range(3)))
    return verdict, seconds


def _once(altered: str) -> tuple[Verdict, float]:
    began = time.process_time()
    verdict = verify(altered, trust=TRUST, at=AT)
    return verdict, time.process_time() - began


def _memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def says_the_same(altered: str, original: Genuine) -> bool:
    """Whether the bytes that are signed and the signature are the original's: then it was packed anew, not forged.

    Read by no code of ours but this. (r, -s) is the same signature as (r, s): whoever has the one has the other.
    """
    envelope = cbor2.loads(zlib.decompress(_unpacked(altered.strip()[4:])))
    while isinstance(envelope, cbor2.CBORTag):
        envelope = envelope.value
    protected, _, signed, signature = envelope
    mirrored = ORDER - int.from_bytes(original.signature[32:], "big")
    same = (original.signature, original.signature[:32] + (mirrored % 2**256).to_bytes(32, "big"))
    return (protected, signed) == (original.protected, original.payload) and signature in same


def _unpacked(text: str) -> bytes:
    content = bytearray()
    for start in range(0, len(text), 3):
        part = text[start : start + 3]
        number = sum(SYMBOLS.index(symbol) * 45**place for place, symbol in enumerate(part))
        content += number.to_bytes(len(part) - 1, "big")
    return bytes(content)
