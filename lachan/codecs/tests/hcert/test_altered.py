"""No altered certificate is accepted: twenty thousand in a plain run, a million in the slow one."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import cbor2
import pytest

from lachan.codecs.hcert import Trust, TrustedKey
from lachan.codecs.hcert.cose import Algorithm
from lachan.codecs.tests.hcert.judging import LARGEST_KB, LONGEST_SECONDS, Tally, judge, says_the_same
from lachan.codecs.tests.hcert.making import judged, wrapped
from lachan.codecs.tests.hcert.mutations import MUTATORS, ORDER, Genuine, genuine
from lachan.codecs.tests.hcert.test_hostile import HOSTILE_CBOR

MILLION, PROCESSES = 1_000_000, 2
HOSTILE = (
    *HOSTILE_CBOR.values(),
    bytes(2_000_000),  # deflated, it still fits into a QR code
    b"\xa2\xf9\x7e\x00\x00\xf9\x7e\x00\x00",  # two keys that are no numbers, and not equal to themselves
    b"\xbf\x9f\xff\x7f\x61a\xff\xff",  # without lengths
)


def require_refused(tally: Tally, count: int) -> None:
    assert tally.findings == []
    assert tally.refused.total() >= count
    assert tally.slowest < LONGEST_SECONDS
    assert tally.grown_kb < LARGEST_KB
    assert {layer for layer, _ in tally.refused} == {*MUTATORS, "hostile"}
    assert {code for _, code in tally.refused} >= {
        "prefix", "base45", "inflate", "cbor", "cose", "algorithm", "kid-unknown", "signature", "claims", "expired",
        "not-yet-valid", "key-not-valid", "key-usage",
    }  # fmt: skip


def in_processes(first_seed: int, count: int, processes: int) -> Tally:
    """Each in a process of its own, because memory once taken is not given back."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        started = [pool.submit(judge, first_seed + n, count // processes, HOSTILE) for n in range(processes)]
        tally = Tally()
        for each in started:
            tally += each.result()
    return tally


def test_no_altered_certificate_is_accepted() -> None:
    require_refused(in_processes(7, 20_000, 1), 20_000)


@pytest.mark.slow
def test_of_a_million_altered_certificates_none_is_accepted() -> None:
    """Nor does one raise, take longer than 50 ms or much memory; two processes, some minutes."""
    tally = in_processes(2026, MILLION, PROCESSES)

    require_refused(tally, MILLION)
    assert set(tally.unforged) >= {"header", "repacked", "structure", "signature"}


def test_a_signature_that_is_not_checked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""

    def unchecked(self: Trust, algorithm: Algorithm, kid: bytes, *_: bytes) -> TrustedKey:
        return self.keys_of(kid)[0]

    monkeypatch.setattr(Trust, "signer", unchecked)
    assert judge(1, 1_000).findings


def test_an_exception_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("lachan.codecs.hcert.cbor.FormatError", ValueError)
    assert any(": broken in" in finding for finding in judge(1, 1_000).findings)


def packed_anew(original: Genuine) -> Iterator[bytes]:
    protected, signed, signature = original.protected, original.payload, original.signature
    yield cbor2.dumps([protected, {}, signed, signature])
    yield cbor2.dumps(cbor2.CBORTag(61, cbor2.CBORTag(18, [protected, {4: b"12345678"}, signed, signature])))
    yield original.content.replace(b"\xa0\x59", b"\xb8\x00\x5a\x00\x00").replace(
        b"\xa0\x58", b"\xb8\x00\x59\x00"
    )


def test_what_is_packed_anew_is_no_forgery() -> None:
    original = genuine()[0]
    for content in packed_anew(original):
        assert content != original.content
        assert says_the_same(wrapped(content), original)
        assert judged(wrapped(content)).ok


def test_the_mirror_image_of_a_signature_is_the_same_signature() -> None:
    """(r, -s) needs no key: it is why certificates are known by what they say, and told apart by what is signed."""
    original = genuine()[0]
    mirrored = (ORDER - int.from_bytes(original.signature[32:], "big")).to_bytes(32, "big")
    text = wrapped(original.content[:-32] + mirrored)

    assert judged(text).ok
    assert says_the_same(text, original)


def test_other_content_or_another_signature_is_a_forgery() -> None:
    original, other = genuine()[:2]
    parts: tuple[Any, ...] = (
        (original.protected, other.payload, original.signature),
        (b"", original.payload, original.signature),
        (original.protected, original.payload, other.signature),
    )
    for protected, signed, signature in parts:
        text = wrapped(cbor2.dumps([protected, {}, signed, signature]))
        assert not says_the_same(text, original)
        assert not judged(text).ok
