"""Inputs made to harm: bounded in time and memory, and never an exception."""

import contextlib
import os
import resource
import subprocess
import sys
import time
import zlib
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import base45, cbor
from lachan.codecs.hcert.text import inflate
from lachan.codecs.tests.hcert.making import TRUST, issued, judged, signed, token, wrapped

LONGEST_MS = 50
LARGEST_KB = 32 * 1024


def nested(depth: int, opening: bytes = b"\x81") -> bytes:
    return opening * depth + b"\x00"


def colliding_floats(count: int) -> bytes:
    """A map whose keys all hash alike: whole floats, 2**61 - 1 apart by powers of two."""
    keys = [cbor2.dumps(float(2.0 ** (61 * step))) for step in range(16)]
    body = b"".join(key + b"\x00" for key in keys * (count // len(keys)))
    return b"\xb9" + (count // len(keys) * len(keys)).to_bytes(2, "big") + body


def tuples_for_keys(count: int) -> bytes:
    return (
        b"\xb9"
        + count.to_bytes(2, "big")
        + b"".join(b"\x82\x19" + n.to_bytes(2, "big") + b"\x00\x00" for n in range(count))
    )


HOSTILE_CBOR = {
    "deep arrays": nested(60_000),
    "deep maps": nested(30_000, b"\xa1\x00"),
    "deep indefinite arrays": nested(60_000, b"\x9f"),
    "deep tags": nested(60_000, b"\xd2"),
    "a billion elements": b"\x9a\x3b\x9a\xca\x00",
    "a billion pairs": b"\xba\x3b\x9a\xca\x00",
    "a gigabyte of text": b"\x7a\x40\x00\x00\x00",
    "all bytes there are": b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    "a regular expression": cbor2.dumps(cbor2.CBORTag(35, "(a+)+$")),
    "a big number": cbor2.dumps(cbor2.CBORTag(2, b"\xff" * 60_000)),
    "a small number": cbor2.dumps(cbor2.CBORTag(3, b"\xff" * 60_000)),
    "a fraction": cbor2.dumps(cbor2.CBORTag(4, [-99_999, 1])),
    "a list in itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "a shared value": b"\x82\xd8\x1c\x80\xd8\x1d\x00",
    "a namespace of texts": b"\xd9\x01\x00\x82\x63aaa\xd8\x19\x00",
    "a set": cbor2.dumps(cbor2.CBORTag(258, [1])),
    "a mail": cbor2.dumps(cbor2.CBORTag(36, "a: b")),
    "a moment": cbor2.dumps(cbor2.CBORTag(1, 1)),
    "a date of bytes": cbor2.dumps(cbor2.CBORTag(0, b"2026")),
    "itself described": cbor2.dumps(cbor2.CBORTag(55799, 1)),
    "a key twice": b"\xa2\x01\x00\x01\x00",
    "a key twice, once as a float": b"\xa2\x01\x00\xf9\x3c\x00\x00",
    "a key twice in a map below": b"\x81\xa2\x61a\x00\x61a\x00",
    "keys that hash alike": colliding_floats(6_000),
    "two items": b"\x00\x00",
    "half an item": b"\x82\x00",
    "nothing": b"",
    "broken text": b"\x62\xff\xfe",
    "a surrogate": b"\x63\xed\xa0\x80",
    "a stop alone": b"\xff",
    "a reserved length": b"\x1c",
}


@pytest.mark.parametrize("case", HOSTILE_CBOR)
def test_hostile_cbor_is_refused_at_every_layer_soon(case: str) -> None:
    content = HOSTILE_CBOR[case]

    with pytest.raises(FormatError):
        cbor.read(content)
    for text in (
        wrapped(content),
        wrapped(cbor2.dumps([content[:500], {}, b"", b""])),
        signed(content),
    ):
        began = time.process_time()
        verdict = judged(text[:4_296])
        assert verdict.code in {"cbor", "cose", "claims", "inflate", "base45", "length"}, verdict
        assert (time.process_time() - began) * 1000 < LONGEST_MS


def test_no_tag_but_that_of_a_date_is_read() -> None:
    read = set()
    values: tuple[Any, ...] = ("2026-11-23T08:00:00Z", b"\x01", 1, [1, 2], {}, None, 1.5)
    for tag in (*range(1_100), 43_000, 43_001, 55_799, 2**16, 2**32, 2**64 - 1):
        for value in values:
            try:
                cbor.read(cbor2.dumps(cbor2.CBORTag(tag, value)))
            except FormatError:
                continue
            read.add((tag, type(value)))
    assert read == {(0, str)}


@pytest.mark.parametrize("depth", [15, 16])
def test_what_is_not_deeper_than_real_content_is_read(depth: int) -> None:
    assert cbor.read(nested(depth))
    with pytest.raises(FormatError):
        cbor.read(nested(17))


def test_large_content_has_texts_for_keys() -> None:
    """Numbers may be chosen to hash alike; those of a small map do no harm."""
    assert cbor.read(cbor2.dumps(dict.fromkeys(range(500), 0)))
    assert cbor.read(cbor2.dumps({str(number): 0 for number in range(5_000)}))
    for large in (cbor2.dumps(dict.fromkeys(range(5000), 0)), tuples_for_keys(1_000)):
        with pytest.raises(FormatError):
            cbor.read(large)


def test_keys_made_to_be_slow_are_not() -> None:
    for content in (
        tuples_for_keys(8_000),
        colliding_floats(6_000),
        token(c99={(n, 0): 0 for n in range(2_000)}),
    ):
        began = time.process_time()
        judged(signed(content)[:4_296])
        with contextlib.suppress(FormatError):
            cbor.read(content)
        assert (time.process_time() - began) * 1000 < 2 * LONGEST_MS


@pytest.mark.parametrize(
    "given_",
    [None, 7, [], object(), "", b"", "\0", "HC1:" + "\0" * 100, "HC1:" + "🦠" * 100, "\ud800" * 5, b"\xff" * 5,
     "A" * 10_000_000, b"A" * 10_000_000, "HC1:" + ":" * 4_292, "HC1:" + "0" * 4_292, memoryview(b"HC1:00")],
)  # fmt: skip
def test_whatever_is_given_is_a_verdict_within_its_time(given_: Any) -> None:
    began = time.process_time()
    verdict = judged(given_)
    assert not verdict.ok
    assert verdict.sentence
    assert (time.process_time() - began) * 1000 < LONGEST_MS


@given(st.text() | st.binary() | st.text().map(lambda text: "HC1:" + text))
def test_any_text_is_a_verdict(text: str | bytes) -> None:
    assert not judged(text).ok


@given(st.binary(max_size=200))
def test_any_bytes_under_each_layer_are_a_verdict(content: bytes) -> None:
    for text in (
        "HC1:" + base45.encode(content),
        wrapped(content),
        signed(content),
        signed(token(), protected=content),
    ):
        assert not judged(text).ok


NUMBERS = st.integers(-(2**64), 2**64 - 1) | st.floats()
KEYS = st.text(max_size=3) | st.integers(0, 9)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=9) | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=9,
)


@given(VALUES, VALUES, VALUES)
@settings(max_examples=200)
def test_any_content_well_signed_is_a_verdict(payload: Any, claim: Any, header: Any) -> None:
    assert not judged(signed(token(payload, c99=claim), unprotected={9: header})).ok
    assert not judged(signed(cbor2.dumps({-260: {1: payload}, 4: claim, 6: header}))).ok
    event = {"ver": "1.3.0", "nam": {"fnt": "A"}, "dob": payload, "v": [claim], "t": header}
    assert not judged(signed(token(event))).ok


def test_bits_that_readers_skip_are_not_free() -> None:
    """A code with such a bit set says the same, and is another code all the same."""
    content = zlib.decompress(base45.decode(issued()[4:]))
    for packed in (zlib.compress(content, 0), zlib.compress(content, 9), zlib.compress(content * 3, 9)):
        assert inflate(packed) == zlib.decompress(packed)
        for bit in range(16, 8 * len(packed)):
            altered = bytearray(packed)
            altered[bit // 8] ^= 1 << bit % 8
            with pytest.raises(FormatError):
                inflate(bytes(altered))


MEMORY = f"""
import resource
from lachan.codecs.tests.hcert.test_hostile import HOSTILE_CBOR
from lachan.codecs.tests.hcert.making import judged, signed, wrapped
judged(signed(b""))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for content in HOSTILE_CBOR.values():
    judged(wrapped(content)); judged(signed(content))
judged(wrapped(bytes(2_000_000))[:4_296])
judged("A" * 100)
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < {LARGEST_KB}, "too much memory"
"""


def test_hostile_inputs_take_little_memory() -> None:
    """In a process of its own, because memory once taken is not given back."""
    subprocess.run([sys.executable, "-c", MEMORY], check=True, env=os.environ | {"PYTHONPATH": "."})
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0


def test_a_check_that_does_not_check_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the signature left unchecked, altered certificates do pass."""
    from lachan.codecs.hcert import verifying

    monkeypatch.setattr(verifying, "_signer", lambda envelope, trust: trust.keys_of(envelope.kid)[0])
    content = bytearray(zlib.decompress(base45.decode(issued()[4:])))
    content[-1] ^= 1
    assert judged(wrapped(bytes(content)), TRUST).ok
